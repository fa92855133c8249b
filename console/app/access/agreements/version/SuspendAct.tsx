import { NativeSelect } from "@mantine/core";
import { useState } from "react";
import { useMutation } from "urql";
import { Act } from "../../../kit/parts/Act.tsx";
import { useText } from "../../../kit/text.tsx";
import { type Me, useMe } from "../../../shell/me.ts";
import { SUSPEND } from "../questions.ts";
import type { Version } from "../types.ts";

interface SuspendActProps {
  readonly version: Version;
  /** Why this person may not; undefined: may. */
  readonly because: string | undefined;
}

/** Stops a version at once, by one person, with a reason that is theirs to give. */
export function SuspendAct({ version, because }: SuspendActProps) {
  const { t, enumLabel } = useText();
  const { me } = useMe();
  const [, suspend] = useMutation(SUSPEND);
  const reasons = reasonsOf(me, version);
  const [picked, pick] = useState<string>();
  const reason = picked ?? reasons[0];
  const { number, agreement } = version;
  return (
    <Act
      label={t("access.suspend")}
      tells={t("access.suspendTells", { agreement: agreement.number, consumer: agreement.consumer.name })}
      because={because}
      isGrave
      asks={{ called: t("access.note"), about: `suspendVersion.${agreement.number}.${number}` }}
      act={async (note) => (await suspend({ agreement: agreement.number, version: number, reason, note })).error}
    >
      <NativeSelect
        label={t("access.suspendBecause")}
        value={reason ?? ""}
        data={reasons.map((value) => ({ value, label: enumLabel("SuspensionReason", value) }))}
        onChange={({ currentTarget: { value } }) => pick(value)}
      />
    </Act>
  );
}

/** Reasons a person may give, the weightiest first: as controller of the data, as data protection officer, as any party. */
function reasonsOf(me: Me | undefined, { coordinatesOpened }: Version): readonly string[] {
  const isOwner = coordinatesOpened.some(({ owner }) => owner.code === me?.agency.code);
  const isOfficer = me?.steward?.roles.includes("DPO") ?? false;
  return [...(isOwner ? ["OWNER_STOP"] : []), ...(isOfficer ? ["DPO_STOP"] : []), "INCIDENT"];
}
