import { describe, expect, test } from "vitest";
import { framed, rowOf } from "../../gateway/border/dukcapil/answer.ts";
import { readClaim } from "../../gateway/border/dukcapil/request.ts";
import { siti } from "../kit/people.ts";

// The shapes of CALL_VERIFY_BY_ELEMEN as partners' programs send and read them, without a hub.

const { nik } = siti;
const read = (body: object) => readClaim(JSON.stringify(body));
const faultOf = (body: object | string) => {
  try {
    readClaim(typeof body === "string" ? body : JSON.stringify(body));
  } catch (error) {
    return (error as Error).message;
  }
  return null;
};

describe("a request", () => {
  test("as today's programs send it becomes one claim; what is empty is not claimed", () => {
    const body = {
      ...{ USER_ID: "1234", PASSWORD: "rahasia", IP_USER: "10.0.0.1", TRESHOLD: "88" },
      ...{ NIK: nik, NO_KK: "3510162304120001", NAMA_LGKP: "Siti Aminah", TMPT_LHR: "Banyuwangi", TGL_LHR: "12-04-1988" },
      ...{ JENIS_KLMIN: "Perempuan", NAMA_LGKP_IBU: "Sulastri", ALAMAT: "Jl. Melati 3", NO_RT: 2, NO_RW: "001" },
      ...{ NO_PROP: "35", NO_KAB: "010", NO_KEC: 16, NO_KEL: "1001", JENIS_PKRJN: "Petani", AGAMA: " ", GOL_DRH: null },
    };
    const { claim, untested } = read(body);
    expect(claim).toEqual({
      ...{ nik, fullName: "Siti Aminah", birthPlace: "Banyuwangi", motherName: "Sulastri", familyCardNumber: "3510162304120001" },
      ...{ birthDate: "1988-04-12", sex: "FEMALE", region: "3510161001", address: "Jl. Melati 3 RT 2 RW 001", threshold: 90 },
    });
    expect(untested).toEqual(["JENIS_PKRJN"]);
    expect(JSON.stringify({ claim, untested })).not.toContain("rahasia");
  });

  test.each([
    ["17/08/1945", "1945-08-17"],
    ["17-08-1945", "1945-08-17"],
    ["1945-08-17", "1945-08-17"],
  ])("a day of birth may be written %s", (written, day) => {
    expect(read({ nik, tgl_lhr: written }).claim["birthDate"]).toBe(day);
  });

  test.each([
    ["L", "MALE"],
    ["Laki-Laki", "MALE"],
    ["PEREMPUAN", "FEMALE"],
    ["p", "FEMALE"],
  ])("a sex may be written %s", (written, sex) => {
    expect(read({ NIK: nik, JENIS_KLMIN: written }).claim["sex"]).toBe(sex);
  });

  test("a threshold goes to the next step up, never down", () => {
    const asked = [1, "5", "80", 81, "99", 100];
    expect(asked.map((TRESHOLD) => read({ NIK: nik, NAMA_LGKP: "SITI", TRESHOLD }).claim["threshold"])).toEqual([
      5, 5, 80, 85, 100, 100,
    ]);
  });

  test.each<[string, object | string]>([
    ["Parameter Tidak Lengkap: NIK", { NAMA_LGKP: "SITI" }],
    ["Parameter Tidak Lengkap: NAMA_LGKP", { NIK: nik, TRESHOLD: 90, NO_RT: "1", KAB_NAME: "BANYUWANGI" }],
    ["Parameter Tidak Lengkap: NO_KAB", { NIK: nik, NO_PROP: "35", NO_KEC: "16" }],
    ["Parameter Tidak Valid: NO_KEC", { NIK: nik, NO_PROP: "35", NO_KAB: "10", NO_KEC: "160" }],
    ["Parameter Tidak Valid: NIK", { NIK: 3510165204889001, NAMA_LGKP: "SITI" }],
    ["Parameter Tidak Valid: NIK", { NIK: nik, nik, NAMA_LGKP: "SITI" }],
    ["Parameter Tidak Valid: TGL_LHR", { NIK: nik, TGL_LHR: "12 April 1988" }],
    ["Parameter Tidak Valid: JENIS_KLMIN", { NIK: nik, JENIS_KLMIN: "constructor" }],
    ["Parameter Tidak Valid: TRESHOLD", { NIK: nik, NAMA_LGKP: "SITI", TRESHOLD: "101" }],
    ["Parameter Tidak Valid: TRESHOLD", { NIK: nik, NAMA_LGKP: "SITI", TRESHOLD: "8e1" }],
    ["Parameter Tidak Valid: THRESHOLD", { NIK: nik, NAMA_LGKP: "SITI", TRESHOLD: 1, THRESHOLD: 95 }],
    ["Parameter Tidak Valid: NAMA_LGKP", { NIK: nik, NAMA_LGKP: ["SITI"] }],
    ["Parameter Tidak Valid: nama parameter", { NIK: nik, NAMA: "SITI" }],
    ["Parameter Tidak Valid: isi permintaan", "NIK=1"],
    ["Parameter Tidak Valid: isi permintaan", "[]"],
  ])("is refused by the name of its parameter: %s", (words, body) => {
    expect(faultOf(body)).toBe(words);
  });
});

