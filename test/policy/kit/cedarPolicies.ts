import type { Ceiling, Compiling } from "../../../schema/policy/decisionTable.ts";
import type { Grant } from "../../../schema/policy/policy.ts";
import type { Effect } from "../../../schema/policy/words.ts";
import type { Catalogue, CatalogueEntry } from "../../../schema/sdl/catalogue.ts";

// policy.md §4 said a second time, in Cedar: rows are permits and forbids, an effect is the greatest openness nothing forbids. Nothing of
// ours decides here, only types are shared with what is judged.

/** How much of a value an effect shows. */
export const OPENNESS = {
  deny: 0,
  aggregate: 1,
  pseudonym: 2,
  claim: 3,
  band: 4,
  mask: 5,
  allow: 6,
} as const satisfies Record<Effect, number>;

/** Names of the masks there are. */
const REGISTRY = ["null", "last4", "initials"];

/** One entity as Cedar takes it: all that its policies may ask of a coordinate. */
export interface CoordinateEntity {
  readonly uid: { readonly type: "Coordinate"; readonly id: string };
  readonly attrs: Record<string, string | number | boolean>;
  readonly parents: { readonly type: "Class" | "Topic"; readonly id: string }[];
}

/** What holds whatever the agreement says. OUTPUT asks how open a field is: as it leaves (isCapped), or by its rows alone. */
const RULES = `
permit (principal, action in [Action::"MASK", Action::"SHAPE"], resource);
forbid (principal, action in [Action::"OUTPUT", Action::"SIBLING"], resource) unless { resource.isClassified };
forbid (principal, action in [Action::"SPEAK", Action::"OUTPUT", Action::"SIBLING"], resource) unless { resource.isPinned };

permit (principal, action == Action::"RELEASE", resource) when { resource.isStatistics };
permit (principal, action == Action::"TRANSFORM", resource)
  when { ["String", "ID"].contains(resource.type) }
  when { context.effect == "pseudonym" || context.effect == "mask" && ["null", "last4", "initials"].contains(context.kind) };

permit (principal, action in [Action::"SIBLING", Action::"PLAIN"], resource)
  when { context.source == "allow" || resource.isSibling && context.source == resource.opener };
permit (principal, action == Action::"SPEAK", resource) when { resource.isSibling && context.isSourceGranted };

forbid (principal, action in [Action::"FILTER", Action::"SORT", Action::"GROUP"], resource)
  unless { context.output == "allow" && context.isPlainOfAll };
forbid (principal, action in [Action::"LOOKUP", Action::"VERIFY", Action::"FILTER", Action::"SORT", Action::"GROUP", Action::"AGGREGATE"], resource)
  unless { resource.isKnown && resource.isPinned };
permit (principal, action == Action::"SEND", resource) when { !resource.isGuarded || resource.isPinned };

permit (principal, action == Action::"EXIST", resource);
forbid (principal, action == Action::"EXIST", resource)
  when { resource in Class::"ADMINDUK_84" || resource in Class::"ADMINISTRATION" } unless { context.isGranted };
`;

/** One agreement as a Cedar policy set. */
export const cedarPolicies = (rows: readonly Grant[], { ceilings, catalogue }: Compiling): string =>
  [
    RULES,
    ...rows.map((row) => (row.use === "OUTPUT" ? outputPolicies(row) : usePolicy(row))),
    ...ceilingPolicies(ceilings, catalogue),
  ].join("\n");

const quote = (text: string | number): string => JSON.stringify(text);
const topicId = (dataClass: string, topic: string | null): string => `${dataClass} ${topic ?? ""}`;

function selectorOf({ kind, selector, topic }: Grant): string {
  if (kind === "coordinate") return `resource == Coordinate::${quote(selector)}`;
  return topic === null ? `resource in Class::${quote(selector)}` : `resource in Topic::${quote(topicId(selector, topic))}`;
}

const isWidening = (row: Grant): boolean => row.kind === "coordinate" && row.use === "OUTPUT" && row.widenReason !== null;

function usePolicy(row: Grant): string {
  const at = selectorOf(row);
  if (row.effect === "allow") return `permit (principal, action in [Action::${quote(row.use)}, Action::"NAME"], ${at});`;
  return `permit (principal, action == Action::"NAME", ${at});
    forbid (principal, action == Action::${quote(row.use)}, ${at});`;
}

/** A prohibition absorbs; any other row speaks for the coordinate, and unless a reason widens past it nothing is more open than it. */
function outputPolicies(row: Grant): string {
  const at = selectorOf(row);
  if (row.effect === "deny")
    return `permit (principal, action in [Action::"SPEAK", Action::"NAME"], ${at});
      forbid (principal, action in [Action::"OUTPUT", Action::"SIBLING"], ${at});`;
  const unless = isWidening(row) ? ";" : " unless { resource.isWidened };";
  return [
    `permit (principal, action == Action::"SPEAK", ${at}) unless { resource.isSibling };`,
    `permit (principal, action in [Action::"OUTPUT", Action::"NAME"], ${at});`,
    `forbid (principal, action == Action::"OUTPUT", ${at}) when { context.openness > ${OPENNESS[row.effect]} }${unless}`,
    ...(row.effect === "mask"
      ? [`forbid (principal, action == Action::"MASK", ${at}) unless { ${isShownThrough(row.maskFn ?? "null")} }${unless}`]
      : []),
    ...shapePolicies(row.effect, at).map((policy) => policy + unless),
    ...(row.effect === "claim" ? claimPolicies(row, at).map((policy) => policy + unless) : []),
    ...awayPolicies(row, at).map((policy) => policy + unless),
  ].join("\n");
}

