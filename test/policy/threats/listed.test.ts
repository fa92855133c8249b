import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

interface Threat {
  readonly number: number;
  readonly control: string;
  /** As the table names them. */
  readonly files: readonly string[];
}

const FOLDER = "test/policy/threats";
const ROW = /^\| T(\d+) \| [^|]+ \| ([^|]+) \| ([^|]+) \|$/gm;
const threats: readonly Threat[] = [...readFileSync("docs/threats.md", "utf8").matchAll(ROW)].map(
  ([, number, control = "", tests = ""]) => ({
    ...{ number: Number(number), control },
    files: [...tests.matchAll(/`([^`]+)`/g)].map(([, file = ""]) => file),
  }),
);
/** Threats that tests of a file are named after. */
const namedIn = (file: string): number[] =>
  [...readFileSync(`${FOLDER}/${file}`, "utf8").matchAll(/["`]T(\d+) [^"`:]+: /g)].map(([, number]) => Number(number));

test("docs/threats.md lists every threat once, and every test it names is there", () => {
  expect(threats.length).toBeGreaterThan(30);
  expect(threats.map(({ number }) => number)).toEqual(threats.map((_, n) => n + 1));
  const files = threats.flatMap((threat) => threat.files);
  expect(files.length).toBeGreaterThan(50);
  expect(files.filter((file) => !existsSync(`test/${file}.test.ts`))).toEqual([]);
});

test("a threat has a test of its name in the file the table says, or the table says which issue brings it", () => {
  const own = readdirSync(FOLDER).filter((file) => file !== "listed.test.ts");
  for (const { number, control, files } of threats) {
    const told = files.filter(
      (file) => existsSync(`${FOLDER}/${file.split("/").pop()}.test.ts`) && file.startsWith("policy/threats/"),
    );
    const found = own
      .filter((file) => namedIn(file).includes(number))
      .map((file) => `policy/threats/${file.replace(".test.ts", "")}`);
    expect([number, told]).toEqual([number, found]);
    if (files.length === 0) expect(control).toMatch(/issue \d/);
  }
  expect(threats.filter(({ files }) => files.some((file) => file.startsWith("policy/threats/"))).length).toBe(29);
});
