import fc from "fast-check";
import { expect, test } from "vitest";
import { assignSuffixes } from "../../../subgraphs/welfare/registry/suffix.ts";

const numbers = (newcomers: Parameters<typeof assignSuffixes>[0], used: readonly string[] = []) => [
  ...assignSuffixes(newcomers, used).entries(),
];
const one = (id: string, relation: "HEAD" | "SPOUSE" | "CHILD" | "OTHER" | "GRANDCHILD", birthDate: string | null = null) => ({
  id,
  relation,
  birthDate,
});

test("head, spouse and five children: the youngest is 07, in whatever order they are told", () => {
  const children = [2019, 2011, 2015, 2009, 2013].map((year) => one(`c${year}`, "CHILD", `${year}-01-01`));
  expect(numbers([...children, one("mother", "SPOUSE"), one("father", "HEAD")])).toEqual([
    ["father", "01"],
    ["mother", "02"],
    ["c2009", "03"],
    ["c2011", "04"],
    ["c2013", "05"],
    ["c2015", "06"],
    ["c2019", "07"],
  ]);
});

test("a widow's children are 03 and 04: 02 stays free for a spouse", () => {
  const family = [one("widow", "HEAD"), one("elder", "CHILD", "2001-05-05"), one("younger", "CHILD", "2004-05-05")];
  expect(numbers(family).map(([, suffix]) => suffix)).toEqual(["01", "03", "04"]);
  expect(numbers([one("new husband", "SPOUSE")], ["01", "03", "04"])).toEqual([["new husband", "02"]]);
});

test("children of unknown birth come after the others, then relatives by entry", () => {
  const family = [
    one("aunt", "OTHER"),
    one("unknown", "CHILD"),
    one("known", "CHILD", "2020-02-02"),
    one("grandchild", "GRANDCHILD"),
  ];
  expect(numbers(family).map(([id]) => id)).toEqual(["known", "unknown", "aunt", "grandchild"]);
});

test("the hundredth member is refused", () => {
  expect(() => assignSuffixes([one("late", "OTHER")], ["99"])).toThrow(RangeError);
});

const MAY_BEAR: Readonly<Record<string, readonly string[]>> = { "01": ["HEAD"], "02": ["SPOUSE"] };

test("whoever joins in whatever order, nobody gets a number that anybody there ever had, and the roles' numbers go to roles alone", () => {
  const relation = fc.constantFrom("HEAD", "SPOUSE", "CHILD", "OTHER", "GRANDCHILD");
  const joins = fc.array(fc.array(relation, { minLength: 1, maxLength: 5 }), { maxLength: 8 });
  fc.assert(
    fc.property(joins, (waves) => {
      const used: string[] = [];
      for (const [wave, relations] of waves.entries()) {
        const given = assignSuffixes(
          relations.map((each, at) => one(`${wave}.${at}`, each)),
          used,
        );
        for (const [id, suffix] of given) {
          expect(used).not.toContain(suffix);
          expect(MAY_BEAR[suffix] ?? relations).toContain(relations[Number(id.split(".")[1])]);
          used.push(suffix);
        }
      }
    }),
  );
});