describe("an answer", () => {
  const body = { NIK: nik, NAMA_LGKP: "SITI", NAMA_LGKP_IBU: "X", TGL_LHR: "12-04-1988", ALAMAT: "JL 1", NO_RT: "1" };
  const told = (element: string, result: string, similarity: number | null = null) => ({ element, result, similarity });

  test("has the frame of this service around one row, and no number for what is left of a quota", () => {
    expect(framed({ NIK: "Sesuai" })).toEqual({
      ...{ content: [{ NIK: "Sesuai" }], lastPage: true, numberOfElements: 1, sort: null, totalElements: 1 },
      ...{ firstPage: true, number: 0, size: 1, quotaLimiter: null },
    });
  });

  test("says of each parameter whether it fits, with the similarity where the hub tells one", () => {
    const elements = [
      ...[told("NIK", "MATCH"), told("FULL_NAME", "MATCH", 95), told("BIRTH_PLACE", "NOT_TESTED")],
      ...[told("BIRTH_DATE", "NO_MATCH"), told("MOTHER_NAME", "MATCH"), told("ADDRESS", "NO_MATCH", 0)],
    ];
    expect(rowOf({ status: "MISMATCHED", elements }, read(body))).toEqual({
      ...{ NIK: "Sesuai", NAMA_LGKP: "Sesuai (95)", NAMA_LGKP_IBU: "Sesuai", TGL_LHR: "Tidak Sesuai" },
      ...{ ALAMAT: "Tidak Sesuai (0)", NO_RT: "Tidak Sesuai (0)" },
    });
  });

  test("of a region that differs only the deepest is said to differ: of the others nothing is known", () => {
    const claim = read({ NIK: nik, NO_PROP: "35", NO_KAB: "10", NO_KEC: "16" });
    const of = (result: string) => rowOf({ status: null, elements: [told("REGION", result)] }, claim);
    expect(of("MATCH")).toEqual({ NO_PROP: "Sesuai", NO_KAB: "Sesuai", NO_KEC: "Sesuai" });
    expect(of("NO_MATCH")).toEqual({ NO_KEC: "Tidak Sesuai" });
  });

  test.each([
    ["DECEASED", "11", "Data Ditemukan, Meninggal Dunia"],
    ["DUPLICATE", "12", "Data Ditemukan, Data Ganda"],
    ["NOT_FOUND", "13", "Data Not Found"],
    ["INACTIVE", "14", "Data Ditemukan, Data Inactive"],
  ])("%s is number %s of this service, in place of elements", (status, code, words) => {
    const row = rowOf({ status, elements: [told("NIK", "MATCH")] }, read(body));
    expect(row).toEqual({ RESPONSE_CODE: code, RESPON: words, RESPONSE: words, RESPONSE_DESC: words });
  });

  test("that holds no verdict is none", () => {
    expect(rowOf({ status: "MATCHED", elements: null }, read(body))).toBeNull();
  });
});
