import { Text } from "@mantine/core";
import { Fragment, type ReactNode } from "react";

/** Terms and what holds of each, side by side where there is room. What is null or undefined is left out. */
export function Facts({ facts }: { readonly facts: readonly (readonly [term: string, fact: ReactNode])[] }) {
  return (
    <dl
      style={{ display: "grid", gridTemplateColumns: "minmax(8rem, max-content) minmax(0, 1fr)", gap: "0.25rem 1rem", margin: 0 }}
    >
      {facts
        .filter(([, fact]) => fact !== null && fact !== undefined)
        .map(([term, fact]) => (
          <Fragment key={term}>
            <Text component="dt" c="dimmed" size="sm">
              {term}
            </Text>
            <Text component="dd" m={0} style={{ overflowWrap: "anywhere" }}>
              {fact}
            </Text>
          </Fragment>
        ))}
    </dl>
  );
}
