import { NativeSelect } from "@mantine/core";
import { useState } from "react";
import { useMutation } from "urql";
import { Act } from "../../../kit/parts/Act.tsx";
import { useText } from "../../../kit/text.tsx";
import { usePermissions } from "../../../kit/use/usePermissions.ts";
import { useMe } from "../../../shell/me.ts";
import { CONFIRM_GLASS, REVIEW_GLASS } from "./questions.ts";

/** One breaking of the glass. */
export interface GlassBreak {
  readonly id: string;
  readonly version: number;
  readonly case: string;
  readonly reason: string;
  readonly state: string;
  readonly requestedBy: string;
  readonly requestedAt: string;
  readonly confirmedBy: string | null;
  readonly openedAt: string | null;
  readonly closesAt: string | null;
  readonly reviewDue: string | null;
  readonly reviewedBy: string | null;
  readonly finding: string | null;
  readonly agreement: { readonly number: string } | null;
}

/** The second steward of the consumer opens it. */
export function ConfirmAct({ of: { id, requestedBy }, consumer }: { readonly of: GlassBreak; readonly consumer: string }) {
  const { t } = useText();
  const { me } = useMe();
  const lack = usePermissions();
  const [, confirm] = useMutation(CONFIRM_GLASS);
  const isSame = me?.steward?.id === requestedBy;
  const isOther = me?.agency.code !== consumer;
  return (
    <Act
      label={t("access.confirmGlass")}
      tells={t("access.confirmGlassTells", { name: requestedBy })}
      because={
        lack("confirmGlass") ?? (isOther ? t("access.onlyConsumer", { consumer }) : isSame ? t("access.secondPerson") : undefined)
      }
      isGrave
      act={async () => (await confirm({ id })).error}
    />
  );
}

const FINDINGS = ["JUSTIFIED", "VIOLATION"];

/** A data protection officer who took no part reviews what has closed. */
export function ReviewAct({ of: { id, requestedBy, confirmedBy } }: { readonly of: GlassBreak }) {
  const { t, enumLabel } = useText();
  const { me } = useMe();
  const lack = usePermissions();
  const [, review] = useMutation(REVIEW_GLASS);
  const [finding, setFinding] = useState("JUSTIFIED");
  const tookPart = me?.steward?.id === requestedBy || me?.steward?.id === confirmedBy;
  return (
    <Act
      label={t("access.reviewGlass")}
      tells={t("access.reviewGlassTells")}
      because={lack("reviewGlass") ?? (tookPart ? t("access.thirdPerson") : undefined)}
      asks={{ called: t("access.note"), about: `reviewGlass.${id}` }}
      act={async (note) => (await review({ id, finding, note })).error}
    >
      <NativeSelect
        label={t("access.finding")}
        value={finding}
        data={FINDINGS.map((value) => ({ value, label: enumLabel("GlassFinding", value) }))}
        onChange={({ currentTarget: { value } }) => setFinding(value)}
      />
    </Act>
  );
}
