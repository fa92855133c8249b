import fc from "fast-check";
import { parse } from "graphql";
import type { Ceiling } from "../../../schema/policy/decisionTable.ts";
import type { Grant } from "../../../schema/policy/policy.ts";
import type { DataClass, Effect, Use } from "../../../schema/policy/words.ts";
import { type Catalogue, catalogueOf } from "../../../schema/sdl/catalogue.ts";

type Class = readonly [name: DataClass, topic: "HEALTH" | "FINANCE" | "CHILD" | null];

const CLASSES: readonly Class[] = [
  ["PUBLIC", null],
  ["GENERAL", null],
  ["SPECIFIC", null],
  ["SPECIFIC", "HEALTH"],
  ["SPECIFIC", "FINANCE"],
  ["SPECIFIC", "CHILD"],
  ["DERIVED", null],
  ["ADMINDUK_84", null],
  ["ADMINDUK_84", "HEALTH"],
  ["ADMINISTRATION", null],
];
const EFFECTS = ["mask", "mask", "band", "claim", "claim", "pseudonym", "aggregate"] as const;
const USES = ["LOOKUP", "VERIFY", "FILTER", "SORT", "GROUP", "AGGREGATE"] as const;
/** As the decile's claim has them: small whole numbers. */
export const THRESHOLDS = [1, 2, 3, 4] as const;

const some = <T>(items: readonly T[]) => fc.constantFrom(...items);
/** Mostly open, seldom shut: else no coordinate would ever be open, or for one reason only. */
const effectOf = (allow: number, closed: number): fc.Arbitrary<Effect> =>
  fc.oneof(
    { weight: allow, arbitrary: fc.constant("allow") },
    { weight: closed, arbitrary: some(EFFECTS) },
    { weight: 1, arbitrary: fc.constant("deny") },
  );
const anyClass = some(CLASSES);

const FIELDS = 6;
/** One field is always a claim on another, which may be asked at a threshold. */
const CLAIM = 5;
const CLAIMED = 3;
const CLAIMED_CLASS: Class = ["GENERAL", null];
/** `A.f4` or, on the type of statistics, `B.f8`. */
const fieldAt = (index: number): string => `${index % 4 === 0 ? "B" : "A"}.f${index}`;
/** One of them is in no schema. */
const anyField = fc.nat(FIELDS).map(fieldAt);

const anyGuard = fc.record({ field: anyField, use: fc.option(some(USES)) }).map(({ field, use }) => {
  return `@guards(field: "${field}"${use === null ? "" : `, use: ${use}`})`;
});
const anyGuards = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(anyGuard) },
  { weight: 1, arbitrary: fc.tuple(anyGuard, anyGuard) },
  { weight: 1, arbitrary: fc.constant([]) },
);

/** A sibling is of an earlier field, so that none is its own source. */
const anySibling = (index: number): fc.Arbitrary<string> => {
  if (index === 0) return fc.constant("");
  if (index === CLAIM) return fc.constant(`@claimOf(field: "${fieldAt(CLAIMED)}")`);
  const sibling = fc
    .tuple(some(["bandOf", "claimOf"]), fc.nat(index - 1))
    .map(([of, source]) => `@${of}(field: "${fieldAt(source)}")`);
  return fc.oneof(fc.constant(""), sibling);
};

/** What follows a field's name: argument, type and directives. */
const anyDefinition = (index: number) =>
  fc
    .record({
      type: some(["String", "String", "ID", "Int", "[String!]"]),
      classes:
        index === CLAIMED
          ? fc.constant([CLAIMED_CLASS])
          : fc.oneof(
              { weight: 12, arbitrary: fc.tuple(anyClass) },
              { weight: 4, arbitrary: fc.tuple(anyClass, anyClass) },
              { weight: 1, arbitrary: fc.constant([]) },
            ),
      sibling: anySibling(index),
      argument: index === CLAIM ? fc.constant([]) : fc.option(fc.oneof(anyGuards, fc.constant([]))),
    })
    .map(({ type, classes, sibling, argument }) => {
      const data = classes.map(([name, topic]) => `@data(class: ${name}${topic === null ? "" : `, topic: ${topic}`})`);
      const n = argument === null ? "" : `(n: Int ${argument.join(" ")})`;
      return `f${index}${n}: ${type} ${data.join(" ")} ${sibling}`;
    });

