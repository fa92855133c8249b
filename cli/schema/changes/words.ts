import type { Kind, Words } from "./kinds.ts";

const SENTENCES: Readonly<Record<Kind, Words>> = {
  TYPE_REMOVED: { id: "Tipe {coordinate} dihapus.", en: "Type {coordinate} was removed." },
  TYPE_KIND_CHANGED: {
    id: "{coordinate} berubah jenis dari {before} menjadi {after}.",
    en: "{coordinate} changed from {before} to {after}.",
  },
  FIELD_REMOVED: { id: "{coordinate} dihapus{before}.", en: "{coordinate} was removed{after}." },
  FIELD_TYPE_CHANGED: {
    id: "{coordinate} berubah tipe dari {before} menjadi {after}.",
    en: "{coordinate} changed its type from {before} to {after}.",
  },
  ARGUMENT_REMOVED: { id: "Argumen {coordinate} dihapus{before}.", en: "Argument {coordinate} was removed{after}." },
  ARGUMENT_TYPE_CHANGED: {
    id: "Argumen {coordinate} berubah tipe dari {before} menjadi {after}.",
    en: "Argument {coordinate} changed its type from {before} to {after}.",
  },
  ARGUMENT_NEEDED: { id: "Argumen baru {coordinate} wajib diisi.", en: "The new argument {coordinate} must be given." },
  INPUT_FIELD_REMOVED: { id: "Isian {coordinate} dihapus{before}.", en: "Input field {coordinate} was removed{after}." },
  INPUT_FIELD_TYPE_CHANGED: {
    id: "Isian {coordinate} berubah tipe dari {before} menjadi {after}.",
    en: "Input field {coordinate} changed its type from {before} to {after}.",
  },
  INPUT_FIELD_NEEDED: { id: "Isian baru {coordinate} wajib diisi.", en: "The new input field {coordinate} must be given." },
  VALUE_REMOVED: { id: "Nilai {coordinate} dihapus{before}.", en: "Value {coordinate} was removed{after}." },
  MEMBER_REMOVED: { id: "{before} tidak lagi anggota {coordinate}.", en: "{before} is no member of {coordinate} any more." },
  INTERFACE_REMOVED: { id: "{coordinate} tidak lagi merupakan {before}.", en: "{coordinate} is no {before} any more." },
  CLASS_RAISED: {
    id: "{coordinate} berpindah dari kelas {before} ke {after}: hibah atas kelas {before} tidak lagi membukanya.",
    en: "{coordinate} went from class {before} to {after}: grants of class {before} open it no longer.",
  },
  MAY_BE_NULL: {
    id: "{coordinate} tidak lagi publik ({after}): tanpa hibah nilainya kosong dengan FIELD_NOT_GRANTED.",
    en: "{coordinate} is public no longer ({after}): without a grant it is null with FIELD_NOT_GRANTED.",
  },
  GUARD_ADDED: {
    id: "{coordinate} kini menyentuh {after} dan memerlukan hibah untuk penggunaan itu.",
    en: "{coordinate} now touches {after} and needs a grant for that use.",
  },
  SIBLING_REMOVED: {
    id: "{coordinate} tidak lagi menjawab sebagai {before}: hibah dengan akibat itu tidak membukanya.",
    en: "{coordinate} no longer answers as the {before}: grants with that effect do not open it.",
  },
  ARGUMENT_ADDED: {
    id: "Argumen baru {coordinate}, boleh kosong.",
    en: "There is a new argument {coordinate}; it may be left out.",
  },
  DEFAULT_CHANGED: {
    id: "Nilai bawaan {coordinate} berubah dari {before} menjadi {after}.",
    en: "The default of {coordinate} changed from {before} to {after}.",
  },
  INPUT_FIELD_ADDED: {
    id: "Isian baru {coordinate}, boleh kosong.",
    en: "There is a new input field {coordinate}; it may be left out.",
  },
  VALUE_ADDED: { id: "Nilai baru {coordinate} dapat muncul.", en: "The new value {coordinate} may appear." },
  MEMBER_ADDED: { id: "{after} menjadi anggota {coordinate}.", en: "{after} became a member of {coordinate}." },
  INTERFACE_ADDED: { id: "{coordinate} kini juga {after}.", en: "{coordinate} now is a {after}, too." },
  CLASS_LOWERED: {
    id: "{coordinate} berpindah dari kelas {before} ke {after}: hibah atas kelas itu kini dapat membukanya.",
    en: "{coordinate} went from class {before} to {after}: grants of that class may open it now.",
  },
  CONTROLLER_CHANGED: {
    id: "Pengendali {coordinate} berganti dari {before} menjadi {after}.",
    en: "The controller of {coordinate} changed from {before} to {after}.",
  },
  COUNTED: { id: "Setiap pertanyaan atas {coordinate} kini dihitung.", en: "Asking {coordinate} is counted from now on." },
  SEALED: {
    id: "{coordinate} kini tersegel: kosong bila satu baris di dalamnya tidak boleh ditunjukkan seluruhnya.",
    en: "{coordinate} is sealed from now on: null where a row in it may not be shown whole.",
  },
  SUBJECT_ADDED: {
    id: "Baris {coordinate} kini dihitung sebagai subjek data dalam kuota.",
    en: "Rows of {coordinate} count as data subjects against the quota from now on.",
  },
  DEPRECATED_WITHOUT_DAY: {
    id: "{coordinate} usang, tanpa hari penghapusan: {after}",
    en: "{coordinate} is deprecated without a day of removal: {after}",
  },
  DEPRECATED: {
    id: "{coordinate} usang: {after} (dihapus setelah {before}).",
    en: "{coordinate} is deprecated: {after} (gone after {before}).",
  },
  DEPRECATION_TAKEN_BACK: { id: "{coordinate} tidak lagi usang.", en: "{coordinate} is deprecated no longer." },
  TYPE_ADDED: { id: "Tipe baru {coordinate}.", en: "There is a new type {coordinate}." },
  FIELD_ADDED: { id: "{coordinate} baru.", en: "There is {coordinate}." },
  NEVER_NULL: {
    id: "{coordinate} kini {after}, sebelumnya {before}.",
    en: "{coordinate} is {after} now, was {before}.",
  },
  GUARD_REMOVED: { id: "{coordinate} tidak lagi menyentuh {before}.", en: "{coordinate} no longer touches {before}." },
};

/** What happened, in one sentence of each language. */
export function sentence(kind: Kind, said: Readonly<Record<"coordinate" | "before" | "after", string>>): Words {
  const fill = (text: string) => text.replace(/\{(coordinate|before|after)\}/g, (_, name: keyof typeof said) => said[name]);
  return { id: fill(SENTENCES[kind].id), en: fill(SENTENCES[kind].en) };
}
