import { Button, Group, Text } from "@mantine/core";
import { Link } from "react-router";
import { useMutation } from "urql";
import { Act } from "../../../kit/parts/Act.tsx";
import { useText } from "../../../kit/text.tsx";
import { usePermissions } from "../../../kit/use/usePermissions.ts";
import { useMe } from "../../../shell/me.ts";
import { ACTIVATE, SUBMIT, WITHDRAW } from "../questions.ts";
import type { Reviewed } from "../types.ts";

interface ActsProps {
  readonly reviewed: Reviewed;
  readonly again: () => void;
}

const ENDED = ["SUPERSEDED", "REVOKED", "EXPIRED"];

/** What can be done with the version in its state. Suspension and what follows it stand with the agreement. */
export function Acts(props: ActsProps) {
  const { t } = useText();
  const { state } = props.reviewed;
  return (
    <Group align="flex-start" component="section" aria-label={t("steward.acts")}>
      {state === "DRAFT" && <OfDraft {...props} />}
      {state === "IN_REVIEW" && <Withdraw {...props} />}
      {state === "APPROVED" && <Activate {...props} />}
      {(ENDED.includes(state) || state === "ACTIVE" || state === "SUSPENDED") && <Anew {...props} />}
    </Group>
  );
}

/** Why who asks may not do what is the consumer's; undefined: may. */
function useConsumers({ reviewed }: ActsProps, mutation: string): string | undefined {
  const { t } = useText();
  const { me } = useMe();
  const { consumer } = reviewed.agreement;
  const because = usePermissions()(mutation);
  if (because !== undefined) return because;
  const isOperator = me?.steward?.roles.includes("OPERATOR") ?? false;
  return isOperator || me?.agency.code === consumer.code ? undefined : t("steward.onlyConsumer", { consumer: consumer.name });
}

function OfDraft(props: ActsProps) {
  const { t } = useText();
  const { agreement, number } = props.reviewed;
  const because = useConsumers(props, "submitVersion");
  const [, submit] = useMutation(SUBMIT);
  const isEmpty = props.reviewed.coordinatesOpened.length === 0;
  return (
    <>
      <Button component={Link} to={`/access/drafts/${encodeURIComponent(agreement.number)}?version=${number}`} variant="default">
        {t("steward.changeIt")}
      </Button>
      <Act
        label={t("steward.submit")}
        tells={t("steward.submitTells", { owners: props.reviewed.coordinatesOpened.map(({ owner }) => owner.name).join(", ") })}
        because={isEmpty ? t("steward.opensNothing") : because}
        act={async () => finished(await submit({ agreement: agreement.number, version: number }), props)}
      />
    </>
  );
}

function Withdraw(props: ActsProps) {
  const { t } = useText();
  const { agreement, number } = props.reviewed;
  const because = useConsumers(props, "withdrawVersion");
  const [, withdraw] = useMutation(WITHDRAW);
  return (
    <Act
      label={t("steward.withdraw")}
      tells={t("steward.withdrawTells")}
      asks={{ called: t("steward.reason"), about: `withdrawVersion.${agreement.number}.${number}` }}
      because={because}
      act={async (reason) => finished(await withdraw({ agreement: agreement.number, version: number, reason }), props)}
    />
  );
}

function Activate(props: ActsProps) {
  const { t } = useText();
  const { agreement, number, validFrom } = props.reviewed;
  const { me } = useMe();
  const [, activate] = useMutation(ACTIVATE);
  const inForce = agreement.versions.find(({ state }) => state === "ACTIVE")?.number;
  const parties = [agreement.consumer, ...props.reviewed.coordinatesOpened.map(({ owner }) => owner)];
  const because = usePermissions()("activateVersion");
  const isParty = parties.some(({ code }) => code === me?.agency.code);
  const told = inForce === undefined ? t("steward.activateTells") : t("steward.supersedeTells", { version: inForce });
  return (
    <>
      <Act
        label={inForce === undefined ? t("steward.activate") : t("steward.supersede", { version: inForce })}
        tells={told}
        because={isParty ? because : t("steward.onlyParties", { parties: parties.map(({ name }) => name).join(", ") })}
        act={async () =>
          finished(await activate({ agreement: agreement.number, version: number, supersede: inForce !== undefined }), props)
        }
      />
      {Date.parse(validFrom) > Date.now() && <Text c="dimmed">{t("steward.beginsLater")}</Text>}
    </>
  );
}

/** Rollback and renewal are new versions with this one's content, and their own diff. */
function Anew({ reviewed: { agreement, number, state } }: ActsProps) {
  const { t } = useText();
  return (
    <Button component={Link} to={`/access/drafts/${encodeURIComponent(agreement.number)}?from=${number}`} variant="default">
      {t(ENDED.includes(state) ? "steward.rollback" : "steward.renew")}
    </Button>
  );
}

function finished<Result extends { readonly error?: Error | undefined }>(
  { error }: Result,
  { again }: ActsProps,
): Result["error"] {
  if (!error) again();
  return error;
}
