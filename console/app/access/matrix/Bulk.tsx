import { Alert, Anchor, Button, Group, List, NativeSelect, Paper, Text, TextInput } from "@mantine/core";
import type { CombinedError } from "@urql/core";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import { useClient } from "urql";
import { count } from "../../kit/format.ts";
import { Problem } from "../../kit/Problem.tsx";
import { useText } from "../../kit/text.tsx";
import { BLANK_GRANT, type Grant, MASKS } from "../drafts/draft.ts";
import { handOver } from "./handOver.ts";
import { EFFECTS, type Model } from "./model.ts";
import { type Selection, sizeOf } from "./selection.ts";

interface BulkProps {
  readonly model: Model;
  readonly use: string;
  readonly selection: Selection;
  readonly clear: () => void;
}

/** One effect for all cells selected. It becomes a draft of each agreement: what is in force is never edited. */
export function Bulk({ model, use, selection, clear }: BulkProps) {
  const { t } = useText();
  const [shape, setShape] = useState({ effect: "ALLOW", mask: "initials", clause: "", widenReason: "" });
  const { drafts, error, make } = useDrafts(model, clear);
  const size = sizeOf(selection);
  const isEmpty = size === 0;
  return (
    <Paper component="section" withBorder p="sm" className="no-print" aria-label={t("access.bulk")}>
      <Text role="status" fw={600}>
        {isEmpty ? t("access.nothingSelected") : t("access.selected", { cells: count(size), agreements: count(selection.size) })}
      </Text>
      <Group align="flex-end" mt="xs">
        <Shape use={use} shape={shape} change={(part) => setShape((before) => ({ ...before, ...part }))} />
        <Button disabled={isEmpty || shape.clause.trim() === ""} onClick={() => void make(selection, grantFor(use, shape))}>
          {t("access.makeDraft")}
        </Button>
        <Button variant="default" disabled={isEmpty} onClick={clear}>
          {t("access.clearSelection")}
        </Button>
      </Group>
      <Problem error={error} />
      {drafts.length > 0 && <Drafts numbers={drafts} />}
    </Paper>
  );
}

type ShapeOf = Readonly<Record<"effect" | "mask" | "clause" | "widenReason", string>>;

/** Uses other than reading are allowed or denied; a claim needs its thresholds, which only the editor asks for. */
function Shape({
  use,
  shape,
  change,
}: {
  readonly use: string;
  readonly shape: ShapeOf;
  readonly change: (part: Partial<ShapeOf>) => void;
}) {
  const { t, enumLabel } = useText();
  const effects = use === "OUTPUT" ? EFFECTS.slice(1).filter((one) => one !== "CLAIM") : ["ALLOW", "DENY"];
  const effect = effects.find((one) => one === shape.effect) ?? "ALLOW";
  return (
    <>
      <NativeSelect
        label={t("access.newEffect")}
        value={effect}
        data={effects.map((one) => ({ value: one, label: enumLabel("GrantEffect", one) }))}
        onChange={({ currentTarget: { value } }) => change({ effect: value })}
      />
      {effect === "MASK" && (
        <NativeSelect
          label={t("access.mask")}
          value={shape.mask}
          data={[...MASKS]}
          onChange={({ currentTarget: { value } }) => change({ mask: value })}
        />
      )}
      <TextInput
        label={t("access.clause")}
        required
        value={shape.clause}
        onChange={({ currentTarget: { value } }) => change({ clause: value })}
      />
      <TextInput
        label={t("access.widenReason")}
        value={shape.widenReason}
        onChange={({ currentTarget: { value } }) => change({ widenReason: value })}
        style={{ flex: "1 1 14rem" }}
      />
    </>
  );
}

const grantFor = (use: string, { effect, mask, clause, widenReason }: ShapeOf) => ({
  ...BLANK_GRANT,
  use,
  effect: use === "OUTPUT" || effect === "DENY" ? effect : "ALLOW",
  mask: use === "OUTPUT" && effect === "MASK" ? mask : null,
  clause: clause.trim(),
  widenReason: widenReason.trim() || null,
});

/** Makes the drafts. One of them is opened at once; of several `drafts` has the numbers. */
function useDrafts({ columns }: Model, clear: () => void) {
  const client = useClient();
  const navigate = useNavigate();
  const [drafts, setDrafts] = useState<readonly string[]>([]);
  const [error, setError] = useState<CombinedError>();
  const make = async (selection: Selection, grant: Grant) => {
    const numbers = [...selection.keys()];
    for (const number of numbers) {
      const version = columns.find((column) => column.number === number)?.version ?? 1;
      const grants = [...(selection.get(number) ?? [])].sort().map((selector) => ({ ...grant, selector }));
      const failed = await handOver(client, { number, version }, grants);
      setError(failed);
      if (failed) return;
    }
    clear();
    setDrafts(numbers);
    if (numbers.length === 1) await navigate(`/access/drafts/${encodeURIComponent(numbers[0] ?? "")}`);
  };
  return { drafts, error, make };
}

function Drafts({ numbers }: { readonly numbers: readonly string[] }) {
  const { t } = useText();
  return (
    <Alert variant="outline" mt="sm" title={t("access.draftsMade")}>
      <List>
        {numbers.map((number) => (
          <List.Item key={number}>
            <Anchor component={Link} to={`/access/drafts/${encodeURIComponent(number)}`}>
              {number}
            </Anchor>
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}
