import { Group, NativeSelect, Stack, Textarea, TextInput } from "@mantine/core";
import { useMutation } from "urql";
import { Act } from "../../kit/parts/Act.tsx";
import { Section } from "../../kit/parts/Section.tsx";
import { useText } from "../../kit/text.tsx";
import { useDraft } from "../../kit/use/useDraft.ts";
import { usePermissions } from "../../kit/use/usePermissions.ts";
import { FULFIL, REFUSE, TAKE } from "./questions.ts";
import type { SubjectRequest } from "./types.ts";

interface AnsweringProps {
  readonly request: SubjectRequest;
  readonly onDone: () => void;
}

const BLANK = { outcome: "", review: "UPHELD", reason: "", citation: "" };

/** Acts of the controller: take it in, fulfil it, refuse it with a legal reason. */
export function Answering({ request, onDone }: AnsweringProps) {
  const { t } = useText();
  const lack = usePermissions();
  const { number } = request;
  const [, take] = useMutation(TAKE);
  const [draft, change, clear] = useDraft(`audit.answer.${number}`, BLANK);
  const done = () => {
    clear();
    onDone();
  };
  return (
    <Section title={t("audit.answer")} lead={t("audit.answerLead")}>
      <Stack gap="sm">
        <Textarea
          label={t("audit.outcomeText")}
          description={t("audit.outcomeLead")}
          maw="48rem"
          autosize
          minRows={3}
          maxLength={2000}
          value={draft.outcome}
          onChange={({ currentTarget: { value } }) => change({ outcome: value })}
        />
        <Group align="flex-start">
          <Act
            label={t("audit.take")}
            tells={t("audit.takeTells", { number })}
            because={lack("takeSubjectRequest") ?? (request.state === "RECEIVED" ? undefined : t("audit.isTaken"))}
            act={async () => {
              const { error } = await take({ number });
              if (!error) onDone();
              return error;
            }}
          />
          <Fulfil {...{ request, draft, change }} onDone={done} />
          <Refuse {...{ request, draft, change }} onDone={done} />
        </Group>
      </Stack>
    </Section>
  );
}

interface CloseProps extends AnsweringProps {
  readonly draft: typeof BLANK;
  readonly change: (part: Partial<typeof BLANK>) => void;
}

function Fulfil({ request: { number, kind }, draft: { outcome, review }, change, onDone }: CloseProps) {
  const { t, enumLabel } = useText();
  const lack = usePermissions();
  const [, fulfil] = useMutation(FULFIL);
  const isObjection = kind === "OBJECTION";
  return (
    <Act
      label={t("audit.fulfil")}
      tells={t("audit.fulfilTells", { number })}
      because={lack("fulfilSubjectRequest") ?? (outcome.trim() === "" ? t("audit.outcomeNeeded") : undefined)}
      act={async () => {
        const { error } = await fulfil({ number, outcome: outcome.trim(), review: isObjection ? review : null });
        if (!error) onDone();
        return error;
      }}
    >
      {isObjection && (
        <NativeSelect
          label={t("audit.review")}
          value={review}
          data={["UPHELD", "CHANGED"].map((value) => ({ value, label: enumLabel("RankingReview", value) }))}
          onChange={({ currentTarget: { value } }) => change({ review: value })}
        />
      )}
    </Act>
  );
}

function Refuse({ request: { number, refusableBy }, draft, change, onDone }: CloseProps) {
  const { t, enumLabel } = useText();
  const lack = usePermissions();
  const [, refuse] = useMutation(REFUSE);
  const reasons = refusableBy ?? [];
  const { outcome, citation } = draft;
  const reason = reasons.find((one) => one === draft.reason) ?? reasons[0] ?? "";
  return (
    <Act
      label={t("audit.refuse")}
      tells={t("audit.refuseTells", { number })}
      isGrave
      because={lack("refuseSubjectRequest") ?? (outcome.trim() === "" ? t("audit.outcomeNeeded") : undefined)}
      act={async () => {
        const { error } = await refuse({ number, reason, citation: citation.trim(), outcome: outcome.trim() });
        if (!error) onDone();
        return error;
      }}
    >
      <NativeSelect
        label={t("audit.refusalReason")}
        value={reason}
        data={reasons.map((value) => ({ value, label: enumLabel("RefusalReason", value) }))}
        onChange={({ currentTarget: { value } }) => change({ reason: value })}
      />
      <TextInput
        label={t("audit.citation")}
        description={t("audit.citationLead")}
        required
        value={citation}
        onChange={({ currentTarget: { value } }) => change({ citation: value })}
      />
    </Act>
  );
}
