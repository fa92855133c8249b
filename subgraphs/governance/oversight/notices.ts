import type { Text } from "../../../schema/errors.ts";
import { termOf } from "../../../schema/policy/insight/words/names.ts";
import type { Catalogue } from "../../../schema/sdl/catalogue.ts";
import { timeInWib } from "../../../schema/values/wib.ts";
import { type BreachRow, UNNAMED } from "./data.ts";

/** What a notice tells beside the case. */
export interface Surroundings {
  /** The officer's agency and its contact. */
  readonly agency: { readonly name: string; readonly dpoContact: string };
  readonly counts: readonly { readonly type: string; readonly subjects: number }[];
  readonly catalogue: Catalogue;
}

/** Letter to those affected: what, when and how, handling, whom to ask (UU 27/2022 art. 46(2)). */
export function noticeToSubjects(row: BreachRow, around: Surroundings): Text {
  const { id, en } = partsOf(row, around);
  return {
    id: letter([
      ...id.head,
      "Kepada Saudara/Saudari subjek data.",
      `Sesuai Pasal 46 Undang-Undang Nomor 27 Tahun 2022 tentang Pelindungan Data Pribadi, kami memberitahukan bahwa data pribadi Saudara/Saudari termasuk dalam kegagalan pelindungan berikut.`,
      ...id.facts,
      "Saudara/Saudari berhak meminta salinan data dan jejak aksesnya, membetulkan, membatasi pemrosesan, dan mengajukan keberatan melalui portal warga.",
    ]),
    en: letter([
      ...en.head,
      "To the data subjects concerned.",
      "Under article 46 of Law 27 of 2022 on Personal Data Protection we inform you that your personal data are part of the following failure of protection.",
      ...en.facts,
      "You have the right to a copy of your data and of the record of accesses to them, to correction, to restriction of processing and to object, through the citizens' portal.",
    ]),
  };
}

/** Letter to the authority: the same, with the extent and the clock. */
export function noticeToAuthority(row: BreachRow, around: Surroundings): Text {
  const { id, en } = partsOf(row, around);
  const { entries, clientId, detectedAt, dueAt } = row;
  const unnamed = around.counts.find(({ type }) => type === UNNAMED)?.subjects ?? 0;
  const counts = around.counts.flatMap(({ type, subjects }) => (type === UNNAMED ? [] : [`${type} ${subjects}`])).join(", ");
  const [detected, due] = [wib(detectedAt), wib(dueAt)];
  return {
    id: letter([
      ...id.head,
      "Kepada lembaga yang menyelenggarakan pelindungan data pribadi.",
      "Pemberitahuan ini disampaikan menurut Pasal 46 Undang-Undang Nomor 27 Tahun 2022.",
      ...id.facts,
      `Cakupan: ${entries} jawaban${clientId === null ? "" : ` kepada klien ${clientId}`}; subjek menurut jenis: ${counts || "tidak ada"}; tidak dapat disebut: ${unnamed}.`,
      `Tenggat 3 × 24 jam sejak diketahui ${detected}: ${due}.`,
    ]),
    en: letter([
      ...en.head,
      "To the authority for the protection of personal data.",
      "This notice is given under article 46 of Law 27 of 2022.",
      ...en.facts,
      `Extent: ${entries} answers${clientId === null ? "" : ` to the client ${clientId}`}; subjects by type: ${counts || "none"}; not to be named: ${unnamed}.`,
      `Due 3 × 24 hours after it was detected ${detected}: ${due}.`,
    ]),
  };
}

function partsOf(row: BreachRow, { agency, catalogue }: Surroundings) {
  const { number, title, isDrill, windowFrom, windowTo, detectedAt, description, handling } = row;
  const data = dataIn(row.disclosed, catalogue).join("; ");
  const [from, to, detected] = [wib(windowFrom), wib(windowTo), wib(detectedAt)];
  const contact = `${agency.name}, ${agency.dpoContact}`;
  return {
    id: {
      head: [
        `PEMBERITAHUAN KEGAGALAN PELINDUNGAN DATA PRIBADI\nNomor ${number}: ${title}`,
        ...(isDrill ? ["LATIHAN: tidak ada data yang terungkap sungguhan."] : []),
      ],
      facts: [
        `1. Data yang terungkap: ${data || "tidak ada yang tercatat"}.`,
        `2. Kapan dan bagaimana: antara ${from} dan ${to}, diketahui ${detected}. ${description}`,
        `3. Penanganan dan pemulihan: ${handling}`,
        `4. Narahubung: ${contact}. Sebutkan nomor ${number}.`,
      ],
    },
    en: {
      head: [
        `NOTICE OF A FAILURE OF PERSONAL DATA PROTECTION\nNumber ${number}: ${title}`,
        ...(isDrill ? ["DRILL: no data were really disclosed."] : []),
      ],
      facts: [
        `1. Data disclosed: ${data || "none on record"}.`,
        `2. When and how: between ${from} and ${to}, detected ${detected}. ${description}`,
        `3. Handling and recovery: ${handling}`,
        `4. Contact: ${contact}. Quote the number ${number}.`,
      ],
    },
  };
}

const letter = (paragraphs: readonly string[]): string => `${paragraphs.join("\n\n")}\n`;
const wib = (instant: string): string => `${timeInWib(new Date(instant))} WIB`;

/** Official terms of what holds a value of somebody, in the order of their coordinates: not lists, joins and public reference data. */
function dataIn(disclosed: readonly string[], catalogue: Catalogue): string[] {
  const { entries } = catalogue;
  const objects = new Set([...entries.keys()].map((coordinate) => coordinate.slice(0, coordinate.indexOf("."))));
  const terms = disclosed
    .filter((coordinate) => {
      const entry = entries.get(coordinate);
      return !entry || (!objects.has(entry.type) && entry.classes.some((data) => data.class !== "PUBLIC"));
    })
    .map((coordinate) => termOf(catalogue, coordinate));
  return [...new Set(terms)];
}
