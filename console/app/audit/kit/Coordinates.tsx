import { Code, Group, Text } from "@mantine/core";

/** Coordinates of the schema, as they are written. Nothing where there are none. */
export function Coordinates({
  of,
  title,
  colour,
  mark,
}: {
  readonly of: readonly string[] | null;
  readonly title: string;
  readonly colour: string;
  readonly mark: string;
}) {
  if (!of || of.length === 0) return null;
  return (
    <div>
      <Text size="sm" fw={600} c={colour} mb={4}>
        <span aria-hidden>{mark}</span> {title} ({of.length})
      </Text>
      <Group gap={6}>
        {of.map((coordinate) => (
          <Code key={coordinate}>{coordinate}</Code>
        ))}
      </Group>
    </div>
  );
}
