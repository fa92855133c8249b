import type { Random } from "../random.ts";
import type { NameFault } from "./rates.ts";
import { ABBREVIATIONS, BESIDE, DEGREES, NICKNAMES, OLD_SPELLING, SOUNDS, TITLES } from "./spelling.ts";

type Spoil = (random: Random, name: string, sex: "L" | "P") => string;

const NAME: Readonly<Record<NameFault, Spoil>> = {
  NAME_TITLE: (random, name, sex) => random.pick(TITLES[sex]) + name,
  NAME_DEGREE: (random, name) => name + random.pick(DEGREES),
  NAME_ABBREVIATED: abbreviated,
  NAME_OLD_SPELLING: (random, name) => respelled(random, name, OLD_SPELLING),
  NAME_VARIANT: (random, name) => respelled(random, name, SOUNDS),
  NAME_WORD_DROPPED: wordDropped,
  NAME_INITIAL: initialled,
  NAME_ORDER: reordered,
  NAME_MERGED: merged,
  NAME_SPLIT: split,
  NAME_NICKNAME: nicknamed,
  NAME_TYPO: mistyped,
  NAME_CUT: (random, name) => name.slice(0, random.between(7, 15)).trimEnd(),
};

/** The name as a list has it; never the same: where the kind of fault cannot befall it, a letter is mistyped. */
export function spoiledName(random: Random, kind: NameFault, { name, sex }: Called): { kind: NameFault; name: string } {
  const spoiled = NAME[kind](random, name, sex);
  return spoiled === name || spoiled === "" ? { kind: "NAME_TYPO", name: mistyped(random, name) } : { kind, name: spoiled };
}

interface Called {
  readonly name: string;
  readonly sex: "L" | "P";
}

function abbreviated(random: Random, name: string): string {
  const words = name.split(" ");
  const at = words.findIndex((word) => ABBREVIATIONS[word] !== undefined);
  const forms = ABBREVIATIONS[words[at] ?? ""];
  if (!forms) return initialled(random, name);
  return words
    .with(at, random.pick(forms))
    .join(" ")
    .replace(". ", random.chance(0.3) ? "." : ". ");
}

/** One of the rules that change this name. */
function respelled(random: Random, name: string, rules: readonly (readonly [RegExp, string])[]): string {
  const start = random.between(0, rules.length - 1);
  for (let step = 0; step < rules.length; step += 1) {
    const [pattern, text] = rules[(start + step) % rules.length] ?? [/^/, ""];
    const spelled = name.replace(pattern, text);
    if (spelled !== name) return spelled;
  }
  return name;
}

function wordDropped(random: Random, name: string): string {
  const words = name.split(" ");
  if (words.length < 2) return name;
  return words.toSpliced(random.chance(0.65) ? words.length - 1 : random.between(0, words.length - 1), 1).join(" ");
}

function initialled(random: Random, name: string): string {
  const words = name.split(" ");
  if (words.length < 2) return name;
  const at = random.chance(0.3) ? 0 : random.between(1, words.length - 1);
  return words.with(at, (words[at] ?? "").slice(0, 1) + random.pick(["", "."])).join(" ");
}

function reordered(random: Random, name: string): string {
  const words = name.split(" ");
  return words.length === 2 || random.chance(0.5)
    ? [...words.slice(1), ...words.slice(0, 1)].join(" ")
    : [...words.slice(0, -2), ...words.slice(-2).reverse()].join(" ");
}

function merged(random: Random, name: string): string {
  const words = name.split(" ");
  if (words.length < 2) return name;
  const at = random.between(0, words.length - 2);
  return words.toSpliced(at, 2, `${words[at]}${words[at + 1]}`).join(" ");
}

const FIRST_PARTS = /^(NUR|SITI|SRI|ABDUL|ZAINAL|SAIFUL|KHAIRUL|DWI|TRI|EKA|ROS)(?=[A-Z]{3})/;

function split(random: Random, name: string): string {
  if (FIRST_PARTS.test(name)) return name.replace(FIRST_PARTS, "$1 ");
  const words = name.split(" ");
  const at = words.findIndex((word) => word.length >= 7);
  const word = words[at];
  if (word === undefined) return name;
  const cut = random.between(3, word.length - 3);
  return words.with(at, `${word.slice(0, cut)} ${word.slice(cut)}`).join(" ");
}

/** Mostly the nickname alone; else beside or instead of a part of the name. */
function nicknamed(random: Random, name: string): string {
  const words = name.split(" ");
  const known = words.findIndex((word) => NICKNAMES[word] !== undefined);
  const at = known >= 0 ? known : random.between(0, words.length - 1);
  const word = words[at] ?? name;
  const nickname = random.pick(NICKNAMES[word] ?? [tailOf(random, word)]);
  if (nickname === "" || nickname === word) return name;
  if (random.chance(0.45)) return nickname;
  return random.chance(0.25) ? `${name} ALIAS ${nickname}` : words.with(at, nickname).join(" ");
}

/** Last syllables: Sutrisno is Trisno or Isno, Sumiati is Miati or Ati. */
function tailOf(random: Random, word: string): string {
  const starts = [...word.matchAll(/[^AEIOU]?[AEIOU]/g)]
    .map(({ index }) => index)
    .filter((at) => at > 0 && word.length - at >= 4);
  return starts.length === 0 ? "" : word.slice(random.pick(starts));
}

/** One key too many, too few, beside the right one, or two exchanged; any letter but blanks. */
function mistyped(random: Random, name: string): string {
  const at = random.between(0, name.length - 1);
  const letter = name[at] ?? "A";
  const wrong = random.pick([...(BESIDE[letter] ?? "AEIN")]);
  const [before, after] = [name.slice(0, at), name.slice(at + 1)];
  const kind = random.next();
  if (kind < 0.3 && name.length > 3 && letter !== " ") return before + after;
  if (kind < 0.55) return `${before}${letter}${random.chance(0.5) ? letter.trim() || wrong : wrong}${after}`;
  const next = after.slice(0, 1);
  if (kind < 0.75 && next !== "" && next !== letter && next !== " " && letter !== " ")
    return before + next + letter + after.slice(1);
  return letter === " " ? `${before}${wrong} ${after}` : before + wrong + after;
}
