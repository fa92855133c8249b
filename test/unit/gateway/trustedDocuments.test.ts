import { hash } from "node:crypto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { TrustedDocuments } from "../../../gateway/authorize/grants/documents.ts";

const TEXT = "query Siapa { me { client } }";
const ID = hash("sha256", TEXT);
let asked: string[] = [];
let stored = new Map<string, string>();
const documents = () =>
  new TrustedDocuments(async (agreement, id) => {
    asked.push(`${agreement} ${id.slice(0, 6)}`);
    return stored.get(`${agreement} ${id}`) ?? null;
  });

beforeEach(() => {
  asked = [];
  stored = new Map([[`A ${ID}`, TEXT]]);
  vi.useFakeTimers({ toFake: ["performance"] });
});
afterEach(() => vi.useRealTimers());

test("a trusted document is read once, for its agreement only, until policy changes", async () => {
  const trusted = documents();
  for (let times = 0; times < 3; times++) expect(await trusted.text("A", ID)).toBe(TEXT);
  expect(asked.length).toBe(1);
  expect(await trusted.text("B", ID)).toBeNull();
  stored.clear();
  expect(await trusted.text("A", ID)).toBe(TEXT);
  trusted.forget();
  expect(await trusted.text("A", ID)).toBeNull();
});

test("one that is registered shows within a second, and till then nobody makes the database look again", async () => {
  const trusted = documents();
  stored.clear();
  for (let times = 0; times < 3; times++) expect(await trusted.text("A", ID)).toBeNull();
  expect(asked.length).toBe(1);
  stored.set(`A ${ID}`, TEXT);
  vi.advanceTimersByTime(1_000);
  expect(await trusted.text("A", ID)).toBe(TEXT);
});

test("what was being read when policy changed is not kept", async () => {
  let tell: (text: string | null) => void = () => {};
  const texts = [new Promise<string | null>((resolve) => (tell = resolve)), Promise.resolve(null)];
  const trusted = new TrustedDocuments(() => texts.shift() ?? Promise.resolve(TEXT));
  const early = trusted.text("A", ID);
  trusted.forget();
  tell(TEXT);
  expect(await early).toBe(TEXT);
  expect(await trusted.text("A", ID)).toBeNull();
});

test("a text that is not what its id says is trusted by nobody, and an outage is no answer to keep", async () => {
  stored.set(`A ${ID}`, `${TEXT} `);
  expect(await documents().text("A", ID)).toBeNull();
  const answers = [Promise.reject(new Error("away")), Promise.resolve(TEXT)];
  const trusted = new TrustedDocuments(() => answers.shift() ?? Promise.resolve(null));
  await expect(trusted.text("A", ID)).rejects.toThrow("away");
  expect(await trusted.text("A", ID)).toBe(TEXT);
});

test("ids that nobody trusts do not fill the memory: the one found first goes first", async () => {
  const trusted = documents();
  await trusted.text("A", ID);
  for (let n = 0; n < 1_000; n++) await trusted.text("A", hash("sha256", String(n)));
  await trusted.text("A", hash("sha256", "999"));
  expect(asked.length).toBe(1_001);
  await trusted.text("A", ID);
  expect(asked.length).toBe(1_002);
});
