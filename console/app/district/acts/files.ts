import type { Client } from "@urql/core";
import { headersUnder } from "../../kit/ask.tsx";
import { ANNOUNCE } from "../kit/questions.ts";

/** SHA-256 of a file's bytes, lower-case hexadecimal. The file goes nowhere. */
export async function hashOf(file: Blob): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export interface Bringing {
  readonly client: Client;
  readonly agreement: string | null;
  readonly caseNumber: string | null;
  /** Where it belongs. */
  readonly region: string;
  /** What it proves. */
  readonly about: string;
}

/** Brings a picture as evidence: announced by its hash, then its bytes. Returns the hash. Throws an Error with the hub's words. */
export async function bringPicture(file: File, { client, agreement, caseNumber, region, about }: Bringing): Promise<string> {
  const sha256 = await hashOf(file);
  const input = { kind: "IMAGE", mediaType: file.type, bytes: file.size, sha256, region, about };
  const { data, error } = await client.mutation(ANNOUNCE, { input }).toPromise();
  if (error) throw error;
  const headers = { ...headersUnder(agreement, caseNumber), "content-type": file.type };
  const answer = await fetch(`/evidence/${data.announceEvidence.id}`, { method: "PUT", headers, body: file });
  if (!answer.ok) throw new Error(wordsIn(await answer.json().catch(() => null)) || `HTTP ${answer.status}`);
  return sha256;
}

/** What the hub says of a request that failed; empty: nothing. */
export const wordsIn = (answer: { readonly errors?: readonly { readonly message: string }[] } | null): string =>
  answer?.errors?.map(({ message }) => message).join("; ") ?? "";
