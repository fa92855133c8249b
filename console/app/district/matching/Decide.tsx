import { Button, Group, Paper, Stack, Text, Textarea } from "@mantine/core";
import { type FormEvent, type KeyboardEvent, useEffect, useRef } from "react";
import { useMutation } from "urql";
import { Problem } from "../../kit/Problem.tsx";
import { useText } from "../../kit/text.tsx";
import { useDraft } from "../../kit/use/useDraft.ts";
import { DECIDE_CASE } from "./questions.ts";
import type { Case } from "./types.ts";

export type Decision = "SAME" | "DIFFERENT";

interface DecideProps {
  readonly of: Case;
  readonly decision: Decision;
  readonly onDone: () => void;
  readonly onCancel: () => void;
}

const NOTHING = { reason: "" };

/** Why: asked of every decision, for it outranks the engine. Enter decides, Escape goes back. */
export function Decide({ of, decision, onDone, onCancel }: DecideProps) {
  const { t } = useText();
  const [{ reason }, change, clear] = useDraft(`district.case.${of.id}`, NOTHING);
  const [{ error, fetching }, mutate] = useMutation(DECIDE_CASE);
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => area.current?.focus(), []);
  const submit = async (event: FormEvent | KeyboardEvent) => {
    event.preventDefault();
    if (fetching) return;
    const { error: fault } = await mutate({ input: { case: of.id, decision, reason } });
    if (fault) return;
    clear();
    onDone();
  };
  const cancel = () => {
    clear();
    onCancel();
  };
  const press = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key === "Escape") cancel();
    else if (event.key === "Enter" && !event.shiftKey && reason.trim().length >= 5) void submit(event);
  };
  return (
    <Paper withBorder p="md">
      <form onSubmit={(event) => void submit(event)}>
        <Stack gap="sm">
          <Text fw={600}>{t(decision === "SAME" ? "district.review.sameLead" : "district.review.differentLead")}</Text>
          <Textarea
            label={t("district.review.reason")}
            description={t("district.review.reasonLead")}
            required
            minLength={5}
            maxLength={500}
            autosize
            ref={area}
            value={reason}
            onChange={({ currentTarget }) => change({ reason: currentTarget.value })}
            onKeyDown={press}
          />
          <Problem error={error} />
          <Group>
            <Button type="submit" loading={fetching}>
              {t("district.review.decide")}
            </Button>
            <Button variant="default" onClick={cancel}>
              {t("district.kit.cancel")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}
