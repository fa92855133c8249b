import type { Field, Helper, Part, Piece, World } from "./world.ts";

/** A subgraph's SDL without its head. `isPlain`: as one schema, without extensions. */
export function sdlOf({ pieces, helpers, roots = {}, isExtending = false }: Part, isPlain = false): string {
  const isExtended = (piece: Piece) => piece.extended === true && !isPlain;
  const text = renamed(pieces.map((piece) => textOf(piece, isExtended(piece))).join("\n"), roots);
  return [text, ...usedBy(text, helpers).map(helperOf), rootsOf(pieces, roots, isExtending && !isPlain)]
    .filter(Boolean)
    .join("\n");
}

export const printWorld = ({ parts, nullKeys = [] }: World): string =>
  [
    ...nullKeys.map((key) => `# null now and then: ${key}`),
    ...parts.map((part) => `# subgraph ${part.name}\n${sdlOf(part)}`),
  ].join("\n\n");

const renamed = (text: string, roots: Readonly<Record<string, string>>): string =>
  text.replace(/(?<=type |: \[*)(Query|Mutation)\b/g, (name) => roots[name] ?? name);

function rootsOf(pieces: readonly Piece[], roots: Readonly<Record<string, string>>, isExtending: boolean): string {
  if (Object.keys(roots).length === 0) return "";
  const those = ["Query", "Mutation"].filter((name) => pieces.some((piece) => piece.name === name));
  const fields = those.map((name) => `${name.toLowerCase()}: ${roots[name] ?? name}`);
  return `${isExtending ? "extend " : ""}schema { ${fields.join(" ")} }`;
}

/** Helpers that the text names, and those that they name. */
function usedBy(text: string, helpers: readonly Helper[]): Helper[] {
  const used = new Set<Helper>();
  const look = (within: string): void => {
    for (const helper of helpers) {
      if (used.has(helper) || !new RegExp(`\\b${helper.name}\\b`).test(within)) continue;
      used.add(helper);
      look(helper.values.join(" "));
    }
  };
  look(text);
  return [...used];
}

const helperOf = ({ kind, name, values }: Helper): string =>
  kind === "scalar" ? `scalar ${name}` : `${kind} ${name} { ${values.join(" ")} }`;

function textOf({ kind, name, implements: above, keys, fields, members, inaccessible }: Piece, isExtended: boolean): string {
  const hidden = inaccessible ? " @inaccessible" : "";
  if (kind === "union") return `union ${name}${hidden} = ${members.join(" | ")}`;
  const keyed = keys.map((key) => ` @key(fields: "${key.fields}"${key.resolvable ? "" : ", resolvable: false"})`).join("");
  const head = `${kind === "interface" ? "interface" : "type"} ${name}${above.length > 0 ? ` implements ${above.join(" & ")}` : ""}`;
  const marks = `${keyed}${kind === "interfaceObject" ? " @interfaceObject" : ""}${hidden}`;
  return `${isExtended ? "extend " : ""}${head}${marks} {\n${fields.map(fieldOf).join("\n")}\n}`;
}

function fieldOf({ name, type, args, ...marks }: Field): string {
  const label = marks.label ? `, label: "${marks.label}"` : "";
  const directives = [
    marks.external && "@external",
    marks.shareable && "@shareable",
    marks.inaccessible && "@inaccessible",
    marks.requires && `@requires(fields: ${JSON.stringify(marks.requires)})`,
    marks.provides && `@provides(fields: ${JSON.stringify(marks.provides)})`,
    marks.override && `@override(from: "${marks.override}"${label})`,
  ].filter(Boolean);
  return `  ${name}${args.length > 0 ? `(${args.join(", ")})` : ""}: ${type}${directives.length > 0 ? ` ${directives.join(" ")}` : ""}`;
}
