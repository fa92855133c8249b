import { formatNik, type NikSex } from "../../../schema/nik.ts";

/** Gives out numbers that no district ever would: serials 9001 to 9999 in order of asking, for each district, day and sex. */
export interface Issuer {
  nik(district: string, birthDate: string, sex: NikSex): string;
  /** Family card: the day of recording, without + 40. */
  card(district: string, recordedOn: string): string;
}

const FIRST = 9001;
const LAST = 9999;

export function createIssuer(): Issuer {
  const given = { nik: new Map<number, number>(), card: new Map<number, number>() };
  const next = (kind: keyof typeof given, parts: { district: string; birthDate: string; sex: NikSex }) => {
    const head = formatNik({ ...parts, serial: "" });
    const serial = given[kind].get(Number(head)) ?? FIRST;
    if (serial > LAST) throw new Error(`no synthetic serial is left for ${head}`);
    given[kind].set(Number(head), serial + 1);
    return head + serial;
  };
  return {
    nik: (district, birthDate, sex) => next("nik", { district, birthDate, sex }),
    card: (district, recordedOn) => next("card", { district, birthDate: recordedOn, sex: "MALE" }),
  };
}
