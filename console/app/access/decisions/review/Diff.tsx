import { Code, Group, Stack, Text } from "@mantine/core";
import type { CombinedError } from "@urql/core";
import { Problem } from "../../../kit/Problem.tsx";
import { Section } from "../../../kit/parts/Section.tsx";
import { Sheet } from "../../../kit/parts/Sheet.tsx";
import { Empty, Loading } from "../../../kit/States.tsx";
import { useText } from "../../../kit/text.tsx";
import type { Change, Reviewed, VersionDiff } from "../types.ts";
import { said } from "./said.ts";

const MARKS: Readonly<Record<Change["kind"], readonly [mark: string, colour: string]>> = {
  WIDENED: ["▲", "var(--negative)"],
  NARROWED: ["▼", "var(--positive)"],
  CHANGED: ["◆", "var(--content-muted)"],
};

interface DiffProps {
  /** Undefined: still asked for. Null: there is none. */
  readonly diff: VersionDiff | null | undefined;
  readonly error?: CombinedError | undefined;
  readonly reviewed: Reviewed;
}

/** What the version changes, in sentences first, then place by place. */
export function Diff({ diff, error, reviewed }: DiffProps) {
  const { t } = useText();
  if (error) return <Problem error={error} />;
  if (diff === undefined) return <Loading />;
  if (diff === null || diff.changes.length === 0) return <Empty>{t("steward.noChange")}</Empty>;
  const lead = diff.from === null ? t("steward.diffFirst") : t("steward.diffLead", { from: diff.from, to: diff.to });
  return (
    <Stack>
      <Section title={t("steward.diffSentences")} lead={lead}>
        <Stack gap={4}>
          {diff.changes.map((change, at) => (
            <Told key={at} change={change} />
          ))}
        </Stack>
      </Section>
      <Section title={t("steward.diffTable")}>
        <DiffTable changes={diff.changes} />
      </Section>
      {reviewed.unboundSlices.length > 0 && <Unbound reviewed={reviewed} />}
    </Stack>
  );
}

function Told({ change }: { readonly change: Change }) {
  const { language } = useText();
  return (
    <Group gap="xs" wrap="nowrap" align="flex-start">
      <Kind kind={change.kind} />
      <Text>{said(change.sentence, language)}</Text>
    </Group>
  );
}

function Kind({ kind }: { readonly kind: Change["kind"] }) {
  const { enumLabel } = useText();
  const [mark, colour] = MARKS[kind];
  return (
    <Text span c={colour} fw={600} style={{ flex: "none", width: "8.5rem" }}>
      <span aria-hidden>{mark}</span> {enumLabel("ChangeKind", kind)}
    </Text>
  );
}

function DiffTable({ changes }: { readonly changes: readonly Change[] }) {
  const { t, language, enumLabel } = useText();
  const heads = [
    t("steward.changeKind"),
    t("steward.changePlace"),
    t("steward.changeUses"),
    t("steward.before"),
    t("steward.after"),
  ];
  return (
    <Sheet
      caption={t("steward.diffTable")}
      heads={heads}
      rows={changes}
      keyOf={({ coordinate, term, uses, kind }) => `${coordinate} ${term} ${uses?.join()} ${kind}`}
      cells={({ kind, coordinate, term, uses, before, after }) => [
        <Kind key="kind" kind={kind} />,
        <Code key="place">{coordinate ?? term}</Code>,
        uses?.map((use) => enumLabel("DataUse", use)).join(", ") ?? "",
        before ? said(before, language) : "–",
        after ? said(after, language) : "–",
      ]}
    />
  );
}

/** Where the row scope does not bind. */
function Unbound({ reviewed: { unboundSlices } }: { readonly reviewed: Reviewed }) {
  const { t, enumLabel } = useText();
  return (
    <Section title={t("steward.unbound")} lead={t("steward.unboundLead")}>
      <Sheet
        caption={t("steward.unbound")}
        heads={[t("steward.source"), t("steward.dimension"), t("steward.fields")]}
        rows={unboundSlices}
        keyOf={({ slice, dimension }) => `${slice} ${dimension}`}
        cells={({ slice, dimension, fields }) => [slice, enumLabel("ScopeDimension", dimension), fields.join(", ")]}
      />
    </Section>
  );
}
