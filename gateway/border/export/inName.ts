import { randomUUID } from "node:crypto";
import { ask, type Hub } from "../../answer.ts";
import { type Told, told } from "../../receive/routes/told.ts";
import type { Errand, Incoming } from "../../types/chain.ts";
import { refusalOf } from "./pages.ts";

/** What a question is asked as; `admit` is asked before each page. */
export interface Name {
  readonly client: string;
  readonly agreement: string;
  readonly admit?: () => Promise<unknown>;
}

/** In whose name open data are asked. */
export const OPEN_DATA: Name = { client: "publik", agreement: "PKS-2025-031" };

/**
 * A request as a question of this client, whatever it brings: of its headers only the language stays, and the case number of who showed a key. Nothing
 * else of a stranger's may refuse the answer to everybody, or stand on record as the client's; and only who showed a key is told what is left of the client's rates.
 */
export function inNameOf(request: Incoming, { client, agreement, admit }: Name, hub: Hub) {
  const { "accept-language": language, "hub-case": caseNumber } = request.headers;
  const headers = { ...(language && { "accept-language": language }), ...(admit && caseNumber && { "hub-case": caseNumber }) };
  const verify = async () => {
    await admit?.();
    return { clientId: client, subject: client };
  };
  const tally = admit ? request.tally : undefined;
  return { request: { ...request, tally, headers: { ...headers, "hub-agreement": agreement } }, hub: { ...hub, verify } };
}

const ASK_MS = 15_000;
const KEEP_REFUSED_MS = 1_000;

interface Kept<What> {
  readonly hub: Hub;
  readonly epoch: number;
  until: number;
  readonly what: Promise<What>;
}

/**
 * What everybody may know, asked in the portal's name under the policy of now and kept so long: who asks over and over fills no record with it. `read`
 * answers null where nothing was told. Rejects with the Refusal that was the answer.
 */
export function keptForAll<What>(keepMs: number, errand: Errand, read: (answer: Told) => What | null) {
  let kept: Kept<What> | undefined;
  const now = async (request: Incoming, hub: Hub): Promise<What> => {
    // others wait for it, too: it does not end with whoever asked first
    const forAll = { receiptId: randomUUID(), deadline: performance.now() + ASK_MS, signal: new AbortController().signal };
    const named = inNameOf({ ...request, ...forAll }, OPEN_DATA, hub);
    const answer = told(await ask(named.request, errand, named.hub), request);
    const what = answer.errors.length === 0 ? read(answer) : null;
    if (what === null) throw refusalOf(answer);
    return what;
  };
  return (request: Incoming, hub: Hub): Promise<What> => {
    const { epoch } = hub.grants.current();
    if (kept?.hub === hub && kept.epoch === epoch && performance.now() < kept.until) return kept.what;
    const asked = { hub, epoch, until: performance.now() + keepMs, what: now(request, hub) };
    asked.what.catch(() => {
      asked.until = performance.now() + KEEP_REFUSED_MS;
    });
    kept = asked;
    return asked.what;
  };
}
