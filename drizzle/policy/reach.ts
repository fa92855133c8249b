import { ceilingsFor } from "../../schema/policy/ceilings.ts";
import { readContent } from "../../schema/policy/content.ts";
import { reachOf } from "../../schema/policy/decisionTable.ts";
import type { Db } from "../client.ts";
import { contentOf, type Which } from "./compile.ts";
import { ceilingRules, newestSupergraph } from "./ground.ts";

/** Coordinates that the grants of a version reach under the newest schema and today's ceilings: what submission pins. Throws PolicyFault. */
export async function reachToday(db: Db, which: Which): Promise<string[]> {
  const { grants, purpose } = readContent(await contentOf(db, which));
  const { catalogue } = await newestSupergraph(db);
  return reachOf(grants, { catalogue, ceilings: ceilingsFor(purpose, await ceilingRules(db)) });
}
