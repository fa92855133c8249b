import { NativeSelect } from "@mantine/core";
import { useText } from "../../kit/text.tsx";
import { useAnswer } from "../../kit/use/useAnswer.ts";
import { useDuties } from "./duties.tsx";
import { REGIONS } from "./questions.ts";

/** Digits of a region's code: province, regency, district, village. */
const LENGTHS = [2, 4, 6, 10];
/** Digits of a village's code: nothing lies below. */
export const VILLAGE = 10;
const LEVELS = ["province", "regency", "district", "village"];

interface PathProps {
  readonly value: string | undefined;
  readonly put: (code: string | null) => void;
}

/** Choosing a region below those on duty, a level after another; nothing to choose for who is on duty in one village. */
export function RegionPath({ value, put }: PathProps) {
  const { root } = useDuties();
  const chosen = LENGTHS.filter((length) => length > (root ?? "").length && length < VILLAGE && (value ?? "").length >= length);
  const parents = [root, ...chosen.map((length) => (value ?? "").slice(0, length))].filter((code) => code?.length !== VILLAGE);
  return parents.map((parent) => (
    <Level key={parent ?? ""} parent={parent} value={value} put={(code) => put(code ?? (parent === root ? null : parent))} />
  ));
}

function Level({ parent, value, put }: PathProps & { readonly parent: string | null }) {
  const { t } = useText();
  const { data } = useAnswer<{
    readonly regions: { readonly nodes: readonly { readonly code: string; readonly name: string }[] } | null;
  }>(REGIONS, { parent });
  const level = LENGTHS.findIndex((length) => length > (parent ?? "").length);
  const options = (data?.regions?.nodes ?? []).map(({ code, name }) => ({ value: code, label: name }));
  return (
    <NativeSelect
      label={t(`district.level.${LEVELS[level]}`)}
      value={value?.slice(0, LENGTHS[level]) ?? ""}
      data={[{ value: "", label: t("district.kit.all") }, ...options]}
      onChange={({ currentTarget }) => put(currentTarget.value || null)}
    />
  );
}
