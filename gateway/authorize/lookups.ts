import { getArgumentValues, isInterfaceType, isObjectType } from "graphql";
import { type InputUse, inputUses } from "../../schema/sdl/inputUses.ts";
import type { Reading, Rewrite } from "../types/document.ts";
import type { Supergraph } from "../types/supergraph.ts";

interface Given {
  readonly reading: Reading;
  readonly supergraph: Supergraph;
  readonly coerced: Readonly<Record<string, unknown>>;
}

/**
 * Whom a question looks up by an identifier it already holds, found or not: each attempt is to leave a tag on record. An id stands for
 * itself, so that it meets the subject's own tag; anything else is named after its field (`nik:3510…`). Each once. What is only held
 * against the one looked up (VERIFY) names nobody and leaves none.
 */
export function lookupsOf({ looking }: Rewrite, { reading, supergraph, coerced }: Given): string[] {
  const uses = looking.flatMap(({ type: name, node }) => {
    const type = reading.view.getType(name);
    const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[node.name.value] : undefined;
    return field ? inputUses(field, `${name}.${field.name}`, getArgumentValues(field, node, coerced)) : [];
  });
  return [...new Set(uses.flatMap((use) => tagsOf(use, supergraph)))];
}

function tagsOf([coordinate, value]: InputUse, { entries }: Supergraph): string[] {
  const guards = entries.get(coordinate)?.guards.filter(({ use }) => use === "LOOKUP") ?? [];
  return guards.flatMap(({ field }) => {
    const name = field.slice(field.indexOf(".") + 1).toLowerCase();
    const texts = [value].flat().flatMap((one) => (one === null || one === undefined ? [] : [textOf(one)]));
    return name === "id" ? texts : texts.map((text) => `${name}:${text}`);
  });
}

const textOf = (value: unknown): string => (typeof value === "object" ? JSON.stringify(value) : String(value));
