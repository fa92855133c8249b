import type { PkhComponent } from "../../../../schema/aid/pkh.ts";
import type { Consequence, ConsequenceCode } from "./consequences.ts";
import type { Relation } from "./shape.ts";

type Language = "id" | "en";
type Texts = Readonly<Record<Language, string>>;

const RELATIONS: Readonly<Record<Relation, Texts>> = {
  HEAD: { id: "kepala keluarga", en: "head" },
  SPOUSE: { id: "istri/suami", en: "spouse" },
  CHILD: { id: "anak", en: "child" },
  CHILD_IN_LAW: { id: "menantu", en: "child-in-law" },
  GRANDCHILD: { id: "cucu", en: "grandchild" },
  PARENT_OR_IN_LAW: { id: "orang tua/mertua", en: "parent or parent-in-law" },
  DOMESTIC_WORKER: { id: "pembantu rumah tangga", en: "domestic worker" },
  OTHER: { id: "lainnya", en: "other" },
};
const COMPONENTS: Readonly<Record<PkhComponent, Texts>> = {
  PREGNANCY: { id: "ibu hamil/nifas", en: "pregnancy" },
  EARLY_CHILDHOOD: { id: "anak usia dini", en: "early childhood" },
  PRIMARY: { id: "anak SD", en: "child at primary school" },
  JUNIOR: { id: "anak SMP", en: "child at junior school" },
  SENIOR: { id: "anak SMA", en: "child at senior school" },
  ELDERLY: { id: "lanjut usia", en: "elderly" },
  SEVERE_DISABILITY: { id: "disabilitas berat", en: "severe disability" },
};
const LIMITS: Readonly<Record<string, Texts>> = {
  AT_MOST_FOUR: { id: "paling banyak empat orang sekeluarga", en: "at most four people a family" },
  AT_MOST_TWO_SMALL_CHILDREN: { id: "paling banyak dua anak usia dini", en: "at most two small children" },
  AT_MOST_TWO_PREGNANCIES: { id: "paling banyak dua kehamilan", en: "at most two pregnancies" },
};

/** Plain sentence of each code. `{…}` stands for a parameter. */
const SENTENCES: Readonly<Record<ConsequenceCode, Texts>> = {
  HOUSEHOLD_FOUNDED: {
    id: "Rumah tangga baru terbentuk. Rumah tangga ini belum punya desil sampai versi data berikutnya.",
    en: "A new household comes into being. It has no decile until the next version.",
  },
  HOUSEHOLD_MOVES: { id: "Seluruh rumah tangga pindah alamat.", en: "The whole household moves." },
  FAMILY_FOUNDED: { id: "Keluarga baru dengan nomor baru.", en: "A new family with a number of its own." },
  FAMILY_EMPTIED: { id: "Tidak ada lagi anggota di keluarga ini.", en: "Nobody is left in this family." },
  WITHOUT_ADULT: {
    id: "Tidak ada orang dewasa di keluarga ini: perlu perhatian pekerja sosial.",
    en: "No adult is left in this family: a social worker should look.",
  },
  ENTERS: {
    id: "Masuk keluarga dengan nomor {suffix} sebagai {relation}.",
    en: "Enters the family as number {suffix}, {relation}.",
  },
  HEADS: { id: "Menjadi kepala keluarga, nomor {suffix}.", en: "Heads the family, number {suffix}." },
  DIES: { id: "Tercatat meninggal; nomornya tidak dipakai lagi.", en: "Is recorded as deceased; the number is not used again." },
  RELATION_CHANGES: { id: "Hubungan berubah dari {from} menjadi {to}.", en: "Relation changes from {from} to {to}." },
  MATCHED_AGAIN: {
    id: "Nama atau NIK berubah: harus dipadankan lagi sebelum bantuan dinilai.",
    en: "Name or NIK changes: to be matched again before aid is judged.",
  },
  COMPONENT_GAINED: { id: "Komponen PKH bertambah: {component}.", en: "PKH component gained: {component}." },
  COMPONENT_LOST: { id: "Komponen PKH hilang: {component}.", en: "PKH component lost: {component}." },
  COMPONENT_NOT_COUNTED: {
    id: "Komponen PKH {component} tidak dihitung: {why}.",
    en: "PKH component {component} does not count: {why}.",
  },
  SEAT_GAINED: { id: "Menjadi calon peserta PBI-JK.", en: "Becomes a candidate for a PBI-JK seat." },
  SEAT_LOST: { id: "Bukan lagi calon peserta PBI-JK.", en: "Is no longer a candidate for a PBI-JK seat." },
  SEAT_UNDECIDED: {
    id: "Kursi PBI-JK belum dapat dinilai: belum padan atau belum berdesil.",
    en: "A PBI-JK seat cannot be judged yet: not matched, or without a decile.",
  },
};

/** A consequence in plain words; it names nobody. */
export function textOf(consequence: Consequence, language: Language): string {
  const { code: _code, member: _member, family: _family, ...params } = consequence;
  const words = new Map(Object.entries(params).map(([name, value]) => [name, worded(String(value), language)]));
  return SENTENCES[consequence.code][language].replace(/\{(\w+)\}/g, (_, name: string) => words.get(name) ?? "");
}

const WORDS: Readonly<Record<string, Texts>> = { ...RELATIONS, ...COMPONENTS, ...LIMITS };
const worded = (value: string, language: Language): string => WORDS[value]?.[language] ?? value;
