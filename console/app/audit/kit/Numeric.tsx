import { Text } from "@mantine/core";
import { count } from "../../kit/format.ts";

/** A number in a column of numbers. Null: not known, never zero. */
export function Numeric({ value }: { readonly value: number | null }) {
  return (
    <Text ta="right" inherit>
      {value === null ? "–" : count(value)}
    </Text>
  );
}
