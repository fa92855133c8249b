import { NativeSelect } from "@mantine/core";
import { useText } from "../../kit/text.tsx";
import type { Cube } from "../asking/cells.ts";
import type { View } from "../asking/useView.ts";

interface ChoiceProps {
  /** In the address. */
  readonly name: string;
  readonly label: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly view: View;
}

/** One of some, kept in the address; the first unless another is chosen. */
export function Choice({ name, label, options, view }: ChoiceProps) {
  const codes = options.map(({ value }) => value);
  return (
    <NativeSelect
      label={label}
      value={view.pick(name, codes)}
      data={[...options]}
      onChange={({ currentTarget: { value } }) => view.change({ [name]: value })}
    />
  );
}

/** One code of a dimension. */
export function CodeChoice({ dimension, cube, view }: { readonly dimension: string; readonly cube: Cube; readonly view: View }) {
  const { t, dimensionLabel } = useText();
  const options = codesOf(cube, dimension).map((value) => ({ value, label: dimensionLabel(dimension, value) }));
  return <Choice name={dimension} label={t(`figures.dimension.${dimension}`)} options={options} view={view} />;
}

/** Down to where the rows are. */
export function LevelChoice({ view }: { readonly view: View }) {
  const { t, enumLabel } = useText();
  if (view.levels.length < 2) return null;
  const options = view.levels.map((value) => ({ value, label: enumLabel("StatisticsLevel", value) }));
  return <Choice name="level" label={t("figures.level")} options={options} view={view} />;
}

export const codesOf = ({ dimensions }: Cube, name: string): readonly string[] =>
  dimensions.find((dimension) => dimension.name === name)?.codes ?? [];