/** A mask is shown through its own only; one that nobody knows is shown through none. */
const isShownThrough = (mask: string): string => `${REGISTRY.includes(mask)} && context.name == ${quote(mask)}`;

/** What is to be seen in another's name is never seen in part, and the other way about: who says one rules the other out. */
function shapePolicies(effect: Effect, at: string): string[] {
  const other = { pseudonym: "part", band: "pseudonym", claim: "pseudonym" }[effect as string];
  return other ? [`forbid (principal, action == Action::"SHAPE", ${at}) when { context.shape == ${quote(other)} }`] : [];
}

/** A claim is asked at thresholds that some row names, and no claim row leaves out. */
function claimPolicies({ params }: Grant, at: string): string[] {
  const named = Object.entries(params ?? {}).map(
    ([argument, values]) => `context.argument == ${quote(argument)} && [${values.map(quote).join(", ")}].contains(context.value)`,
  );
  const isNamed = named.length > 0 ? named.map((text) => `(${text})`).join(" || ") : "false";
  return [
    `permit (principal, action == Action::"CLAIM", ${at}) when { ${isNamed} }`,
    `forbid (principal, action == Action::"CLAIM", ${at}) when { !(${isNamed}) }`,
  ];
}

/** What a row that holds at home only leaves of a field elsewhere: a mask of a text, of anything else nothing. */
function awayPolicies({ home, elsewhere }: Grant, at: string): string[] {
  if (home === null) return [];
  const isMask = elsewhere === "last4" || elsewhere === "initials";
  const isMasked = `${isMask} && context.isOwn && ["String", "ID"].contains(resource.type)`;
  return [
    `permit (principal, action == Action::"AWAY", ${at}) when { if ${isMasked} then context.kind == ${quote(elsewhere ?? "")} else context.kind == "closed" }`,
  ];
}

/** For every class and topic in use the rule of just that topic, or else the rule of the class, or else: closed. */
function ceilingPolicies(ceilings: readonly Ceiling[], catalogue: Catalogue): string[] {
  const stated = new Map(
    [...catalogue.entries.values()].flatMap(({ classes }) => classes.map((data) => [topicId(data.class, data.topic), data])),
  );
  return [...stated].map(([id, data]) => {
    const ofClass = ceilings.filter((rule) => rule.class === data.class);
    const rule = ofClass.find(({ topic }) => topic === data.topic) ?? ofClass.find(({ topic }) => topic === null);
    const openness = OPENNESS[rule?.ceiling ?? "deny"];
    const at = `resource in Topic::${quote(id)}`;
    return [
      `forbid (principal, action == Action::"OUTPUT", ${at}) when { context.isCapped && context.openness > ${openness} };`,
      ...(openness < OPENNESS.allow ? [`forbid (principal, action == Action::"SIBLING", ${at});`] : []),
      ...shapePolicies(rule?.ceiling ?? "deny", at).map((policy) => `${policy} when { context.isCapped };`),
    ].join("\n");
  });
}

/** What is known of a coordinate; `entry` is undefined where the schema does not know it. */
interface Known {
  readonly entry: CatalogueEntry | undefined;
  readonly rows: readonly Grant[];
  readonly pinned: ReadonlySet<string> | undefined;
}

/** The coordinate as an entity: of its own classes, or of those its subject gives it. */
export function cedarEntity(
  coordinate: string,
  { entry, rows, pinned }: Known,
  classes: CatalogueEntry["classes"] = entry?.classes ?? [],
): CoordinateEntity {
  const own = rows.filter((row) => row.kind === "coordinate" && row.selector === coordinate && row.use === "OUTPUT");
  return {
    uid: { type: "Coordinate", id: coordinate },
    attrs: {
      type: entry?.type ?? "",
      opener: entry?.bandOf ? "band" : "claim",
      isKnown: entry !== undefined,
      isPinned: pinned === undefined || pinned.has(coordinate),
      isClassified: classes.length > 0,
      isGuarded: (entry?.guards.length ?? 0) > 0,
      isStatistics: entry?.isStatistics ?? false,
      isSibling: Boolean(entry?.bandOf ?? entry?.claimOf),
      isWidened: own.some(isWidening),
    },
    parents: classes.flatMap((data) => [
      { type: "Class" as const, id: data.class },
      { type: "Topic" as const, id: topicId(data.class, data.topic) },
    ]),
  };
}
