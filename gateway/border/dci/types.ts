import type { Code } from "../../../schema/errors.ts";
import type { Hub } from "../../answer.ts";
import type { HttpAnswer, Incoming, Known } from "../../types/chain.ts";

/** Registries of the standard (Digital Convergence Initiative, API 1.0.0) that the hub speaks as: social, and integrated beneficiary registry. */
export type RegistryName = "sr" | "ibr";

/** What is written into any JSON that a sender makes: nothing of it is believed. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** Header of a request (`MsgHeader_V1.0.0`); shape checked. */
export interface MessageHeader {
  readonly version: string;
  readonly message_id: string;
  readonly message_ts: string;
  readonly action: string;
  readonly sender_id: string;
  readonly sender_uri?: string;
  readonly receiver_id?: string;
  readonly total_count: number;
}

/** A message that may be worked on: its sender is the client of the token, its signature good where it has one, and it never came before. */
export interface Received {
  readonly registry: RegistryName;
  readonly header: MessageHeader;
  readonly message: JsonObject;
  /** Set by the sender, at most 99 characters. */
  readonly transactionId: string;
  /** Who asks, under which agreement, for which purpose. */
  readonly known: Known;
  /** Its sender signed it. */
  readonly isSigned: boolean;
}

/** Status of a message, or of one of its requests. */
export type Status = "rcvd" | "pdng" | "succ" | "rjct";

/** Header of an answer or callback (`MsgCallbackHeader_V1.0.0`), without what is the same for all. */
export interface Telling {
  readonly action: string;
  readonly status: Status;
  readonly total: number;
  readonly completed: number;
  /** Whom it is for, as they call themselves. */
  readonly receiver: string;
  /** The same however often it is sent; absent: a new one. */
  readonly messageId?: string;
  /** Of each element of the answer, in `meta.receipts`; null: no question was asked. Absent: none of it was. */
  readonly receipts?: readonly (string | undefined)[];
}

/** In whose name a search is asked: the hub, and the request with their credentials. */
export interface Asking {
  readonly registry: RegistryName;
  readonly request: Incoming;
  readonly hub: Hub;
}

/** One element of `search_response`. */
export interface SearchAnswer {
  readonly item: JsonObject;
  readonly status: Status;
  /** Receipt of the question it was; undefined: none was asked. */
  readonly receipt: string | undefined;
  /** Why the hub did not answer the question, an outage before all else; undefined: it did, or none was asked. */
  readonly code?: Code;
  /** The whole hub refused (no credentials, no room, too often, record away): nothing of the message is worth going on with. */
  readonly refusal?: HttpAnswer;
}

/** Why a message is refused as a whole: a code of the standard (`err.…` or `rjct.…` of headers), and English words without a value of the sender's. */
export interface MessageFault {
  readonly status: number;
  readonly code: string;
  readonly text: string;
}

/** What the façade's parts share. */
export interface Facade {
  /** Reads a message of one action. Resolves with an answer where it is refused. Never rejects. */
  readonly receive: (
    asking: Asking,
    action: string,
    /** Throws `fault(…)` of envelope/fault.ts for what cannot be worked on: the message is then refused as a whole, on record. */
    check?: (received: Received) => void,
  ) => Promise<Received | { readonly refused: HttpAnswer }>;
  /** One element of `search_request`, asked as a question of whoever asks. Never rejects. */
  readonly answerSearch: (item: Json, asking: Asking) => Promise<SearchAnswer>;
  /** A whole message of ours, signed: the text of a body. */
  readonly signed: (telling: Telling, message: JsonObject) => string;
  /** A refusal in the standard's shape (`HttpErrorResponse`). */
  readonly refused: (fault: MessageFault, request: Incoming) => HttpAnswer;
  /** What the hub refused, in the standard's shape. */
  readonly refusedBy: (http: HttpAnswer) => HttpAnswer;
  /** A body of ours with the headers every answer has. */
  readonly told: (body: string, request: Incoming, receipts?: readonly (string | undefined)[]) => HttpAnswer;
}

/** Where the standard's `/registry/…` lies for a registry: `/registry/sr/registry/…`; the standard's path is kept whole, its base address is `/registry/sr`. */
export const addressOf = (registry: RegistryName, path: `/registry/${string}`): string => `/registry/${registry}${path}`;

/** Type of registry, as `reg_type` names it. */
export const REG_TYPE: Readonly<Record<RegistryName, string>> = {
  sr: "ns:org:RegistryType:Social",
  ibr: "ns:org:RegistryType:IBR",
};
