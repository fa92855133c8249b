import fc from "fast-check";
import { expect, test } from "vitest";
import { soundOfName } from "../../../../subgraphs/population/matching/text/soundOfName.ts";

const WORDS = [
  "SITI",
  "AMINAH",
  "SURATMI",
  "BUDI",
  "SANTOSO",
  "JOKO",
  "SUYATNO",
  "CAHYO",
  "WAHYU",
  "NUR",
  "AINI",
  "RAHMAN",
  "YULIANA",
  "GEBZE",
];
const name = fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 4 }).map((words) => words.join(" "));

/** Ways in which people write a name that is the same. */
const WAYS: Readonly<Record<string, (text: string) => string>> = {
  "small letters": (text) => text.toLowerCase(),
  "capitals in front": (text) => text.toLowerCase().replace(/(?<=^| )./g, (letter) => letter.toUpperCase()),
  "more spaces": (text) => `  ${text.replaceAll(" ", "   ")} `,
  "no spaces": (text) => text.replaceAll(/(?<!H) /g, ""), // an H that ends a word is silent, and nobody can tell once words are one
  hyphens: (text) => text.replaceAll(" ", "-"),
  "a dot at the end": (text) => `${text}.`,
  "an apostrophe": (text) => `${text.slice(0, 2)}'${text.slice(2)}`,
  "a title in front": (text) => `Hj. ${text}`,
  "two titles in front": (text) => `Dr. H. ${text}`,
  "a degree behind": (text) => `${text}, S.Pd`,
  "U as OE": (text) => text.replaceAll("U", "OE"),
  "J as DJ": (text) => text.replaceAll("J", "DJ"),
  "C as TJ": (text) => text.replaceAll("C", "TJ"),
  "doubled letters": (text) => text.replaceAll("N", "NN").replaceAll("T", "TT"),
  "Y as I at the end of a syllable": (text) => text.replaceAll("Y", "I"),
  "whose child": (text) => `${text} BINTI SULASTRI`,
};

test.each(Object.keys(WAYS))("a name sounds the same however it is written: %s", (way) => {
  const write = WAYS[way] as (text: string) => string;
  fc.assert(fc.property(name, (text) => soundOfName(write(text)) === soundOfName(text)));
});

test("also when written in several ways at once", () => {
  const ways = fc.subarray(["small letters", "more spaces", "U as OE", "a dot at the end"]);
  fc.assert(
    fc.property(name, ways, (text, chosen) => {
      const written = chosen.reverse().reduce((so, way) => (WAYS[way] as (one: string) => string)(so), text);
      expect(soundOfName(written)).toBe(soundOfName(text));
    }),
  );
});

test.each([
  ["HASAN", "HASIN"],
  ["SITI AMINAH", "SITI AMANAH"],
  ["SITI AMINAH", "SITI"],
  ["SITI AMINAH", "S AMINAH"],
  ["BUDI SANTOSO", "SANTOSO BUDI"],
  ["AHMAD FAUZAN", "AHMAD FAUZIN"], // twins in one cradle
])("%s and %s are two names", (one, other) => {
  expect(soundOfName(one)).not.toBe(soundOfName(other));
});

test("short forms that everybody writes are the whole name, and nothing is a name without letters", () => {
  expect(soundOfName("M. ALI")).toBe(soundOfName("MUHAMMAD ALI"));
  expect(soundOfName("ABD RAHMAN")).toBe(soundOfName("ABDUL RAHMAN"));
  expect(soundOfName(" 123 !")).toBe("");
});

test("any text at all has a sound, in which neither case nor space is left", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => !/[a-z\s]/.test(soundOfName(text))));
});
