import { Group, NativeSelect, TextInput } from "@mantine/core";
import { useMemo } from "react";
import { useText } from "../../kit/text.tsx";
import { ALL, EFFECTS, type Model, NOBODY, typeOf, USES, type Wanted } from "./model.ts";

interface MatrixFiltersProps {
  readonly model: Model;
  readonly value: Wanted;
  readonly set: (name: string, value: string) => void;
}

type Option = readonly [value: string, label: string];

/** Which use the matrix is of, and what it is narrowed by: its rows by class, owner, type and effect, its columns by agency, state and text. */
export function MatrixFilters({ model, value, set }: MatrixFiltersProps) {
  const { t } = useText();
  const choices = useChoices(model);
  return (
    <Group component="search" gap="xs" align="flex-end" className="no-print">
      {(["q", "agreement"] as const).map((name) => (
        <TextInput
          key={name}
          size="xs"
          type="search"
          label={t(`access.by.${name}`)}
          value={value(name)}
          onChange={({ currentTarget }) => set(name, currentTarget.value)}
          style={{ flex: "2 1 13rem" }}
        />
      ))}
      {choices.map(([name, options]) => (
        <NativeSelect
          key={name}
          size="xs"
          label={t(`access.by.${name}`)}
          value={value(name)}
          data={options.map(([one, label]) => ({ value: one, label }))}
          onChange={({ currentTarget }) => set(name, currentTarget.value)}
          style={{ flex: "1 1 8rem" }}
        />
      ))}
    </Group>
  );
}

function useChoices({ fields, columns }: Model): readonly (readonly [name: string, options: readonly Option[]])[] {
  const { t, enumLabel } = useText();
  return useMemo(() => {
    const any: Option = ["", t("access.any")];
    const named = (type: string, values: readonly string[]): Option[] => values.map((one) => [one, enumLabel(type, one)]);
    const plain = (values: readonly string[]): Option[] => once(values).map((one) => [one, one]);
    const classes = once(fields.flatMap((field) => field.class ?? []));
    return [
      ["use", [["", enumLabel("DataUse", "OUTPUT")], ...named("DataUse", USES.slice(1))]],
      ["class", [["", t("access.ofPersons")], [ALL, t("access.any")], ...named("DataClass", classes)]],
      ["owner", [any, ...plain(fields.flatMap(({ owners }) => owners.map(({ code }) => code)))]],
      ["type", [any, ...plain(fields.map(typeOf))]],
      ["effect", [any, ...named("GrantEffect", EFFECTS.slice(1)), [NOBODY, t("access.grantedToNobody")]]],
      ["agency", [any, ...plain(columns.map(({ consumer }) => consumer.code))]],
      ["state", [any, ...named("AgreementState", once(columns.map(({ state }) => state)))]],
    ];
  }, [fields, columns, t, enumLabel]);
}

const once = (values: readonly string[]): string[] => [...new Set(values)].sort();
