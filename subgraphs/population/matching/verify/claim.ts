import { parseNik } from "../../../../schema/nik.ts";
import { nameForms } from "../text/nameForms.ts";

/** What somebody is said to be, as far as it is said. */
export interface Claim {
  /** 16 digits. */
  readonly nik: string;
  readonly fullName: string | null;
  readonly birthPlace: string | null;
  /** ISO day. */
  readonly birthDate: string | null;
  readonly sex: string | null;
  readonly motherName: string | null;
  /** 16 digits. */
  readonly familyCardNumber: string | null;
  readonly address: string | null;
  /** Code without dots, of any level. */
  readonly region: string | null;
}
export type Claimed = Exclude<keyof Claim, "nik">;

/** A claim as a client sends it: what it leaves out is undefined or null. */
export type ClaimInput = Pick<Claim, "nik"> & { readonly [key in Claimed]?: Claim[key] | undefined };

const OLDEST = 150;
const MAX_NAME = 100;
const MAX_ADDRESS = 200;

const isName = (text: string) => text.length <= MAX_NAME && nameForms(text).tokens.length > 0;
const isPlace = (text: string) => text.length <= MAX_NAME && /\p{L}/u.test(text);
const isAddress = (text: string) => text.length <= MAX_ADDRESS && /[\p{L}\p{N}]/u.test(text);
const yearsBefore = (day: string, years: number) => `${String(Number(day.slice(0, 4)) - years).padStart(4, "0")}${day.slice(4)}`;

interface Form {
  readonly isOne: (text: string, today: string) => boolean;
  readonly expects: string;
}
const NAME: Form = { isOne: isName, expects: `must be a name of at most ${MAX_NAME} characters` };
const ANY: Form = { isOne: () => true, expects: "" };

/** Every element but the NIK, in the order of the answer. */
const FORMS: Readonly<Record<Claimed, Form>> = {
  fullName: NAME,
  birthPlace: { isOne: isPlace, expects: `must be a place of at most ${MAX_NAME} characters` },
  birthDate: {
    isOne: (day, today) => day <= today && day >= yearsBefore(today, OLDEST),
    expects: `must be a day of the last ${OLDEST} years`,
  },
  sex: ANY, // a word of an enum and a code of a scalar: they were read before they came here
  motherName: NAME,
  familyCardNumber: { isOne: (text) => /^[1-9][0-9]{15}$/.test(text), expects: "must be 16 digits" },
  address: { isOne: isAddress, expects: `must be an address of at most ${MAX_ADDRESS} characters` },
  region: ANY,
};
const CLAIMED = Object.keys(FORMS) as readonly Claimed[];

/** What is wrong with one element that is claimed, by its name and never with its value; null: nothing. `today`: ISO day of the question. Pure. */
export const faultOf = (name: Claimed, value: string, today: string): string | null =>
  FORMS[name].isOne(value, today) ? null : `${name} ${FORMS[name].expects}`;

/**
 * The claim in an input, or everything that is wrong with it: each fault names its field and never repeats the value. `today` is the
 * ISO day of the question. Pure.
 */
export function readClaim(input: ClaimInput, today: string): { readonly claim: Claim; readonly faults: readonly string[] } {
  const said = CLAIMED.map((name) => [name, input[name]?.trim() ?? null] as const);
  const claim = { nik: input.nik, ...Object.fromEntries(said) } as unknown as Claim;
  const faults = said
    .map(([name, value]) => (value === null ? null : faultOf(name, value, today)))
    .filter((fault) => fault !== null);
  // made-up people are not refused here: outside of development nobody has such a NIK
  const nik = parseNik(input.nik, { referenceDate: today, allowSynthetic: true });
  if ("fault" in nik) faults.unshift(`nik must be a NIK of 16 digits (${nik.fault})`);
  if (said.every(([, value]) => value === null)) faults.push("input must hold the nik and at least one more element");
  return { claim, faults };
}
