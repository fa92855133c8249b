import { type GraphQLEnumType, type GraphQLInputObjectType, type GraphQLNamedType, isEnumType, isInputObjectType } from "graphql";

// TypeScript as text. It is laid out as Biome lays it out at 130 columns, so that a generated file passes the checks of who keeps it.

export const WIDTH = 130;

/** What scalars are on the wire. Amounts are text: they exceed what a number holds. */
export const SCALARS: Readonly<Record<string, string>> = {
  ...{ ID: "string", String: "string", Int: "number", Float: "number", Boolean: "boolean" },
  ...{ Rupiah: "string", Date: "string", DateTime: "string", RegionCode: "string" },
};

/** Named types that what was written refers to. */
export class Names {
  readonly scalars = new Set<string>();
  readonly enums = new Map<string, GraphQLEnumType>();
  readonly inputs = new Map<string, GraphQLInputObjectType>();
  hasGrowing = false;

  /** Of a value that is told: an enum may have grown since. */
  output(type: GraphQLNamedType): string {
    if (!isEnumType(type)) return this.input(type);
    this.hasGrowing = true;
    return `MayGrow<${this.input(type)}>`;
  }

  /** Of a value that is given. */
  input(type: GraphQLNamedType): string {
    if (isEnumType(type)) this.enums.set(type.name, type);
    else if (isInputObjectType(type)) this.inputs.set(type.name, type);
    else return this.scalar(type.name);
    return type.name;
  }

  private scalar(name: string): string {
    const primitive = SCALARS[name];
    if (BUILT_IN.has(name)) return primitive ?? "unknown";
    this.scalars.add(name);
    return name;
  }
}

const BUILT_IN: ReadonlySet<string> = new Set(["ID", "String", "Int", "Float", "Boolean"]);

/** Each once, in the order given. */
export const unionOf = (types: readonly string[]): string => [...new Set(types)].join(" | ");

export interface Property {
  readonly key: string;
  readonly type: string;
  readonly isOptional: boolean;
}

/** An object's type, a line a property. */
export const objectOf = (properties: readonly Property[]): string => {
  const lines = properties.map(({ key, type, isOptional }) => `readonly ${key}${isOptional ? "?" : ""}: ${type};`);
  return lines.length === 0 ? "Record<string, never>" : `{\n${indented(lines.join("\n"))}\n}`;
};

const indented = (text: string): string => text.replaceAll(/^(?=.)/gm, "  ");

/** A type by its name; a union too long for a line has a line a part. */
export function typeNamed(name: string, type: string, parts?: readonly string[]): string {
  const line = `export type ${name} = ${type};`;
  if (parts === undefined || line.length <= WIDTH) return line;
  return `export type ${name} =\n${parts.map((part) => `  | ${part}`).join("\n")};`;
}
