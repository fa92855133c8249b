import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseSync } from "vite";
import { expect, test } from "vitest";

const FOLDER = join(import.meta.dirname, "../../../console");
const keysOfFile = (path: string): Record<string, string> => JSON.parse(readFileSync(join(FOLDER, "text", path), "utf8"));
const textsOf = (language: string): Map<string, string> =>
  new Map(readdirSync(join(FOLDER, "text", language)).flatMap((name) => Object.entries(keysOfFile(join(language, name)))));
const [indonesian, english] = [textsOf("id"), textsOf("en")];
const placesIn = (text: string | undefined) => [...(text ?? "").matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

interface Asked {
  readonly file: string;
  /** The keys said outright: `t("a")`, `t(x ? "a" : "b")`. */
  readonly named: readonly string[];
  /** Those put together, t(`shell.area.${path}`), with `*` for what is filled in. */
  readonly made: readonly string[];
  /** Any other text of the file, which may be a key that is handed on. */
  readonly texts: readonly string[];
}

const sources = readdirSync(join(FOLDER, "app"), { recursive: true, encoding: "utf8" })
  .filter((name) => /\.tsx?$/.test(name))
  .map((name) => askedIn(name, readFileSync(join(FOLDER, "app", name), "utf8")));

interface Node {
  readonly type: string;
  readonly [part: string]: unknown;
}

function askedIn(file: string, source: string): Asked {
  const found = { file, named: [] as string[], made: [] as string[], texts: [] as string[] };
  const key = (said: any): void => {
    if (said.type === "ConditionalExpression") for (const one of [said.consequent, said.alternate]) key(one);
    else if (said.type === "Literal") found.named.push(said.value);
    else if (said.type === "TemplateLiteral") found.made.push(said.quasis.map(({ value }: any) => value.cooked).join("*"));
  };
  const walk = (part: unknown): void => {
    if (typeof part !== "object" || part === null) return;
    const node = part as Node;
    if (node.type === "Literal" && typeof node["value"] === "string") found.texts.push(node["value"]);
    const { callee, arguments: said } = node as any;
    if (node.type === "CallExpression" && callee.name === "t" && said.length > 0) key(said[0]);
    for (const below of Object.values(node)) walk(below);
  };
  walk(parseSync(file, source, { preserveParens: false }).program);
  return found;
}

const fits = (made: string, key: string): boolean =>
  new RegExp(
    `^${made
      .split("*")
      .map((part) => part.replaceAll(".", "\\."))
      .join("[\\w/.-]+")}$`,
  ).test(key);

test("every text of the console is there in both languages, with the same places to fill in", () => {
  expect(indonesian.size).toBeGreaterThan(30);
  expect([...indonesian.keys()].filter((key) => !english.has(key))).toEqual([]);
  expect([...english.keys()].filter((key) => !indonesian.has(key))).toEqual([]);
  for (const [key, text] of indonesian) expect([key, placesIn(text)]).toEqual([key, placesIn(english.get(key))]);
});

test("no key stands in two files, and none is left that no page asks for: a draft's name asks for nothing", () => {
  const keys = readdirSync(join(FOLDER, "text/id")).flatMap((name) => Object.keys(keysOfFile(`id/${name}`)));
  expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
  const [texts, made] = [new Set(sources.flatMap((one) => one.texts)), sources.flatMap((one) => one.made)];
  expect(keys.filter((key) => !texts.has(key) && !made.some((one) => fits(one, key)))).toEqual([]);
});

test("every text a page asks for is there, whichever of two it may be, and for whatever is filled in there is one", () => {
  expect(sources.flatMap(({ named }) => named).length).toBeGreaterThan(20);
  const keys = [...indonesian.keys()];
  const missing = sources.flatMap(({ file, named, made }) => [
    ...named.filter((key) => !indonesian.has(key)).map((key) => [file, key]),
    ...made.filter((one) => !keys.some((key) => fits(one, key))).map((one) => [file, one]),
  ]);
  expect(missing).toEqual([]);
});

/** Files of `console/text` that an area loads beside those of the frame. */
const LOADED = {
  access: ["access", "steward"],
  audit: ["audit"],
  figures: ["figures"],
  district: ["district"],
  developer: ["developer"],
};

test("an area asks for no text of another, which is not loaded with it", () => {
  for (const [area, files] of Object.entries(LOADED)) {
    const own = ["shell", ...files].flatMap((name) => Object.keys(keysOfFile(`id/${name}.json`)));
    const asked = sources.filter(({ file }) => file.startsWith(`${area}/`));
    const foreign = [
      ...asked.flatMap(({ named }) => named.filter((key) => !own.includes(key))),
      ...asked.flatMap(({ made }) => made.filter((one) => !own.some((key) => fits(one, key)))),
    ];
    expect([area, foreign]).toEqual([area, []]);
  }
});
