import {
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isUnionType,
  parse,
  validate,
} from "graphql";
import { once, pick, type Random } from "../world/random.ts";
import { aboutSchema } from "./introspection.ts";
import { definitionsFor, VARIABLES, valueFor } from "./values.ts";

const EVIL = ["id", "k1", "__typename", "__proto__", "_h0", "label", "own", "f1", "x"];
const CONDITIONS = [
  "@include(if: $t)",
  "@skip(if: $f)",
  "@include(if: $f)",
  "@skip(if: $t)",
  "@include(if: true) @skip(if: $f)",
  "@include(if: $dt)",
  "@skip(if: $df)",
  "@skip(if: $dt)",
  "@include(if: $dt) @skip(if: $t)",
];

/** A question with its variables, and with the name of the operation to run where the document holds several. */
export const asked = (document: string) => ({
  document,
  variables: VARIABLES,
  ...(/(?:query|mutation) Main\b/.test(document) && { operationName: "Main" }),
});

/** A random question that the schema allows. Undefined where none was found in a few attempts. */
export function ask(schema: GraphQLSchema, random: Random): string | undefined {
  for (let attempt = 0; attempt < 6; attempt++) {
    const text = new Writer(schema, random).operation();
    if (text.length < 6000 && validate(schema, parse(text)).length === 0) return text;
  }
  return undefined;
}

/** Writes a random operation. Not always legal: names in the answer may collide. */
class Writer {
  private readonly fragments: string[] = [];
  private readonly onType = new Map<string, string[]>();
  private readonly schema: GraphQLSchema;
  private readonly random: Random;
  private left = 40;

  constructor(schema: GraphQLSchema, random: Random) {
    this.schema = schema;
    this.random = random;
  }

  operation(): string {
    const mutation = this.schema.getMutationType();
    const isMutation = mutation && once(this.random, 2);
    const body = this.set((isMutation ? mutation : this.schema.getQueryType()) as GraphQLCompositeType, 0);
    const text = `${body} ${this.fragments.join(" ")}`;
    const kind = isMutation ? "mutation" : "query";
    if (!once(this.random, 8)) return `${kind}${definitionsFor(text, this.random)} ${text}`;
    const other = `query Other { __typename }`;
    const main = `${kind} Main${definitionsFor(text, this.random)} ${text}`;
    return once(this.random, 2) ? `${main} ${other}` : `${other} ${main}`;
  }

  private set(type: GraphQLCompositeType, depth: number): string {
    const count = pick(this.random, depth === 0 ? [1, 2, 3, 4] : [1, 2, 2, 3, 4]);
    const parts = Array.from({ length: count }, () => this.part(type, depth));
    return `{ ${parts.join(" ")} }`;
  }

  private part(type: GraphQLCompositeType, depth: number): string {
    this.left -= 1;
    if (this.left < 0 && isUnionType(type)) return "__typename";
    const isAbout = type === this.schema.getQueryType() && once(this.random, 8);
    return isAbout ? aboutSchema(this.schema, this.random) : this.kindOfPart(type, depth);
  }

  private kindOfPart(type: GraphQLCompositeType, depth: number): string {
    const abstract = ["field", "type", "fragment", "fragment", "spread"];
    const kinds = isUnionType(type)
      ? abstract.slice(1)
      : isAbstractType(type)
        ? abstract
        : ["field", "field", "field", "field", "field", ...abstract];
    const kind = pick(this.random, kinds);
    if (kind === "type")
      return pick(this.random, ["__typename", "__typename", "t: __typename", "id: __typename", "zString: __typename"]);
    if (kind === "field" && !isUnionType(type)) return this.field(pick(this.random, Object.values(type.getFields())), depth);
    if (depth > 6) return "__typename";
    const on = this.narrowed(type);
    if (kind === "fragment")
      return `... ${once(this.random, 8) ? "" : `on ${on.name}`} ${this.condition()} ${this.set(on, depth + 1)}`;
    return `...${this.fragment(on, depth)} ${this.condition()}`;
  }

  /** The type itself, one below it, or one that shares an object type with it. */
  private narrowed(type: GraphQLCompositeType): GraphQLCompositeType {
    const objects = isAbstractType(type) ? this.schema.getPossibleTypes(type) : [type];
    const all = Object.values(this.schema.getTypeMap()).filter(isCompositeType);
    const able = all.filter((each) =>
      objects.some((object) => each === object || (isAbstractType(each) && this.schema.isSubType(each, object))),
    );
    return able.length > 0 && (isAbstractType(type) || once(this.random, 3)) ? pick(this.random, able) : type;
  }

  private fragment(type: GraphQLCompositeType, depth: number): string {
    const known = this.onType.get(type.name) ?? [];
    if (known.length > 0 && once(this.random, 2)) return pick(this.random, known);
    const body = this.set(type, depth + 1);
    const name = `F${this.fragments.length}`;
    this.fragments.push(`fragment ${name} on ${type.name} ${body}`);
    this.onType.set(type.name, [...(this.onType.get(type.name) ?? []), name]);
    return name;
  }

  private field(field: GraphQLField<unknown, unknown>, depth: number): string {
    const type = getNamedType(field.type);
    if (isCompositeType(type) && (depth > 5 || (this.left < 0 && depth > 0))) return "__typename";
    const args = field.args.flatMap((argument) => this.argument(argument));
    const own = `k${field.name}${args.join("").replace(/\W/g, "")}: `;
    // The same key for fields of other types, with other arguments.
    const shared = `z${String(field.type).replace(/\W/g, "")}${field.name.length % 2}: `;
    const evil = `${pick(this.random, EVIL)}: `;
    const alias = pick(this.random, args.length > 0 ? [own, own, own, "", shared, evil] : ["", "", "", "", own, shared, evil]);
    const below = isCompositeType(type) ? this.set(type, depth + 1) : "";
    return `${alias}${field.name}${args.length > 0 ? `(${args.join(", ")})` : ""} ${this.condition()} ${below}`;
  }

  private argument({ name, type }: GraphQLArgument): string[] {
    const value = valueFor(type, this.random);
    return value ? [`${name}: ${value}`] : [];
  }

  private condition(): string {
    return once(this.random, 6) ? pick(this.random, CONDITIONS) : "";
  }
}
