import type { ColumnType } from "../../spec.ts";

/** What a column of a list of people holds. */
export const ROLES = [
  "rowId",
  "nik",
  "familyCard",
  "name",
  "sex",
  "birthDate",
  "birthPlace",
  "motherName",
  "village",
  "villageName",
  "district",
  "regency",
  "province",
  "address",
  "phone",
] as const;
export type Role = (typeof ROLES)[number];

export interface GuessedColumn {
  readonly header: string;
  readonly role: Role;
  readonly as: ColumnType;
}

/** Headers as Indonesian and English files write them, without case, spaces and punctuation; the likelier first. */
const SYNONYMS: Readonly<Record<Role, string>> = {
  rowId: "idsemesta idart idartbdt idbdt nomorurut nourut baris no id rowid row recordid",
  nik: "nik nonik nomornik nikktp noktp nomorktp nomorindukkependudukan noindukkependudukan nationalid nationalidnumber identitynumber",
  familyCard: "nokk kk nkk nomorkk nomorkartukeluarga nokartukeluarga kartukeluarga familycard familycardnumber familycardno",
  name: "nama namalengkap namaanggota namaart namapenerima namapengurus namakpm namawarga namapenduduk namasesuaiktp namaktp name fullname",
  sex: "jeniskelamin jk jkel jeniskel kelamin jnskelamin jnskel lp gender sex",
  birthDate: "tanggallahir tgllahir tglahir tgllhr tanggallhr dob birthdate dateofbirth birthday",
  birthPlace: "tempatlahir tmplahir tmptlahir tmplhr tmptlhr kotalahir birthplace placeofbirth",
  motherName:
    "namaibu namaibukandung ibukandung namagadisibukandung namagadisibu nmibu ibu mothername mothersname mothersmaidenname mother",
  village:
    "kodedesa kddesa kddes iddesa kodekelurahan kodedesakelurahan kodekel kdkel kodewilayah kdwilayah villagecode regioncode",
  villageName: "desa kelurahan desakelurahan namadesa namakelurahan keldesa kel village villagename",
  district: "kecamatan kec namakecamatan kodekecamatan kdkec idkec subdistrict district",
  regency: "kabupaten kabupatenkota kab kabkota kota namakabupaten kodekabupaten kdkab idkab regency city",
  province: "provinsi propinsi prov namaprovinsi kodeprovinsi kdprov idprov province",
  address: "alamat alamatlengkap alamatktp alamatrumah address",
  phone: "nohp nomorhp hp notelp telp telepon notelepon nowa phone phonenumber mobile",
};

const TYPES: Readonly<Partial<Record<Role, ColumnType>>> = {
  nik: "nik",
  familyCard: "familyCard",
  name: "indonesianName",
  motherName: "indonesianName",
  birthDate: "date",
};

const bare = (header: string): string => header.toLowerCase().replace(/[^a-z0-9]/g, "");

/**
 * What the columns of a file hold, by their headers: one header a role, one role a header; in the order of `ROLES`. A proposal that a person
 * confirms: headers that say nothing known are left out, and no value is looked at.
 */
export function guessColumns(headers: readonly string[]): GuessedColumn[] {
  const byName = new Map(headers.map((header) => [bare(header), header] as const).reverse()); // of two alike the first
  return ROLES.flatMap((role) => {
    const header = SYNONYMS[role]
      .split(" ")
      .map((name) => byName.get(name))
      .find((found) => found !== undefined);
    return header === undefined ? [] : [{ header, role, as: TYPES[role] ?? "text" }];
  });
}
