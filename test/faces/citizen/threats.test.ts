import { beforeEach, describe, expect, test, vi } from "vitest";
import type { CitizenOptions, Told } from "../../../console/citizen/types.ts";
import { citizens, failed, hiddenOf, PERSON, regionsOf, textOf, VILLAGE } from "./kit.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: new Date("2026-11-21T03:00:00Z") });
  return () => vi.useRealTimers();
});

const CHILD = "22222222-2222-4222-8222-222222222222";
const NEW = "/warga/permohonan/baru";
const CROSS = { "sec-fetch-site": "cross-site" };
const filed: Told = { data: { fileSubjectRequest: { number: "HSD-2026-1" }, purposes: [], dataSubject: {} }, errors: [] };
const actsOf = ({ asked }: ReturnType<typeof citizens>) => asked.filter(({ query }) => query.includes("mutation"));
const signedOut = { personOf: async () => null };
const WISH = { jenis: "DELETION", pernyataan: "hapus semua data saya" };

describe("a page of another site", () => {
  test("cannot have words shown that somebody signs in to and sends as their own", async () => {
    const { open } = citizens(() => filed, signedOut);
    const { status, headers, body } = await open(NEW, { post: WISH, headers: CROSS });
    expect([status, body]).toEqual([303, ""]);
    expect(headers["location"]).toBe("/sign-in?face=warga&to=%2Fwarga");
  });

  test("cannot fill in a form of ours: one that was not shown to this person comes back empty", async () => {
    const pages = citizens(() => filed);
    const { status, body } = await pages.open(NEW, { post: { ...WISH, tanda: "x.y.z.w" } });
    expect([status, String(body).includes("hapus semua")]).toEqual([422, false]);
    expect(textOf(body)).toContain("tidak berasal dari halaman yang Anda buka");
    expect(actsOf(pages)).toEqual([]);
  });

  test("cannot use up the tries on somebody at Cek Bansos through its readers, nor fill that form in", async () => {
    const pages = citizens(() => ({ data: { recipientByFacts: null }, errors: [] }));
    const form = await pages.open(`/cek-bansos?wilayah=${VILLAGE}`);
    vi.setSystemTime(Date.now() + 10_000);
    const facts = { nama: "SITI AMINAH", lahir: "12", "lahir-month": "4", "lahir-year": "1988", wilayah: VILLAGE };
    const post = { ...facts, tanda: hiddenOf(form.body, "tanda") };
    const { status, body } = await pages.open("/cek-bansos", { post, headers: CROSS });
    expect([status, String(body).includes("SITI")]).toEqual([422, false]);
    expect(pages.asked.filter(({ query }) => query.includes("recipientByFacts"))).toEqual([]);
  });
});

describe("a form that was filled in while the session ended", () => {
  test("gives back fields of ours alone, at most sixty, and none that are longer than ours can be", async () => {
    const { open } = citizens(() => filed, signedOut);
    const { body } = await open(NEW, { post: { ...WISH, [`x" onfocus="`]: "planted", other: "planted" } });
    expect([String(body).includes("planted"), hiddenOf(body, "pernyataan")]).toEqual([false, WISH.pernyataan]);
    const many = { bantuan: Array.from({ length: 61 }, () => "PKH") };
    const multipart = `--b\r\nContent-Disposition: form-data; name="alasan"\r\n\r\nx\r\n`.repeat(100_000);
    const withParts = { body: `${multipart}--b--`, headers: { "content-type": "multipart/form-data; boundary=b" } };
    for (const asked of [{ post: many }, { post: { alasan: "x".repeat(70_000) } }, withParts]) {
      const answer = await open("/warga/sanggahan/baru", asked);
      expect([answer.status, Buffer.byteLength(answer.body) < 14_336]).toEqual([413, true]);
    }
  });

  test("keeps its words also where a picture came with it, and says that the picture must be chosen again", async () => {
    const part = (name: string, content: string) => `--b\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${content}\r\n`;
    const photo =
      '--b\r\ncontent-disposition: form-data; name="foto"; filename="f.jpg"\r\ncontent-type: image/jpeg\r\n\r\n\xff&x=1\r\n--b--';
    const body = `${part("alasan", "dua lantai")}${part("koordinat", "-8.2, 114.3")}${photo}`;
    const headers = { "content-type": "multipart/form-data; boundary=b" };
    const answer = await citizens(() => filed, signedOut).open("/warga/sanggahan/baru", { body, headers });
    expect([hiddenOf(answer.body, "alasan"), hiddenOf(answer.body, "koordinat")]).toEqual(["dua lantai", "-8.2, 114.3"]);
    expect(textOf(answer.body)).toContain("Foto tidak dapat disimpan");
    expect(String(answer.body)).not.toContain("foto");
  });
});

