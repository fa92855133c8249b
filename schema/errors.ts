import { readFileSync } from "node:fs";

/** Every code a client can see, with the HTTP status it has when it refuses a whole request. Closed: a new code is a schema change. */
const STATUS = {
  BAD_REQUEST: 400,
  GRAPHQL_PARSE_FAILED: 400,
  GRAPHQL_VALIDATION_FAILED: 400,
  BAD_USER_INPUT: 400,
  OPERATION_RESOLUTION_FAILURE: 400,
  PERSISTED_QUERY_NOT_FOUND: 400,
  PERSISTED_QUERY_NOT_SUPPORTED: 400,
  DOCUMENT_NOT_TRUSTED: 400,
  TOO_COSTLY: 400,
  AGREEMENT_REQUIRED: 400,
  CASE_REQUIRED: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  AGREEMENT_SUSPENDED: 403,
  AGREEMENT_EXPIRED: 403,
  METHOD_NOT_ALLOWED: 405,
  NOT_ACCEPTABLE: 406,
  REQUEST_TIMEOUT: 408,
  CONFLICT: 409,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  NOT_FOUND: 404,
  QUOTA_EXCEEDED: 429,
  REQUEST_RATE_LIMITED: 429,
  INTERNAL_SERVER_ERROR: 500,
  OUTCOME_UNCONFIRMED: 500, // not 503: what may have run must not be sent again unseen
  OVERLOADED: 503,
  AUDIT_UNAVAILABLE: 503,
  POLICY_UNAVAILABLE: 503,
  GATEWAY_TIMEOUT: 504,
  // of a field as a rule; of a whole request where it is a stream
  FIELD_NOT_GRANTED: 403,
  FIELD_PROHIBITED: 403,
  USE_NOT_GRANTED: 403,
  SUBGRAPH_TIMEOUT: 504,
  SUBGRAPH_UNAVAILABLE: 503,
  SUBGRAPH_INVALID_RESPONSE: 502,
  SUBGRAPH_ERROR: 502,
} as const;

export type Code = keyof typeof STATUS;
export type Language = "id" | "en";
export type Text = Readonly<Record<Language, string>>;

/** Proof that something is on record: id and leaf hash, in hex, of its entry. */
export interface Receipt {
  readonly id: string;
  readonly leaf: string;
}

/** One thing that went wrong, before it has a language. Holds only what the client may see: no value, SQL, stack or address. */
export interface Failure {
  readonly code: Code;
  readonly path?: readonly (string | number)[];
  /** Schema coordinate the failure is about. */
  readonly coordinate?: string;
  /** Public name of the source that failed. */
  readonly service?: string;
  /** English technical detail made from the client's own document, never from its values. */
  readonly detail?: string;
  readonly reason?: Text;
  readonly clause?: string;
  readonly owner?: string;
  readonly instead?: readonly string[];
  /** Of a daily limit only the name: how far others have used it up is not the asker's to know. */
  readonly limit?: { readonly name: string; readonly actual?: number; readonly max?: number };
  /** Where it is on record what was about to be done. */
  readonly receipt?: Receipt;
  readonly locations?: readonly { readonly line: number; readonly column: number }[];
}

/** Refusal of a whole request: safe to send as is. Everything else that is thrown is our bug and stays in the log. */
export class Refusal extends Error {
  readonly failures: readonly Failure[];
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Somebody was refused the same a moment ago, and that is on record. */
  readonly isRepeated: boolean;

  constructor(
    failures: Failure | readonly Failure[],
    options: { headers?: Record<string, string>; cause?: unknown; isRepeated?: boolean } = {},
  ) {
    const list = Array.isArray(failures) ? (failures as readonly Failure[]) : [failures as Failure];
    super(list.map((failure) => failure.code).join(), { cause: options.cause });
    this.name = "Refusal";
    this.failures = list;
    this.status = STATUS[list[0]?.code ?? "INTERNAL_SERVER_ERROR"];
    this.headers = options.headers ?? {};
    this.isRepeated = options.isRepeated ?? false;
  }
}

/** Labels by section (`codes`, `enums`, `reasons`, `dimensions`) and key, one file a language. */
export type Labels = Readonly<Record<string, Readonly<Record<string, string>>>>;
export const labels: Readonly<Record<Language, Labels>> = { id: read("id"), en: read("en") };

function read(language: Language): Labels {
  return JSON.parse(readFileSync(new URL(`./labels/${language}.json`, import.meta.url), "utf8")) as Labels;
}

