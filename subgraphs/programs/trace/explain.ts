import type { TraceStep } from "../../../schema/aid/trace.ts";
import { BEGAN_LATER, type Facts, type Halt, haltOf, outcomeOf, type State, stepsOf } from "./walk.ts";

/** What is said of a step, or of one reason why it stops; in Indonesian and English. */
export interface Words {
  readonly office: string;
  readonly textId: string;
  readonly textEn: string;
  readonly remedyId: string | null;
  readonly remedyEn: string | null;
  readonly bringId: string | null;
  readonly bringEn: string | null;
  readonly usualDays: number | null;
  readonly source: string;
}
/** Words by step and reason; of a reason without any those of the step. */
export type Vocabulary = (step: TraceStep, reason: string | undefined) => Words;

/** One payment asked about. */
export interface Asked {
  readonly program: string;
  readonly period: string;
  /** Last day of the period. */
  readonly ends: string;
}

/** The walk of one payment. */
export interface Walk extends Asked {
  readonly facts: Facts;
  readonly halt: Halt;
}

export const walkOf = (asked: Asked, facts: Facts): Walk => ({ ...asked, facts, halt: haltOf(facts, asked) });

const plain = (indonesian: string | null, english: string | null) => (indonesian === null ? null : { indonesian, english });
const HAS_NO_NEED: readonly State[] = ["PASSED", "NOT_REACHED"];

/** Why a step stands as it does. Of a step that is passed or not reached there is nothing to say. */
export function explain({ halt, facts }: Walk, step: TraceStep, words: Vocabulary) {
  const state = stepsOf(halt).find((one) => one.step === step)?.state ?? "UNKNOWN";
  const isSilent = HAS_NO_NEED.includes(state);
  const reasons = halt.at === step ? halt.reasons : [];
  const said = isSilent ? null : words(step, reasons[0]);
  return {
    state,
    today: null as State | null,
    determinedFor: null as string | null,
    reasons,
    waiting: step === "QUOTA" && !isSilent ? bandOf(facts.place) : null,
    text: said && plain(said.textId, said.textEn),
    remedy: said && plain(said.remedyId, said.remedyEn),
    bring: said && plain(said.bringId, said.bringEn),
    usualDays: said?.usualDays ?? null,
    source: said?.source ?? null,
  };
}

/** Band of a place: from the tenth part of the next power of ten on. Never the place itself, which tells who stands before. */
export function bandOf(place: string | null): string | null {
  if (place === null) return null;
  const most = 10 ** Math.max(2, String(BigInt(place) - 1n).length);
  return `${most === LEAST_BAND ? 1 : most / 10 + 1}–${most}`;
}
const LEAST_BAND = 100;

/** Where it stands, in one sentence, which tells the step and its office and nothing of why, but for days that the period already tells. */
export function sentenceOf({ halt, facts, program, period }: Walk, words: Vocabulary) {
  const name = program.replaceAll("_", " ");
  const [aid, aidEn] = [`Bantuan ${name} periode ${period}`, `The aid of ${name} for ${period}`];
  const family = facts.drawnByAnother
    ? [" Bantuan keluarga ini ditarik anggota keluarga yang lain.", " Another member of the family draws it."]
    : ["", ""];
  const told = (indonesian: string, english: string) => plain(indonesian + family[0], english + family[1]);
  const outcome = outcomeOf(halt, facts);
  if (outcome === "PAID") {
    const [more, moreEn] = halt.at === null ? ["", ""] : [", tetapi belum diambil", ", but not drawn yet"];
    const { creditedOn } = facts;
    const [on, onEn] = creditedOn === null ? ["", ""] : [` pada ${dayIn("id", creditedOn)}`, ` on ${dayIn("en", creditedOn)}`];
    return told(`${aid} sudah masuk${on}${more}.`, `${aidEn} was credited${onEn}${moreEn}.`);
  }
  if (outcome === "UNKNOWN" || halt.at === null)
    return told(`${aid} belum dapat diketahui keadaannya.`, `It is not known where ${aidEn.replace("The", "the")} stands.`);
  const { textId, textEn, office } = words(
    halt.at,
    halt.reasons.find((reason) => reason === BEGAN_LATER),
  );
  return told(
    `${aid} belum cair: ${lowered(textId)}. Yang berwenang: ${office}.`,
    `${aidEn} is not paid yet: ${textEn}. The office in charge: ${office}.`,
  );
}

const lowered = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
const dayIn = (language: "id" | "en", day: string) =>
  new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone: "UTC" }).format(new Date(day));