describe("whom somebody represents", () => {
  /** Chooses the child and returns the cookie as a browser would send it. */
  async function chosen(pages: ReturnType<typeof citizens>) {
    const home = await pages.open("/warga");
    const post = { siapa: CHILD, tanda: hiddenOf(home.body, "tanda") };
    const [set = ""] = (await pages.open("/warga/mewakili", { post })).cookies ?? [];
    return { set, cookie: set.split(";")[0] ?? "" };
  }
  const answer = ({ query }: { query: string }): Told =>
    query.includes("represented") ? { data: { represented: [{ id: CHILD, fullName: "ANAK" }] }, errors: [] } : filed;
  const askedFor = (pages: ReturnType<typeof citizens>) =>
    pages.asked.filter(({ query }) => query.includes("query Requests")).map(({ variables }) => variables["representing"]);

  test("is bound to this host, to who has chosen it and to that sign-in, and cannot be written by anybody else", async () => {
    const pages = citizens(answer);
    const { set, cookie } = await chosen(pages);
    expect(set).toMatch(/^__Host-hub_mewakili=[\w.-]+; Path=\/; HttpOnly; SameSite=Lax; Secure$/);
    await pages.open("/warga/permohonan", { headers: { cookie } });
    for (const planted of [
      `hub_mewakili=${CHILD}`,
      `__Host-hub_mewakili=${CHILD}`,
      cookie.replace(CHILD, PERSON.id),
      `${cookie}é`,
    ])
      await pages.open("/warga/permohonan", { headers: { cookie: planted } });
    expect(askedFor(pages)).toEqual([CHILD, null, null, null, null]);
    const later = citizens(answer, { personOf: async () => ({ ...PERSON, session: "s-2" }) });
    await later.open("/warga/permohonan", { headers: { cookie } });
    expect(askedFor(later)).toEqual([null]);
  });

  test("counts for a form as it was shown: one for oneself is not sent for a child, nor the other way", async () => {
    const pages = citizens(answer);
    const { cookie } = await chosen(pages);
    for (const [shown, sent] of [
      [{}, { cookie }],
      [{ cookie }, {}],
    ] as const) {
      const form = String((await pages.open(`${NEW}?jenis=DELETION`, { headers: shown })).body);
      const tanda = hiddenOf(form.slice(form.indexOf(`action="${NEW}"`)), "tanda");
      const { status, body } = await pages.open(NEW, { post: { ...WISH, tanda }, headers: sent });
      expect([status, String(body).includes(WISH.pernyataan)]).toEqual([422, true]);
      expect(textOf(body)).toContain("Yang Anda wakili sudah berganti");
    }
    expect(actsOf(pages)).toEqual([]);
  });

  test("is not chosen by a form of yesterday", async () => {
    const pages = citizens(answer);
    const tanda = hiddenOf((await pages.open("/warga")).body, "tanda");
    vi.setSystemTime(Date.now() + 5 * 60 * 60 * 1000);
    expect((await pages.open("/warga/mewakili", { post: { siapa: CHILD, tanda } })).cookies ?? []).toEqual([]);
  });
});