/** A label in both languages; the key itself where it has none. */
export const labelled = (section: string, key: string): Text => ({
  id: labels.id[section]?.[key] ?? key,
  en: labels.en[section]?.[key] ?? key,
});

/** What an agreement limits a day, by the keys of their words among the reasons of the labels: those Dukcapil's own service uses. */
const DAILY_LIMITS = ["QUOTA", "ATTEMPTS_ON_SUBJECT", "ATTEMPTS_OF_CLIENT"] as const;
export type DailyLimit = (typeof DAILY_LIMITS)[number];
export const isDailyLimit = (name: unknown): name is DailyLimit => DAILY_LIMITS.some((limit) => limit === name);

/** Asked too often today: refused until midnight in western Indonesia. */
export const limitReached = (limit: DailyLimit, about: Pick<Failure, "coordinate" | "service"> = {}): Failure => ({
  code: "QUOTA_EXCEEDED",
  ...about,
  limit: { name: limit },
  reason: labelled("reasons", limit),
});

const UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
const MARK = String.raw`[\p{P}\p{Z}\p{Cf}]`;
/** Sixteen digits may be somebody's NIK, also with the marks, spaces or invisible characters people put between them; UUIDs are passed over. */
const UUID_OR_DIGITS = new RegExp(String.raw`(?<![0-9a-z])${UUID}(?![0-9a-z])|\d(?:${MARK}?\d){15,}`, "giu");
const ISO = String.raw`(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?: [0-2]\d:[0-5]\d(?::[0-5]\d(?:\.\d{1,6})?)?)?`;
/** A UUID, or nothing but ISO dates and times. */
const HARMLESS = new RegExp(`^(?:${UUID}|${ISO}(?:${MARK}${ISO})*)$`, "iu");
const isNik = (found: string): boolean => !HARMLESS.test(found);
/** Digits of other shapes and scripts (full-width, mathematical, Arabic) as plain ones; the rest stays, so that no quote comes into being in a log line. */
export const plainDigits = (text: string): string =>
  text.replace(/(?![0-9])[\p{Nd}\p{No}]/gu, (digit) => {
    const plain = digit.normalize("NFKC");
    return /^\d+$/.test(plain) ? plain : (scriptDigit(digit) ?? digit);
  });
/** Unicode has the ten digits of a script in a row, from zero on. */
function scriptDigit(digit: string): string | undefined {
  if (!/^\p{Nd}$/u.test(digit)) return undefined;
  const code = digit.codePointAt(0) ?? 0;
  let zero = code;
  while (/^\p{Nd}$/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String((code - zero) % 10);
}
export const holdsNik = (text: string): boolean => plainDigits(text).match(UUID_OR_DIGITS)?.some(isNik) ?? false;
/** Never repeat what may be a NIK, wherever it came from. `instead`: what stands for one. */
export const scrub = (text: string, instead: (found: string) => string = () => "[NIK]"): string =>
  holdsNik(text) ? plainDigits(text).replace(UUID_OR_DIGITS, (found) => (isNik(found) ? instead(found) : found)) : text;

/** An error's message for operators, without what it quotes: databases and parsers quote the very value that they could not take. */
export const messageOf = ({ message }: Error): string => message.replace(/".*"/s, '"…"');
/** Where it came from: its stack without the message. */
export const framesOf = ({ stack = "" }: Error): string[] =>
  stack.split("\n").filter((line) => line.trimStart().startsWith("at "));

/** The error entry of a GraphQL answer, in the reader's language. `message` is never empty. */
export function errorEntry(failure: Failure, language: Language, requestId?: string) {
  const { code, path, locations, coordinate, service, detail, reason, clause, owner, instead, limit, receipt } = failure;
  const text = reason?.[language] ?? labels[language].codes?.[code] ?? code;
  const message = text
    .replace("{coordinate}", coordinate ?? "")
    .replace("{service}", service ?? "")
    .replace("{receipt}", receipt?.id ?? "")
    .replace("{limit}", limit ? `${limit.name} ${limit.actual} > ${limit.max}` : "")
    .replace(/:? *\{detail\}/, detail ? `: ${detail}` : ".");
  const extensions = { code, coordinate, service, reason, clause, owner, instead, ...limitOf(limit), receipt, requestId };
  return { message: scrub(message), ...(locations && { locations }), ...(path && { path }), extensions };
}

const limitOf = (limit: Failure["limit"]) => limit && { limit: limit.name, actual: limit.actual, max: limit.max };
