import type { Incoming } from "../../gateway/types/chain.ts";
import type { FaceAnswer } from "../../gateway/types/faces.ts";
import type { Code, Language } from "../../schema/errors.ts";
import type { FormKey, Holder } from "./http/formToken.ts";
import type { Translate } from "./text/texts.ts";

/** Whatever a question brought; its shape is the document's. */
// biome-ignore lint/suspicious/noExplicitAny: answers are as deep as their documents, which a test holds against the schema
export type Data = Record<string, any>;

/** A question of the hub's API, asked like any client asks. */
export interface Question {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Who asks: the portal itself, or whoever is signed in at it. */
  readonly as: "portal" | "person";
}

export interface Told {
  readonly data: Data | null;
  readonly errors: readonly Trouble[];
}

/** An entry of `errors`; `message` is in the language the page asked for. */
export interface Trouble {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: { readonly code: Code; readonly service?: string; readonly requestId?: string };
}

export interface Person {
  /** Opaque id, as the hub gave it to who signed them in. */
  readonly id: string;
  readonly name: string;
  /** New with every sign-in. */
  readonly session: string;
}

export interface Contact {
  readonly telephone?: string;
  readonly email?: string;
  readonly address?: string;
}

/** A picture by the id it was announced under. */
export interface Evidence {
  readonly id: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

export interface CitizenOptions {
  /** Asks the hub through its whole pipeline; MUST NOT reject. Nobody signed in: UNAUTHENTICATED. */
  readonly ask: (request: Incoming, question: Question) => Promise<Told>;
  /** Brings the bytes of evidence the person has announced; MUST NOT reject. */
  readonly bring: (request: Incoming, evidence: Evidence) => Promise<Told>;
  /** Who is signed in; null: nobody. */
  readonly personOf: (request: Incoming) => Promise<Person | null>;
  /** Does a page of the hub send it? */
  readonly isOwn: (request: Incoming) => boolean;
  /** At least 32 bytes; forms are signed with it and addresses hashed. */
  readonly key: Uint8Array;
  /** Where people reach the hub, such as `https://hub.example`. */
  readonly publicUrl: string;
  /** Told of what is thrown: our bugs. */
  readonly onFault?: (error: unknown) => void;
  /** What is not given is not shown. */
  readonly contact: Contact;
}

/** One request of a page, and all it needs to be answered. */
export interface Visit {
  readonly request: Incoming;
  readonly url: URL;
  readonly language: Language;
  readonly t: Translate;
  /** Null on public pages, too. */
  readonly person: Person | null;
  /** Whom the person looks after at the moment; null: themself. */
  readonly representing: string | null;
  readonly forms: FormKey;
  /** Whom the forms of this page are shown to. */
  readonly holder: Holder;
  /** Did a page of ours send it? */
  readonly isOwn: boolean;
  readonly contact: Contact;
  readonly host: string;
  /** Day in western Indonesia, as people write it. */
  readonly today: string;
  readonly ask: (query: string, variables?: Readonly<Record<string, unknown>>) => Promise<Told>;
  readonly bring: (evidence: Evidence) => Promise<Told>;
}

export type Page = (visit: Visit) => Promise<FaceAnswer> | FaceAnswer;
