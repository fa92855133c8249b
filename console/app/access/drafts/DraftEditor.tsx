import { Button, Group, Paper, Stack, Text } from "@mantine/core";
import type { CombinedError } from "@urql/core";
import { useEffect, useState } from "react";
import { useNavigate } from "react-router";
import { useMutation } from "urql";
import { Problem } from "../../kit/Problem.tsx";
import { useText } from "../../kit/text.tsx";
import { useDraft } from "../../kit/use/useDraft.ts";
import { ANSWER_REQUEST } from "../requests/questions.ts";
import { type DataClass, type Draft, draftName, type Fault, faultsIn, type Grant, inputOf } from "./draft.ts";
import { FaultSummary } from "./FaultSummary.tsx";
import { Grants } from "./grants/Grants.tsx";
import { looseningOf, needsReason } from "./grants/loosening.ts";
import { LimitFields } from "./LimitFields.tsx";
import { DRAFT_VERSION } from "./questions.ts";
import { ScopeFields, ValidityFields } from "./ScopeFields.tsx";

interface EditorProps {
  readonly agreement: string;
  /** The draft that is changed; null: a new version. */
  readonly version: number | null;
  /** Wish for access that the draft answers. */
  readonly request: string | null;
  readonly empty: Draft;
  readonly consumer: string;
  /** Grants of the version in force; null: none is. */
  readonly inForce: readonly Grant[] | null;
  readonly classes: readonly DataClass[];
}

/** All that a version says. What is typed stays in this tab until it is saved or thrown away. */
export function DraftEditor({ agreement, version, request, empty, consumer, inForce, classes }: EditorProps) {
  const [draft, change, clear] = useDraft<Draft>(draftName(agreement, version), empty);
  const { save, faults, error, isBusy } = useSave({ agreement, version, request, clear });
  const unsaid = draft.grants.flatMap((grant, at) => (needsReason(grant, inForce) && !grant.widenReason?.trim() ? [at] : []));
  const fields = { draft, change, faults };
  return (
    <Stack gap="lg" pb="5rem">
      <FaultSummary faults={faults} />
      {faults.length === 0 && <Problem error={error} />}
      <ValidityFields {...fields} />
      <ScopeFields {...fields} />
      <LimitFields {...fields} />
      <Grants {...fields} {...{ consumer, inForce, classes }} />
      <SaveBar {...{ draft, inForce, unsaid: unsaid.length, isBusy, clear }} save={() => void save(draft)} />
    </Stack>
  );
}

interface Saving {
  readonly agreement: string;
  readonly version: number | null;
  readonly request: string | null;
  readonly clear: () => void;
}

function useSave({ agreement, version, request, clear }: Saving) {
  const navigate = useNavigate();
  const [{ fetching }, write] = useMutation<{ readonly draftVersion: { readonly number: number } | null }>(DRAFT_VERSION);
  const [, answer] = useMutation(ANSWER_REQUEST);
  const [error, setError] = useState<CombinedError>();
  const [faults, setFaults] = useState<readonly Fault[]>([]);
  const save = async (draft: Draft) => {
    const { data, error: failed } = await write({ input: { ...inputOf(draft), agreement, version } });
    setError(failed);
    setFaults(
      failed?.graphQLErrors.flatMap(({ message, extensions }) =>
        extensions["code"] === "BAD_USER_INPUT" ? faultsIn(message) : [],
      ) ?? [],
    );
    const number = data?.draftVersion?.number;
    if (number === undefined) return scrollTo({ top: 0 });
    if (request !== null) {
      const answered = await answer({ id: request, agreement, version: number });
      if (answered.error) return setError(answered.error);
    }
    clear();
    await navigate(`/access/decisions/${encodeURIComponent(agreement)}/${number}`);
  };
  return { save, faults, error, isBusy: fetching };
}

interface BarProps {
  readonly draft: Draft;
  readonly inForce: readonly Grant[] | null;
  /** How many loosenings have no reason yet. */
  readonly unsaid: number;
  readonly isBusy: boolean;
  readonly save: () => void;
  readonly clear: () => void;
}

function SaveBar({ draft, inForce, unsaid, isBusy, save, clear }: BarProps) {
  const { t } = useText();
  useEffect(() => {
    document.documentElement.style.scrollPaddingBottom = "8rem"; // what has the focus is never below the bar
    return () => {
      document.documentElement.style.scrollPaddingBottom = "";
    };
  }, []);
  const loosened = draft.grants.filter((grant) => looseningOf(grant, inForce) !== null).length;
  return (
    <Paper withBorder p="sm" pos="sticky" bottom={0} style={{ zIndex: 2 }}>
      <Group justify="space-between">
        <div>
          <Text size="sm">{t("steward.grantCount", { count: draft.grants.length })}</Text>
          {loosened > 0 && (
            <Text size="sm" c="var(--negative)" fw={600}>
              {t("steward.loosenCount", { count: loosened })}
            </Text>
          )}
          {unsaid > 0 && (
            <Text size="sm" id="unsaid">
              {t("steward.unsaid", { count: unsaid })}
            </Text>
          )}
        </div>
        <Group gap="xs">
          <Button variant="default" onClick={clear}>
            {t("steward.throwAway")}
          </Button>
          <Button onClick={save} loading={isBusy} disabled={unsaid > 0} aria-describedby={unsaid > 0 ? "unsaid" : undefined}>
            {t("steward.saveDraft")}
          </Button>
        </Group>
      </Group>
    </Paper>
  );
}
