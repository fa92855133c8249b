import type { Change } from "../changes/change.ts";
import type { Words } from "../changes/kinds.ts";

const CHANGE_DOCUMENT: Words = {
  id: "Ubah dokumen yang memakainya dan daftarkan kembali sebelum hari itu.",
  en: "Change the documents that use it, and register them anew before that day.",
};
const NEEDS_GRANT: Words = {
  id: "Bila masih diperlukan, mintalah hibahnya kepada pengendali melalui versi baru perjanjian; bila tidak, hapus dari dokumen.",
  en: "Where you still need it, ask its controller for a grant in a new version of the agreement; else take it out of your documents.",
};
const MOVE_ON: Words = {
  id: "Pindahlah ke penggantinya sebelum hari penghapusan.",
  en: "Move to what takes its place before the day of removal.",
};
const SEE_TO_IT: Words = {
  id: "Periksa apakah program Anda siap menerimanya.",
  en: "See whether your programs take it.",
};
const NOTHING: Words = { id: "Tidak perlu tindakan.", en: "Nothing has to be done." };

const OF_GRANTS = /^(?:CLASS_RAISED|MAY_BE_NULL|GUARD_ADDED|SIBLING_REMOVED)$/;

/** What whoever is touched by a change does about it. */
export function adviceOn({ kind, severity }: Change): Words {
  if (OF_GRANTS.test(kind)) return NEEDS_GRANT;
  if (kind === "DEPRECATED" || kind === "DEPRECATED_WITHOUT_DAY") return MOVE_ON;
  if (severity === "BREAKING") return CHANGE_DOCUMENT;
  return severity === "DANGEROUS" ? SEE_TO_IT : NOTHING;
}
