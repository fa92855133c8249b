import { Textarea } from "@mantine/core";
import { useState } from "react";

interface LinesProps {
  readonly id?: string | undefined;
  readonly label: string;
  readonly description?: string;
  readonly lines: readonly string[];
  readonly onLines: (lines: readonly string[]) => void;
  readonly error?: string | undefined;
}

/** A list typed or pasted, one entry a line or between commas. */
export function Lines({ lines, onLines, ...field }: LinesProps) {
  const [text, setText] = useState(lines.join("\n"));
  const type = (next: string) => {
    setText(next);
    onLines(linesIn(next));
  };
  // what was put in from elsewhere (thrown away, taken over) is shown; what is being typed is left as it is typed
  const shown = linesIn(text).join("\n") === lines.join("\n") ? text : lines.join("\n");
  return (
    <Textarea
      {...field}
      value={shown}
      autosize
      minRows={1}
      maxRows={8}
      spellCheck={false}
      onChange={({ currentTarget: { value } }) => type(value)}
    />
  );
}

const linesIn = (text: string): string[] =>
  text
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
