import type { AttestationKeys } from "../../schema/attestation.ts";
import type { Held } from "../kit/serve/context.ts";
import type { HoldOptions } from "../kit/serve/serve.ts";
import { type News, openNews } from "./events/data.ts";

/** What programs keeps while it runs: whose attestations it believes, and who looks for news. */
export interface Inbox extends Held {
  readonly keys: AttestationKeys;
  readonly news: News;
}

export function openInbox({ attestation, databaseUrl }: HoldOptions): Inbox {
  if (!attestation) throw new Error("programs needs HUB_ATTESTATION_KEY_PROGRAMS");
  const news = openNews(databaseUrl);
  return { keys: attestation.keys, news, close: () => news.close() };
}
