import { Anchor, Group } from "@mantine/core";
import { Link } from "react-router";
import { useMutation } from "urql";
import { Act } from "../../../kit/parts/Act.tsx";
import { useText } from "../../../kit/text.tsx";
import { usePermissions } from "../../../kit/use/usePermissions.ts";
import { useMe } from "../../../shell/me.ts";
import { ASK_TO_RESUME, RESUME, REVOKE } from "../questions.ts";
import type { Version } from "../types.ts";
import { SuspendAct } from "./SuspendAct.tsx";

const RUNNING = ["APPROVED", "ACTIVE", "SUSPENDED"];

/** What can be done with a version in its state; what this person may not do says why. */
export function VersionActs({ version }: { readonly version: Version }) {
  const { t } = useText();
  const because = useBecause(version);
  const { state, agreement, number } = version;
  const to = `/access/decisions/${encodeURIComponent(agreement.number)}/${number}`;
  return (
    <Group align="flex-start" className="no-print">
      {state === "ACTIVE" && <SuspendAct version={version} because={because("suspendVersion")} />}
      {state === "SUSPENDED" && <Resuming version={version} />}
      {RUNNING.includes(state) && <RevokeAct version={version} />}
      {["DRAFT", "IN_REVIEW", "APPROVED"].includes(state) && (
        <Anchor component={Link} to={to}>
          {t("access.toDecision")}
        </Anchor>
      )}
    </Group>
  );
}

/** Why this person may not do something with a version: their roles, or their agency is no party to it. Undefined: nothing is in the way. */
function useBecause({ agreement, coordinatesOpened }: Version): (mutation: string) => string | undefined {
  const { t } = useText();
  const { me } = useMe();
  const lack = usePermissions();
  const parties = [...new Set([agreement.consumer.code, ...coordinatesOpened.map(({ owner }) => owner.code)])];
  const isParty = me !== undefined && parties.includes(me.agency.code);
  return (mutation) => lack(mutation) ?? (isParty ? undefined : t("access.onlyParties", { parties: parties.join(", ") }));
}

/** Two stewards put a suspended version back in force. */
function Resuming({ version }: { readonly version: Version }) {
  const { t } = useText();
  const { me } = useMe();
  const because = useBecause(version);
  const [, ask] = useMutation(ASK_TO_RESUME);
  const [, resume] = useMutation(RESUME);
  const which = { agreement: version.agreement.number, version: version.number };
  const asked = version.resumeAskedBy;
  if (asked === null)
    return (
      <Act
        label={t("access.askToResume")}
        tells={t("access.askToResumeTells")}
        because={because("askToResume")}
        act={async () => (await ask(which)).error}
      />
    );
  const isMine = asked.id === me?.steward?.id;
  return (
    <Act
      label={t("access.resume")}
      tells={t("access.resumeTells", { name: asked.name })}
      because={because("resumeVersion") ?? (isMine ? t("access.secondPerson") : undefined)}
      act={async () => (await resume(which)).error}
    />
  );
}

function RevokeAct({ version }: { readonly version: Version }) {
  const { t } = useText();
  const because = useBecause(version);
  const [, revoke] = useMutation(REVOKE);
  return (
    <Act
      label={t("access.revoke")}
      tells={t("access.revokeTells", { version: version.number, agreement: version.agreement.number })}
      because={because("revokeVersion")}
      isGrave
      asks={{ called: t("access.reason"), about: `revokeVersion.${version.agreement.number}.${version.number}` }}
      act={async (reason) => (await revoke({ agreement: version.agreement.number, version: version.number, reason })).error}
    />
  );
}
