import type { Text } from "../../../errors.ts";
import { timeInWib } from "../../../values/wib.ts";
import type { Content } from "../../content.ts";
import { LIMIT_NAMES } from "../../questionLimits.ts";
import type { WrittenScope } from "../../rowScope.ts";
import { text } from "./verdicts.ts";

/** The terms of a version beside its grants, each as a phrase of both languages. */
const same = (word: string | number): Text => text`${word}`;
const NO_QUOTA = { id: "tanpa kuota", en: "no quota" };
const DOCUMENTS = {
  open: { id: "dokumen apa pun", en: "any document" },
  report: { id: "dokumen apa pun, yang tidak terdaftar dihitung", en: "any document, untrusted ones are counted" },
  trusted: { id: "hanya dokumen terdaftar", en: "trusted documents only" },
} as const;

export const scopeOfContent = ({ rowScope }: Pick<Content, "rowScope">): WrittenScope => rowScope as WrittenScope;

export function regionWords({ regions }: WrittenScope): Text {
  if (regions.length === 0) return { id: "tidak satu wilayah pun", en: "no region" };
  if (regions.includes("0")) return { id: "seluruh Indonesia", en: "the whole country" };
  return { id: `wilayah ${regions.join(", ")}`, en: `regions ${regions.join(", ")}` };
}
export const programWords = ({ programs }: WrittenScope): Text =>
  programs === null
    ? { id: "semua program", en: "all programs" }
    : { id: `program ${programs.join(", ")}`, en: `programs ${programs.join(", ")}` };
export const decileWords = ({ decileMax }: WrittenScope): Text =>
  decileMax === null ? { id: "semua desil", en: "all deciles" } : { id: `desil 1–${decileMax}`, en: `deciles 1–${decileMax}` };

export const instantWords = (instant: string): Text => same(`${timeInWib(new Date(instant))} WIB`);
export const quotaWords = ({ quota }: Pick<Content, "quota">): Text =>
  quota === null ? NO_QUOTA : { id: `paling banyak ${quota} orang sehari`, en: `at most ${quota} persons a day` };
export const addressWords = ({ addresses }: Pick<Content, "addresses">): Text =>
  addresses.length === 0
    ? { id: "dari alamat mana pun", en: "from any address" }
    : { id: `hanya dari ${addresses.join(", ")}`, en: `only from ${addresses.join(", ")}` };
export const documentWords = ({ documents }: Pick<Content, "documents">): Text => DOCUMENTS[documents];
export const deniedWords = ({ onDenied }: Pick<Content, "onDenied">): Text =>
  onDenied === "reject"
    ? {
        id: "pertanyaan yang sebagian tertutup ditolak seluruhnya",
        en: "a question of which any part is closed is refused whole",
      }
    : { id: "bagian yang tertutup dijawab kosong", en: "what is closed is answered with null" };
export const armedWords = ({ armed }: Pick<Content, "armed">): Text =>
  armed === null
    ? { id: "terbuka selama berlaku", en: "open while in force" }
    : {
        id: `tertutup sampai dibuka dua petugas, paling lama ${armed.minutes} menit dan ${armed.persons} orang`,
        en: `closed until two officers open it, for at most ${armed.minutes} minutes and ${armed.persons} persons`,
      };
const HUBS = { id: "batas satu pertanyaan: batas hub", en: "limits of one question: the hub's" };
const LIMITS: Readonly<Record<(typeof LIMIT_NAMES)[number], Text>> = {
  bodyBytes: { id: "bita", en: "bytes" },
  tokens: { id: "token", en: "tokens" },
  depth: { id: "tingkat dalamnya", en: "levels deep" },
  aliases: { id: "alias", en: "aliases" },
  rootFields: { id: "bidang akar", en: "root fields" },
  cost: { id: "biaya", en: "of cost" },
  subjects: { id: "baris subjek data", en: "rows of data subjects" },
};
export function limitsWords({ limits }: Pick<Content, "limits">): Text {
  if (!limits) return HUBS;
  const said = LIMIT_NAMES.flatMap((name) => (limits[name] === undefined ? [] : [text`${limits[name]} ${LIMITS[name]}`]));
  const listed = (language: keyof Text) => said.map((one) => one[language]).join(", ");
  return {
    id: `satu pertanyaan paling banyak ${listed("id")}; selebihnya batas hub`,
    en: `one question at most ${listed("en")}; else the hub's limits`,
  };
}
export const verificationWords = ({ verification }: Pick<Content, "verification">): Text => ({
  id: `verifikasi: ambang ${verification.floor}, ${verification.attemptsOnSubject} percobaan per orang dan ${verification.attemptsOfClient} per klien sehari`,
  en: `verification: floor ${verification.floor}, ${verification.attemptsOnSubject} attempts a person and ${verification.attemptsOfClient} a client a day`,
});
