import { Autocomplete, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { useQuery } from "urql";
import { useText } from "../../../kit/text.tsx";
import { type DataClass, faultAt } from "../draft.ts";
import { fieldId } from "../FaultSummary.tsx";
import { SELECTORS } from "../questions.ts";
import type { FormProps } from "./Shaping.tsx";

/** A field a grant can name. */
export interface Coordinate {
  readonly coordinate: string;
  readonly description: string;
  readonly class: string | null;
  readonly topic: string | null;
  readonly owners: readonly { readonly code: string }[];
  readonly uses: readonly string[];
}

interface SelectorProps extends Omit<FormProps, "onGrant"> {
  readonly classes: readonly DataClass[];
  readonly onPick: (selector: string, found: Coordinate | undefined) => void;
}

const PAUSE_MS = 250;

/** A field found by its name or description, or a whole class. */
export function SelectorField({ grant, place, faults, classes, onPick }: SelectorProps) {
  const { t, enumLabel } = useText();
  const [typed, setTyped] = useState(grant.selector);
  const [search] = useDebouncedValue(typed, PAUSE_MS);
  const [{ data }] = useQuery<{ readonly coordinates: { readonly nodes: readonly Coordinate[] } }>({
    query: SELECTORS,
    variables: { search },
    requestPolicy: "cache-first",
  });
  const found = data?.coordinates.nodes ?? [];
  const names = [...new Set(classes.map((one) => one.class))];
  const picked = found.find(({ coordinate }) => coordinate === grant.selector);
  const type = (value: string) => {
    setTyped(value);
    onPick(
      value,
      found.find(({ coordinate }) => coordinate === value),
    );
  };
  return (
    <div style={{ flex: "1 1 18rem" }}>
      <Autocomplete
        id={fieldId(`${place}.selector`)}
        label={t("steward.selector")}
        value={typed}
        error={faultAt(faults, `${place}.selector`)}
        data={[
          { group: t("steward.fields"), items: found.map(({ coordinate }) => coordinate) },
          { group: t("steward.classes"), items: names },
        ]}
        filter={({ options }) => options}
        limit={60}
        maxDropdownHeight={320}
        onChange={type}
        spellCheck={false}
        required
      />
      {picked && (
        <Text size="sm" c="dimmed">
          {picked.description}{" "}
          {picked.class &&
            `${enumLabel("DataClass", picked.class)}${picked.topic ? `: ${enumLabel("DataTopic", picked.topic)}` : ""}, `}
          {t("steward.controlledBy", { owners: picked.owners.map(({ code }) => code).join(", ") })}{" "}
          {ceilingTold(picked, classes, (effect) => t("steward.ceiling", { effect: enumLabel("GrantEffect", effect) }))}
        </Text>
      )}
    </div>
  );
}

/** What the class allows at most, where it is less than everything. */
function ceilingTold({ class: name, topic }: Coordinate, classes: readonly DataClass[], say: (effect: string) => string): string {
  const of = classes.filter((one) => one.class === name);
  const ceiling = (of.find((one) => one.topic === topic) ?? of.find((one) => one.topic === null))?.ceiling;
  return ceiling === undefined || ceiling === "ALLOW" ? "" : say(ceiling);
}
