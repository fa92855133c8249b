import { type DocumentNode, Kind, parse, print, visit } from "graphql";
import { apiOf, type Published } from "../../../drizzle/policy/ground.ts";
import { type CeilingRule, ceilingsFor } from "../../../schema/policy/ceilings.ts";
import type { Content } from "../../../schema/policy/content.ts";
import { compileTable, type TableVerdict } from "../../../schema/policy/decisionTable.ts";
import { documentUses } from "../../../schema/policy/insight/document/documentUses.ts";
import { judgeUses } from "../../../schema/policy/insight/document/judgeUses.ts";

export interface DocumentFault {
  /** Null: the document as a whole. */
  readonly coordinate: string | null;
  readonly reason: "INVALID" | "RETIRED" | "NOT_GRANTED" | "PROHIBITED" | "USE_NOT_GRANTED";
  readonly detail: string;
}

/** One answer for what is no GraphQL, what no schema has and what this agreement is not told of: the last must look like the others. */
const INVALID: DocumentFault = {
  coordinate: null,
  reason: "INVALID",
  detail:
    "It is no document of one operation over this agreement's schema with secrets in variables only. Asked once through the hub, it is told where.",
};

/**
 * A proof that a document asks only what a version opens, whatever its variables will hold: empty, or every coordinate in the way. What a
 * claim's variable may hold is judged when it is asked.
 */
export function proverOf(
  content: Content,
  { published, ceilings }: { readonly published: Published; readonly ceilings: readonly CeilingRule[] },
): (document: string) => readonly DocumentFault[] {
  const { catalogue } = published;
  const pinned = new Set(content.coordinates);
  const table = compileTable(content.grants, { ceilings: ceilingsFor(content.purpose, ceilings), catalogue, pinned });
  const schema = apiOf(published);
  return (document) => {
    const written = documentUses(document, { schema, catalogue });
    if ("faults" in written) return [INVALID];
    const atWorst = documentUses(print(withUnknownVariables(parse(document))), { schema, catalogue });
    if ("faults" in atWorst || [...written.names].some((name) => table.hidden.has(name))) return [INVALID];
    const judged = [written, atWorst].flatMap((uses) => judgeUses(uses, table.verdict).judged);
    const closed = judged.filter(({ isOpen, closedBy }) => !isOpen && closedBy.length === 0).map(({ coordinate }) => coordinate);
    // beside a variable an input is not judged by its value, which is unknown; that it is named is enough
    const isInput = (name: string) => ["input", "value"].includes(catalogue.entries.get(name)?.kind ?? "");
    const shut = [...written.names].filter((name) => isInput(name) && table.verdict(name).effect !== "allow");
    const told = [...new Set([...closed, ...shut])].filter((coordinate) => !table.hidden.has(coordinate)).sort();
    return told.map((coordinate) => faultOf(coordinate, table.verdict(coordinate)));
  };
}

function faultOf(coordinate: string, verdict: TableVerdict): DocumentFault {
  if (verdict.effect !== "deny" || verdict.code === "USE_NOT_GRANTED")
    return { coordinate, reason: "USE_NOT_GRANTED", detail: `${coordinate} may not be used so under this agreement.` };
  const { code, clause, instead } = verdict;
  if (code === "FIELD_NOT_GRANTED")
    return { coordinate, reason: "NOT_GRANTED", detail: `${coordinate} is not granted by this agreement.` };
  const rule = clause ? ` (${clause})` : "";
  const other = instead ? `; ask ${instead.join(", ")} instead` : "";
  return { coordinate, reason: "PROHIBITED", detail: `${coordinate} is prohibited by this agreement${rule}${other}.` };
}

/** Without defaults, and each needed: then nothing about their values is assumed. */
const withUnknownVariables = (document: DocumentNode): DocumentNode =>
  visit(document, {
    VariableDefinition: ({ defaultValue: _, ...node }) => ({
      ...node,
      type: node.type.kind === Kind.NON_NULL_TYPE ? node.type : { kind: Kind.NON_NULL_TYPE, type: node.type },
    }),
  });
