import fc from "fast-check";
import { parse } from "graphql";
import type { Ceiling } from "../../../schema/policy/decisionTable.ts";
import type { Grant } from "../../../schema/policy/policy.ts";
import type { DataClass, Effect, Use } from "../../../schema/policy/words.ts";
import { type Catalogue, catalogueOf } from "../../../schema/sdl/catalogue.ts";

type Class = readonly [name: DataClass, topic: "HEALTH" | "FINANCE" | null];

const CLASSES: readonly Class[] = [
  ["PUBLIC", null],
  ["GENERAL", null],
  ["SPECIFIC", null],
  ["SPECIFIC", "HEALTH"],
  ["SPECIFIC", "FINANCE"],
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

/** What follows a field's name: argument, type and directives. A sibling is of an earlier field, so that none is its own source. */
const anyDefinition = (index: number) =>
  fc
    .record({
      type: some(["String", "String", "ID", "Int", "[String!]"]),
      classes: fc.oneof(
        { weight: 12, arbitrary: fc.tuple(anyClass) },
        { weight: 4, arbitrary: fc.tuple(anyClass, anyClass) },
        { weight: 1, arbitrary: fc.constant([]) },
      ),
      sibling:
        index === 0
          ? fc.constant("")
          : fc.oneof(
              fc.constant(""),
              fc
                .tuple(some(["bandOf", "claimOf"]), fc.nat(index - 1))
                .map(([of, source]) => `@${of}(field: "${fieldAt(source)}")`),
            ),
      argument: fc.option(fc.oneof(anyGuards, fc.constant([]))),
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
  })
  .map(({ fields, inputs, values }) => {
    const of = (type: string) => fields.filter((_, index) => fieldAt(index).startsWith(type)).join("\n");
    return catalogueOf(
      parse(`type A { ${of("A")} }
        type B @statistics { ${of("B")} }
        input Where { ${inputs.map((guards, index) => `i${index}: Int ${guards.join(" ")}`).join("\n")} }
        enum Order { ${values.map((guards, index) => `V${index} ${guards.join(" ")}`).join("\n")} }`),
    );
  });

/** A row as the database lets it be; `coordinates` are what a coordinate row may name. Thresholds stand on coordinate rows. */
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
      thresholds: fc.option(fc.uniqueArray(some(THRESHOLDS)), { freq: 4 }),
      widenReason: some([null, null, "DPO 3/2026"]),
    })
    .map(({ of, mask, thresholds, ...row }) => ({
      ...of,
      ...row,
      maskFn: row.effect === "mask" ? mask : null,
      params: of.kind === "coordinate" && thresholds !== null ? { n: thresholds } : null,
      clause: "Ps. 1",
      home: null,
      elsewhere: null,
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
