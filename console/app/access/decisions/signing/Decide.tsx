import { Alert, List, Radio, Stack, Text, Textarea } from "@mantine/core";
import { Section } from "../../../kit/parts/Section.tsx";
import { useText } from "../../../kit/text.tsx";
import { useDraft } from "../../../kit/use/useDraft.ts";
import { useMe } from "../../../shell/me.ts";
import type { Reviewed } from "../types.ts";
import { Signing } from "./Signing.tsx";

interface DecideProps {
  readonly reviewed: Reviewed;
  /** Previews that were looked at on this page: they go on record with the decision. */
  readonly opened: readonly string[];
  readonly again: () => void;
}

/** Role that decides in a capacity. */
const ROLE: Readonly<Record<string, string>> = { OWNER: "STEWARD", DPO: "DPO" };

/** The decision of one steward about this content, in each capacity that is asked of them; of others, why it is not theirs and whose it is. */
export function Decide(props: DecideProps) {
  const { t } = useText();
  const { me } = useMe();
  const { reviewed } = props;
  const mine = reviewed.missingApprovals.filter(({ agency }) => agency.code === me?.agency.code).map(({ capacity }) => capacity);
  const capacities = mine.filter((capacity) => me?.steward?.roles.includes(ROLE[capacity] ?? ""));
  const isAuthor = me?.steward?.id === reviewed.author?.id;
  const why = isAuthor ? "author" : mine.length === 0 ? "notAsked" : "role";
  return (
    <Section title={t("steward.decide")} lead={t("steward.decideLead")}>
      {isAuthor || capacities.length === 0 ? (
        <NotYours why={why} reviewed={reviewed} />
      ) : (
        capacities.map((capacity) => <Form key={capacity} capacity={capacity} {...props} />)
      )}
    </Section>
  );
}

function NotYours({ why, reviewed }: { readonly why: string; readonly reviewed: Reviewed }) {
  const { t, enumLabel } = useText();
  return (
    <Alert variant="outline" title={t("steward.notYours")}>
      <Text>{t(`steward.why.${why}`)}</Text>
      <List size="sm">
        {reviewed.missingApprovals.map(({ agency, capacity }) => (
          <List.Item key={`${agency.code} ${capacity}`}>
            {agency.name}: {enumLabel("StewardRole", ROLE[capacity] ?? "")}
            {agency.dpoContact && ` (${agency.dpoContact})`}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}

const BLANK = { decision: "", reason: "" };
const DECISIONS = ["APPROVED", "REJECTED"] as const;

function Form({ reviewed, opened, again, capacity }: DecideProps & { readonly capacity: string }) {
  const { t, enumLabel } = useText();
  const name = `decide.${reviewed.agreement.number}.${reviewed.number}.${reviewed.contentSha256}.${capacity}`;
  const [{ decision, reason }, change, clear] = useDraft(name, BLANK);
  const done = () => {
    clear();
    again();
  };
  const isRejection = decision === "REJECTED";
  const isReady = decision !== "" && (!isRejection || reason.trim().length >= 5);
  return (
    <Stack gap="sm" maw="44rem">
      <Radio.Group
        label={t("steward.decideAs", { capacity: enumLabel("ApprovalCapacity", capacity) })}
        value={decision}
        onChange={(value) => change({ decision: value })}
      >
        <Stack gap="xs" mt="xs">
          {DECISIONS.map((value) => (
            <Radio key={value} value={value} label={t(`steward.choose.${value}`)} />
          ))}
        </Stack>
      </Radio.Group>
      {isRejection && (
        <Textarea
          label={t("steward.rejectReason")}
          description={t("kit.reasonLength")}
          value={reason}
          autosize
          minRows={2}
          maxLength={500}
          required
          onChange={({ currentTarget: { value } }) => change({ reason: value })}
        />
      )}
      {!opened.includes("SIMULATION") && <Text c="var(--warning)">{t("steward.simulationUnseen")}</Text>}
      {isReady && (
        <Signing
          key={decision}
          {...{ reviewed, capacity, decision, opened }}
          again={done}
          reason={isRejection ? reason.trim() : null}
        />
      )}
    </Stack>
  );
}
