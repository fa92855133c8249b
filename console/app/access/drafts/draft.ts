import type { QuestionLimits } from "../../kit/limits.ts";

/** Values of one argument that a claim may be asked for. */
export interface Threshold {
  readonly argument: string;
  readonly values: readonly string[];
}

/** A grant as the API takes it and gives it. */
export interface Grant {
  readonly selector: string;
  readonly topic: string | null;
  readonly use: string;
  readonly effect: string;
  readonly mask: string | null;
  readonly thresholds: readonly Threshold[] | null;
  readonly clause: string;
  readonly widenReason: string | null;
  readonly home: readonly string[] | null;
  readonly elsewhere: string | null;
}

interface Verification {
  readonly floor: number;
  readonly attemptsOnSubject: number;
  readonly attemptsOfClient: number;
}

/** What a version says, as AgreementVersion tells it. */
export interface Content {
  readonly number: number;
  readonly state: string;
  readonly validFrom: string;
  readonly validTo: string;
  readonly regions: readonly string[];
  readonly programs: readonly string[] | null;
  readonly decileMax: number | null;
  readonly quota: number | null;
  readonly verification: Verification;
  readonly onDenied: string;
  readonly addresses: readonly string[];
  readonly documents: string;
  readonly armed: { readonly minutes: number; readonly persons: number } | null;
  readonly limits: QuestionLimits | null;
  readonly grants: readonly Grant[];
}

/** The most that agreements may open of a class, or of one topic of it. */
export interface DataClass {
  readonly class: string;
  readonly topic: string | null;
  readonly ceiling: string;
}

/** What is typed into the editor: DraftVersionInput without the agreement and the version it replaces. */
export type Draft = Omit<Content, "number" | "state">;

/** Name under which useDraft keeps what is typed: of a new version of the agreement, or of the draft numbered so. */
export const draftName = (agreement: string, version: number | null): string =>
  version === null ? `draft.${agreement}` : `draft.${agreement}.${version}`;

const DAY_MS = 24 * 60 * 60 * 1000;
const WIB_MS = 7 * 60 * 60 * 1000;

/** Day in WIB of an instant, as date fields take it. */
export const wibDay = (instant: string): string => new Date(Date.parse(instant) + WIB_MS).toISOString().slice(0, 10);
/** The instant a day begins in WIB; the text itself where it is no day, so that the hub says so. */
export const beginning = (day: string): string =>
  /^\d{4}-\d\d-\d\d$/.test(day) ? new Date(Date.parse(`${day}T00:00:00Z`) - WIB_MS).toISOString() : day;

const NEW_DRAFT_DAYS = 365;
const EMPTY: Omit<Draft, "validFrom" | "validTo"> = {
  regions: [],
  programs: null,
  decileMax: null,
  quota: 10_000,
  verification: { floor: 80, attemptsOnSubject: 5, attemptsOfClient: 20_000 },
  onDenied: "NULL",
  addresses: [],
  documents: "OPEN",
  armed: null,
  limits: null,
  grants: [],
};

/** What the editor begins with. `base`: null begins from scratch. A draft itself keeps its days, any other version begins today. */
export function draftFrom(base: Content | null, now: Date): Draft {
  const today = beginning(wibDay(now.toISOString()));
  const inAYear = new Date(Date.parse(today) + NEW_DRAFT_DAYS * DAY_MS).toISOString();
  if (base === null) return { ...EMPTY, validFrom: today, validTo: inAYear };
  const { number: _, state, ...said } = base;
  if (state === "DRAFT") return said;
  return { ...said, validFrom: today, validTo: Date.parse(said.validTo) > now.getTime() ? said.validTo : inAYear };
}

/** Names of the registry of masks (schema/policy/masks.ts). */
export const MASKS = ["initials", "last4", "null"] as const;

/** What is sent of a draft: without the names of types, which the page's client adds to whatever it reads. */
export const inputOf = (draft: Draft): Draft =>
  JSON.parse(JSON.stringify(draft, (key, value: unknown) => (key === "__typename" ? undefined : value))) as Draft;

/** What a blank row of grants begins with. */
export const BLANK_GRANT: Grant = {
  selector: "",
  topic: null,
  use: "OUTPUT",
  effect: "ALLOW",
  mask: null,
  thresholds: null,
  clause: "",
  widenReason: null,
  home: null,
  elsewhere: null,
};

export interface Fault {
  /** As DraftVersionInput names it, such as `grants[3].clause`; empty: of the draft as a whole. */
  readonly place: string;
  readonly text: string;
}

/** The places in what the hub refused, out of the message of a BAD_USER_INPUT: `…: place: text; place: text`. */
export function faultsIn(message: string): readonly Fault[] {
  const said = message.slice(message.indexOf(": ") + 2);
  return said.split("; ").map((fault) => {
    const [, place = "", text = fault] = /^([a-zA-Z]+(?:\[\d+\])?(?:\.[a-zA-Z]+)?): (.*)$/s.exec(fault) ?? [];
    return { place, text };
  });
}

/** What is wrong at one place, and below it where `below`; undefined: nothing. */
export function faultAt(faults: readonly Fault[], place: string, below = false): string | undefined {
  const found = faults.filter(
    (fault) => fault.place === place || (below && (fault.place.startsWith(`${place}[`) || fault.place.startsWith(`${place}.`))),
  );
  return found.length === 0 ? undefined : found.map(({ text }) => text).join("; ");
}