describe("at Cek Bansos", () => {
  async function search(answer: Told, options: Partial<CitizenOptions> = {}) {
    const pages = citizens(() => answer, options);
    const form = await pages.open(`/cek-bansos?wilayah=${VILLAGE}`);
    vi.setSystemTime(Date.now() + 60_000);
    const facts = { nama: "SITI AMINAH", lahir: "12", "lahir-month": "4", "lahir-year": "1988", wilayah: VILLAGE };
    return { pages, ...(await pages.open("/cek-bansos", { post: { ...facts, tanda: hiddenOf(form.body, "tanda") } })) };
  }
  const nobody: Told = { data: { recipientByFacts: null }, errors: [] };

  test("a source that is down tells nobody who is in the register: programs are asked of everybody, and every failure is one page", async () => {
    const { errors } = failed("SUBGRAPH_UNAVAILABLE");
    const answers = [
      await search({
        data: { programs: null, recipientByFacts: { enrolments: null } },
        errors: [...errors, ...failed("GATEWAY_TIMEOUT").errors],
      }),
      await search({ data: { programs: null, recipientByFacts: null }, errors }),
      await search({
        data: { programs: null, recipientByFacts: { enrolments: [{ program: { code: "PKH" }, payments: null }] } },
        errors,
      }),
      await search(failed("OVERLOADED")),
    ];
    expect(answers[0]?.pages.asked.at(-1)?.query).toMatch(/programs \{ code \}\s+recipientByFacts/);
    const seen = answers.map(({ status, headers, body }) =>
      JSON.stringify([status, headers, textOf(body), Buffer.byteLength(body)]),
    );
    expect(new Set(seen).size).toBe(1);
  });

  test("whoever comes when a village has been asked about too often today is told so, and not to try again in seconds", async () => {
    const { status, headers, body } = await search(failed("QUOTA_EXCEEDED"));
    expect([status, headers["retry-after"]]).toEqual([429, String((14 * 60 - 1) * 60)]);
    expect(textOf(body)).toContain("Hari ini sudah terlalu banyak pencarian untuk desa/kelurahan Pakis");
    expect(headers["refresh"]).toBeUndefined();
  });

  test("whoever is not found learns that after several tries this is always the answer", async () => {
    expect(textOf((await search(nobody)).body)).toContain("jawaban hari ini selalu seperti ini");
  });

  test("no cache and no proxy keeps an answer or changes its size", async () => {
    for (const answer of [nobody, failed("OVERLOADED"), failed("QUOTA_EXCEEDED")])
      expect((await search(answer)).headers["cache-control"]).toBe("no-store, no-transform");
  });

  test("a name longer than the hub takes is a mistake in the form", async () => {
    const pages = citizens(() => nobody);
    const tanda = hiddenOf((await pages.open(`/cek-bansos?wilayah=${VILLAGE}`)).body, "tanda");
    const facts = { nama: "S".repeat(101), lahir: "12", "lahir-month": "4", "lahir-year": "1988", wilayah: VILLAGE, tanda };
    const { status, body } = await pages.open("/cek-bansos", { post: facts });
    expect([status, textOf(body).includes("Paling panjang 100 huruf")]).toEqual([422, true]);
  });
});

describe("regions", () => {
  test("that there are not cost the hub nothing, however many are tried", async () => {
    const { open, asked } = citizens(() => filed);
    for (let code = 9_000_000_000; code < 9_000_000_050; code += 1) await open(`/cek-bansos?wilayah=${code}`);
    for (let code = 3_510_990_000; code < 3_510_990_050; code += 1) await open(`/cek-bansos?wilayah=${code}`);
    expect(asked.map(({ variables }) => variables["parent"])).toEqual([null, "35", "3510"]);
  });

  test("without any below them are not remembered as such", async () => {
    const lists = [[], [{ code: "35", name: "JAWA TIMUR" }]];
    const ask = async (): Promise<Told> => ({
      data: { regions: { nodes: lists.shift() ?? [], pageInfo: { hasNextPage: false, endCursor: null } } },
      errors: [],
    });
    const { open } = citizens(() => filed, { ask });
    expect(textOf((await open("/cek-bansos")).body)).not.toContain("Jawa Timur");
    expect(textOf((await open("/cek-bansos")).body)).toContain("Jawa Timur");
  });

  test("that are looked for by name are asked for eight at a time, each once", async () => {
    let [running, most, count] = [0, 0, 0];
    const provinces = Array.from({ length: 38 }, (_, at) => ({ code: String(11 + at), name: `PROVINSI ${at}` }));
    const ask: CitizenOptions["ask"] = async (_, question) => {
      running += 1;
      count += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      const pageInfo = { hasNextPage: false, endCursor: null };
      return question.variables["parent"] === null
        ? { data: { regions: { nodes: provinces, pageInfo } }, errors: [] }
        : regionsOf(question);
    };
    const { open } = citizens(() => filed, { ask });
    const words = Array.from({ length: 20 }, (_, at) => `desa${String.fromCharCode(97 + at)}`);
    await Promise.all([...words, ...words].map((word) => open(`/cek-bansos?cari=${word}`)));
    expect([most, count]).toEqual([8, 1 + words.length]);
  });
});

