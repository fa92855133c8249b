import { Refusal } from "../schema/errors.ts";
import type { AccessRecord } from "./audit/audit.ts";
import { underAgreement } from "./authenticate/agreement.ts";
import { authenticate } from "./authenticate/authenticate.ts";
import type { TokenVerifier } from "./authenticate/token.ts";
import { authorize } from "./authorize/authorize.ts";
import { execute } from "./execute/execute.ts";
import type { Grants } from "./grants.ts";
import { mask } from "./mask/mask.ts";
import { plan } from "./plan/plan.ts";
import { receive } from "./receive/receive.ts";
import { refuse, respond } from "./receive/respond.ts";
import type { HttpAnswer, Incoming, Known, Permitted, Supergraph, Transport } from "./types.ts";

/** What all requests share. */
export interface Hub {
  readonly verify: TokenVerifier;
  readonly grants: Grants;
  readonly supergraph: Supergraph;
  readonly sources: Transport;
  readonly record: AccessRecord;
}

/** The life of a request. Each line is a folder; a stage that is skipped does not compile. Never rejects. */
export async function answer(request: Incoming, hub: Hub): Promise<HttpAnswer> {
  const entry = hub.record.open();
  try {
    const asked = entry.saw(await receive(request));
    const identified = entry.saw(await authenticate(asked, hub));
    const known = entry.saw(underAgreement(identified, hub.grants.current()));
    const permitted = wholeOrNothing(authorize(known, hub.supergraph));
    const planned = plan(permitted, hub.supergraph);
    const answered = await execute(planned, hub.sources);
    const shown = mask(answered);
    const receipt = await entry.close(shown); // durable, and the grants still in force: only then may a byte leave
    return respond(known, shown, receipt);
  } catch (error) {
    await entry.fail(error);
    return refuse(error, request);
  }
}

/** Agreements written so (`on_denied: reject`) refuse a question of which any part is denied. */
function wholeOrNothing<Q extends Known & Permitted>(permitted: Q): Q {
  if (permitted.rejectsDenied && permitted.denials.length > 0) throw new Refusal([{ code: "FORBIDDEN" }, ...permitted.denials]);
  return permitted;
}