/** Small catalogues of every kind of coordinate, read out of SDL like the real one. */
export const anyCatalogue: fc.Arbitrary<Catalogue> = fc
  .record({
    fields: fc.tuple(...Array.from({ length: FIELDS }, (_, index) => anyDefinition(index))),
    inputs: fc.array(anyGuards, { minLength: 3, maxLength: 6 }),
    values: fc.array(anyGuards, { minLength: 2, maxLength: 4 }),
    places: some(["", '@row(region: "r.code")', '@row(flags: "flags")', '@row(region: "r.code", flags: "flags")']),
  })
  .map(({ fields, inputs, values, places }) => {
    const of = (type: string) => fields.filter((_, index) => fieldAt(index).startsWith(type)).join("\n");
    return catalogueOf(
      parse(`type A ${places} { ${of("A")} }
        type B @statistics ${places} { ${of("B")} }
        input Where { ${inputs.map((guards, index) => `i${index}: Int ${guards.join(" ")}`).join("\n")} }
        enum Order { ${values.map((guards, index) => `V${index} ${guards.join(" ")}`).join("\n")} }`),
    );
  });

/** A row as the database lets it be; `coordinates` are what a coordinate row may name. */
export function anyRow(
  coordinates: fc.Arbitrary<string>,
  use: fc.Arbitrary<Use>,
  effects: fc.Arbitrary<Effect>,
): fc.Arbitrary<Grant> {
  const selector = fc.oneof(
    coordinates.map((name) => ({ kind: "coordinate" as const, selector: name, topic: null })),
    fc
      .tuple(anyClass, fc.boolean())
      .map(([[name, topic], isWhole]) => ({ kind: "class" as const, selector: name, topic: isWhole ? null : topic })),
  );
  return fc
    .record({
      of: selector,
      use,
      effect: effects,
      mask: some(["last4", "last4", "initials", "null", "lasst4", "pseudonym"]),
      thresholds: fc.option(fc.uniqueArray(some(THRESHOLDS)), { freq: 2 }),
      elsewhere: some([...Array<null>(9).fill(null), "null", "last4", "lasst4"]),
      widenReason: some([null, null, "DPO 3/2026"]),
    })
    .map(({ of, mask, thresholds, elsewhere, ...row }) => ({
      ...of,
      ...row,
      maskFn: row.effect === "mask" ? mask : null,
      params: thresholds && { n: thresholds },
      clause: "Ps. 1",
      home: elsewhere === null ? null : ["35"],
      elsewhere,
      condition: null,
    }));
}

export const anyOutputRow = (coordinates = anyField): fc.Arbitrary<Grant> =>
  anyRow(coordinates, fc.constant("OUTPUT"), effectOf(10, 5));
export const anyUseRow = (coordinates = anyField): fc.Arbitrary<Grant> => anyRow(coordinates, some(USES), effectOf(14, 1));

/** Target of a row: the database has at most one row for it. */
export const targetOf = ({ kind, selector, topic, use }: Grant): string => [kind, selector, topic, use].join();

export const anyRows = (coordinates = anyField): fc.Arbitrary<Grant[]> => {
  const atMostOne = { selector: targetOf, size: "max" } as const;
  return fc
    .tuple(
      fc.uniqueArray(anyOutputRow(coordinates), { ...atMostOne, maxLength: 14 }),
      fc.uniqueArray(anyUseRow(coordinates), { ...atMostOne, maxLength: 20 }),
    )
    .map((rows) => rows.flat());
};

/** Now and then two claims on one field, each with thresholds of its own, beside other rows. */
export const withClaims = (rows: fc.Arbitrary<Grant[]>): fc.Arbitrary<Grant[]> => {
  const claim = anyRow(fc.constant(fieldAt(CLAIMED)), fc.constant("OUTPUT"), fc.constant("claim"));
  const claims = fc.tuple(
    claim.map((row): Grant => ({ ...row, kind: "coordinate", selector: fieldAt(CLAIMED), topic: null })),
    claim.map((row): Grant => ({ ...row, kind: "class", selector: CLAIMED_CLASS[0], topic: null })),
  );
  return fc.tuple(fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, claims), rows).map(([first, others]) => {
    const taken = first.map(targetOf);
    return [...first, ...others.filter((row) => !taken.includes(targetOf(row)))];
  });
};

/** One ceiling for most classes, topics now and then; for some none. */
export const anyCeilings: fc.Arbitrary<Ceiling[]> = fc
  .tuple(...CLASSES.map(([, topic]) => fc.option(effectOf(16, 4), { freq: topic === null ? 12 : 2 })))
  .map((effects) =>
    effects.flatMap((ceiling, index): Ceiling[] => {
      const [name, topic] = CLASSES[index] ?? ["PUBLIC", null];
      return ceiling === null ? [] : [{ class: name, topic, ceiling }];
    }),
  );

/** All coordinates of a catalogue but some; undefined: not submitted yet. */
export const anyPins = fc.option(fc.uniqueArray(fc.nat(40), { maxLength: 6 }), { nil: undefined, freq: 3 }).map(
  (dropped) =>
    (catalogue: Catalogue): ReadonlySet<string> | undefined =>
      dropped && new Set([...catalogue.entries.keys()].filter((_, index) => !dropped.includes(index))),
);