test("what is written longer than the hub takes is said at its field, and nothing is asked or lost", async () => {
  const pages = citizens(() => filed);
  const tanda = hiddenOf((await pages.open(`${NEW}?jenis=CORRECTION`)).body, "tanda");
  const post = { tanda, jenis: "CORRECTION", pernyataan: "p".repeat(2001), perbaikan: "q".repeat(2000) };
  const { status, body } = await pages.open(NEW, { post });
  expect([status, textOf(body).includes("Paling panjang 2000 huruf"), String(body).includes(post.pernyataan)]).toEqual([
    422,
    true,
    true,
  ]);
  expect(String(body)).toContain('id="pernyataan-fault"');
  expect(String(body)).not.toContain('id="perbaikan-fault"');
  expect(actsOf(pages)).toEqual([]);
});

test("a NIK in an address is told at the address, and what is wrong with the aid at the aid", async () => {
  const pages = citizens(() => ({
    data: { dataSubject: { fullName: "SITI AMINAH", region: { code: VILLAGE, name: "Pakis" } } },
    errors: [],
  }));
  const tanda = hiddenOf((await pages.open("/warga/usulan/baru")).body, "tanda");
  const faultsFor = async (post: Readonly<Record<string, string>>) => {
    const { status, body } = await pages.open("/warga/usulan/baru", { post: { tanda, hubungan: "HEAD", ...post } });
    expect(status).toBe(422);
    const [summary = ""] = /id="salah".*?<\/ul>/s.exec(String(body)) ?? [];
    return [...summary.matchAll(/href="#(\w+)">([^<]*)/g)].map(([, field, said]) => [field, said]);
  };
  const address = "Jalan Mawar 3, NIK 3510161204880001";
  expect(await faultsFor({ alamat: address, bantuan: "PKH" })).toEqual([["alamat", "Jangan menulis NIK atau nomor 16 angka"]]);
  expect(await faultsFor({ alamat: "Jalan Mawar 3" })).toEqual([["bantuan", "Pilih bantuan yang diharapkan"]]);
  expect((await faultsFor({ alamat: address })).map(([field]) => field)).toEqual(["alamat", "bantuan"]);
  expect(actsOf(pages)).toEqual([]);
});

test("the report is a file that anybody may read, and no public page leads to one that must be signed in for", async () => {
  const report = { from: "2026-11-01", to: "2026-11-30", agreements: [], sanctions: [], csv: "field,value\n" };
  const { open, asked } = citizens(() => ({ data: { accountabilityReport: report }, errors: [] }), signedOut);
  const page = String((await open("/akuntabilitas?periode=2026-11")).body);
  const link = /href="([^"]+)" download/.exec(page)?.[1] ?? "";
  const { status, headers, body } = await open(link);
  expect([link, status, headers["content-type"], body]).toEqual([
    "/akuntabilitas/laporan.csv?periode=2026-11",
    200,
    "text/csv; charset=utf-8",
    report.csv,
  ]);
  expect(asked.at(-1)).toMatchObject({ as: "portal", variables: { year: 2026, month: 11 } });
  expect(page).not.toContain('href="/report');
});
