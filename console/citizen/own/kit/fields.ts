import type { Faults } from "../../html/parts.ts";
import type { Form } from "../../http/forms.ts";
import type { Visit } from "../../types.ts";

/** `#` stands for each of the others of a household. */
const forEach = (name: string): string[] =>
  name.includes("#") ? [1, 2, 3, 4].map((at) => name.replace("#", String(at))) : [name];

/** Characters that the hub takes of what is written freely. */
const MOST: readonly (readonly [name: string, most: number])[] = [
  ...(["alasan", "pernyataan", "perbaikan"] as const).map((name) => [name, 2000] as const),
  ...[
    ["alamat", 200] as const,
    ["nama", 100] as const,
    ["nama#", 100] as const,
    ["nik#", 20] as const,
    ["koordinat", 60] as const,
  ],
];

/** Fields of all forms of signed-in persons. */
export const FIELDS: readonly string[] = [
  ...["tanda", "siapa", "id", "versi", "kepesertaan", "yakin", "nomor"],
  ...["jenis", "bagian", "tujuan", "tentang", "program"],
  ...["bantuan", "hubungan", "hubungan#", "lahir#", "lahir#-month", "lahir#-year"],
  ...MOST.map(([name]) => name),
].flatMap(forEach);

/** Fields with more in them than the hub takes; browsers hold people back, others do not. */
export const lengthFaults = ({ t }: Visit, form: Form): Faults =>
  new Map(
    MOST.flatMap(([name, most]) => forEach(name).map((one) => [one, most] as const))
      .filter(([name, most]) => form.value(name).length > most)
      .map(([name, most]) => [name, t("form.long", { most })]),
  );
