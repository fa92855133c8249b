import type { Random } from "../random.ts";

// One name has many lawful spellings: which one a person has is chance, and the register keeps it for life.
const MUHAMMAD = [
  ["MUHAMMAD", 46],
  ["MUHAMAD", 16],
  ["MOHAMAD", 7],
  ["MOHAMMAD", 6],
  ["MOCHAMAD", 5],
  ["MUH", 5],
  ["MOH", 6],
  ["MOCH", 3],
  ["M", 4],
] as const;

const FREE: readonly (readonly [RegExp, string])[] = [
  [/F/, "P"],
  [/SY/, "S"],
  [/Z/, "J"],
  [/KH/, "H"],
  [/I(?=[AU])/, "IY"],
  [/Y/, "I"],
  [/TI\b/, "TIE"],
  [/H\b/, ""],
  [/AH\b/, "A"],
  [/N(?=I)/, "NN"],
  [/RI\b/, "RY"],
  [/D\b/, "T"],
  [/V/, "F"],
  [/U(?=N)/, "O"],
];

const OLD: readonly (readonly [RegExp, string])[] = [
  [/U/, "OE"],
  [/U/g, "OE"],
  [/J/, "DJ"],
  [/C(?=A|O)/, "TJ"],
  [/Y(?=A|O)/, "J"],
  [/NY/, "NJ"],
];

/** The name in the spelling it was registered in: of the old, some are in the spelling of before 1972. */
export function asRegistered(random: Random, name: string, isOld: boolean): string {
  const begun = name.startsWith("MUHAMMAD ") ? random.weighted(MUHAMMAD) + name.slice(8) : name;
  if (isOld && random.chance(0.05)) return spelled(random, begun, OLD);
  return random.chance(0.03) ? spelled(random, begun, FREE) : begun;
}

function spelled(random: Random, name: string, rules: readonly (readonly [RegExp, string])[]): string {
  const [pattern, text] = random.pick(rules);
  return name.replace(pattern, text);
}
