import type { Hub } from "../../answer.ts";
import type { Incoming } from "../../types/chain.ts";

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
 * else of a stranger's may refuse the answer to everybody, or stand on record as the client's.
 */
export function inNameOf(request: Incoming, { client, agreement, admit }: Name, hub: Hub) {
  const { "accept-language": language, "hub-case": caseNumber } = request.headers;
  const headers = { ...(language && { "accept-language": language }), ...(admit && caseNumber && { "hub-case": caseNumber }) };
  const verify = async () => {
    await admit?.();
    return { clientId: client, subject: client };
  };
  return { request: { ...request, headers: { ...headers, "hub-agreement": agreement } }, hub: { ...hub, verify } };
}
