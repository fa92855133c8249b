import { once, type Random, some } from "./random.ts";
import type { Helper } from "./world.ts";

const COLOURS = ["RED", "GREEN", "BLUE"];

/**
 * What one subgraph knows of the helpers: output enums (Hue) grow with each, input enums (Tone) and input objects shrink to what all know, enums for
 * both (Colour) are the same everywhere.
 */
export function helpersFor(random: Random): Helper[] {
  const more = (values: readonly string[]) => (once(random, 2) ? some(random, values, 0) : []);
  const lim = once(random, 2) ? "lim: Int = 3" : "lim: Int";
  return [
    { kind: "enum", name: "Colour", values: [...COLOURS] },
    { kind: "enum", name: "Hue", values: ["DARK", "PALE", ...more(["WARM", "COLD", "GREY"])] },
    { kind: "enum", name: "Tone", values: ["LOW", "HIGH", ...more(["SHRILL", "DULL"])] },
    {
      kind: "input",
      name: "Where",
      values: [
        "not: Int",
        "colour: Colour",
        ...some(random, ["tone: Tone", "stamp: Stamp", lim, "and: [Where!]", "own: [[Int]]"], 3),
      ],
    },
    { kind: "scalar", name: "Stamp", values: [] },
  ];
}
