import { readdirSync, readFileSync } from "node:fs";
import { beforeEach, expect, test, vi } from "vitest";
import { TEXTS } from "../../../console/citizen/text/texts.ts";
import type { Told } from "../../../console/citizen/types.ts";
import { citizens, failed, hiddenOf, PERSON, textOf, VILLAGE } from "./kit.ts";

const NOW = new Date("2026-11-21T03:00:00Z");
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: NOW });
  return () => vi.useRealTimers();
});

const ENROLMENT = {
  program: { code: "PKH" },
  state: "ACTIVE",
  payments: [{ period: "2026-Q3", state: "CREDITED" }],
};
const found: Told = { data: { recipientByFacts: { enrolments: [ENROLMENT] } }, errors: [] };
const nobody: Told = { data: { recipientByFacts: null }, errors: [] };
const FORM = `/cek-bansos?wilayah=${VILLAGE}`;
const SITI = { nama: "SITI AMINAH", lahir: "12", "lahir-month": "4", "lahir-year": "1988" };

/** Opens the form, fills it in for some seconds, and sends it. */
async function search(pages: ReturnType<typeof citizens>, fields: Readonly<Record<string, string>> = SITI) {
  const form = await pages.open(FORM);
  vi.setSystemTime(Date.now() + 10_000);
  return pages.open("/cek-bansos", { post: { tanda: hiddenOf(form.body, "tanda"), wilayah: VILLAGE, situs: "", ...fields } });
}

test("from province to village each step is a link, and a village leads to the form", async () => {
  const { open } = citizens(() => nobody);
  for (const [path, next] of [
    ["/cek-bansos", "wilayah=35"],
    ["/cek-bansos?wilayah=35", "wilayah=3510"],
    ["/cek-bansos?wilayah=35.10", "wilayah=351016"],
    ["/cek-bansos?wilayah=351016", `wilayah=${VILLAGE}`],
  ] as const)
    expect(String((await open(path)).body), path).toContain(`href="/cek-bansos?${next}"`);
  expect(textOf((await open(FORM)).body)).toContain("Nama sesuai KTP");
});

test("a village is found by the beginning of its name, in the whole country and below a region, and stands with where it lies", async () => {
  const { open, asked } = citizens(() => nobody);
  for (const path of ["/cek-bansos?cari=Sob", "/cek-bansos?wilayah=35&cari=sob", "/cek-bansos?wilayah=3510&cari=sob"]) {
    const { body } = await open(path);
    expect(textOf(body), path).toContain("1 wilayah ditemukan Sobo Banyuwangi, Kabupaten Banyuwangi, Jawa Timur");
    expect(String(body)).toContain('href="/cek-bansos?wilayah=3510161002"');
  }
  const searches = () => asked.filter(({ query }) => query.includes("FindRegions")).map(({ variables }) => variables["search"]);
  await open("/cek-bansos?cari=SOB%20!");
  expect(searches(), "the same words are one question for everybody").toEqual(["sob", "sob", "sob"]);
  expect(textOf((await open("/cek-bansos?cari=%26%7C!()")).body)).toContain("0 wilayah ditemukan");
});

test("regions are asked of the hub once, kept by browsers, and told unchanged without being sent again", async () => {
  const { open, asked } = citizens(() => nobody);
  const { status, headers } = await open("/cek-bansos?wilayah=35");
  const before = asked.length;
  const again = await open("/cek-bansos?wilayah=35", { headers: { "if-none-match": headers["etag"] ?? "" } });
  expect([status, headers["cache-control"]]).toEqual([200, "public, max-age=300"]);
  expect([again.status, again.body, asked.length]).toEqual([304, "", before]);
  expect(
    (await open("/cek-bansos?wilayah=35", { headers: { "if-none-match": headers["etag"] ?? "", cookie: "hub_lang=en" } })).status,
  ).toBe(200);
});

test("who is found is told by program, with words of the official page", async () => {
  const { body, status } = await search(citizens(() => found));
  expect(status).toBe(200);
  expect(textOf(body)).toContain("PKH Ya Aktif 2026-Q3 Tersalur ke rekening");
  expect(textOf(body)).toContain("Program Indonesia Pintar Tidak");
});

test("found, not found, found without aid and caught as a machine are answers of one status, one size and one set of headers", async () => {
  const none: Told = { data: { recipientByFacts: { enrolments: [] } }, errors: [] };
  const answers = [
    await search(citizens(() => found)),
    await search(citizens(() => nobody)),
    await search(citizens(() => none)),
    await search(
      citizens(() => found),
      { ...SITI, situs: "x" },
    ),
  ];
  expect(new Set(answers.map(({ status, headers }) => JSON.stringify([status, headers]))).size).toBe(1);
  expect(new Set(answers.map(({ body }) => Buffer.byteLength(body)))).toEqual(new Set([13_312]));
  const [, ...others] = answers.map(({ body }) => textOf(body));
  expect(new Set(others).size).toBe(1);
  expect(others[0]).toContain("Tidak Terdapat Peserta / PM");
});

test("a machine that fills in what people do not see asks the hub nothing", async () => {
  const pages = citizens(() => found);
  await search(pages, { ...SITI, situs: "http://" });
  expect(pages.asked.filter(({ query }) => query.includes("recipientByFacts"))).toEqual([]);
});

test("the hub is asked with three facts and a tag, never with an address, and as the portal", async () => {
  const pages = citizens(() => nobody);
  await search(pages);
  const [question] = pages.asked.filter(({ query }) => query.includes("recipientByFacts"));
  expect(question).toMatchObject({
    as: "portal",
    variables: { input: { village: VILLAGE, fullName: "SITI AMINAH", birthDate: "1988-04-12" } },
  });
  expect(JSON.stringify(question)).not.toContain("203.0.113.7");
});

test("a source that is down is said to be down, and nobody is called unregistered", async () => {
  const { status, body } = await search(citizens(() => failed("SUBGRAPH_UNAVAILABLE")));
  expect(status).toBe(503);
  expect(textOf(body)).toContain("Data bantuan sedang tidak dapat dibaca");
  expect(textOf(body)).not.toContain("Tidak Terdapat Peserta");
});

test("when too many ask, a page says so and comes back by itself to the form", async () => {
  for (const code of ["OVERLOADED", "GATEWAY_TIMEOUT", "AUDIT_UNAVAILABLE"] as const) {
    const { status, headers, body } = await search(citizens(() => failed(code)));
    expect([status, headers["retry-after"]], code).toEqual([503, "20"]);
    expect(headers["refresh"], String(body)).toBe(`20;url=/cek-bansos?wilayah=${VILLAGE}`);
  }
});

test("a region that cannot be read is a busy page, and not remembered as empty", async () => {
  let isDown = true;
  const pages = citizens(() => nobody, {
    ask: async () =>
      isDown
        ? failed("SUBGRAPH_UNAVAILABLE")
        : {
            data: { regions: { nodes: [{ code: "35", name: "JAWA TIMUR" }], pageInfo: { hasNextPage: false, endCursor: null } } },
            errors: [],
          },
  });
  expect((await pages.open("/cek-bansos")).status).toBe(503);
  isDown = false;
  expect(textOf((await pages.open("/cek-bansos")).body)).toContain("Jawa Timur");
  expect(pages.faults).toEqual([]);
});

test("what is filled in wrongly is said at the top and at the field, in the title too, and nothing is lost", async () => {
  const { status, body } = await search(
    citizens(() => found),
    { ...SITI, nama: 'S1TI "<b>', "lahir-month": "13" },
  );
  const page = String(body);
  expect(status).toBe(422);
  expect(page).toContain("<title>Kesalahan: Cek Bansos");
  for (const field of ["nama", "lahir"]) {
    expect(page).toContain(`<a href="#${field}">`);
    expect(page).toContain(`aria-describedby="${field}-`);
  }
  expect(page).toContain('value="S1TI &quot;&lt;b&gt;"');
  expect(page).toContain('value="13"');
});

test("a form of yesterday, of nobody or of another hub is shown again with what was filled in, and asks nothing", async () => {
  const pages = citizens(() => found);
  for (const tanda of ["", "a.b.c", "0.x.y"]) {
    const { status, body } = await pages.open("/cek-bansos", { post: { ...SITI, tanda, wilayah: VILLAGE } });
    expect([status, String(body).includes('value="SITI AMINAH"')]).toEqual([422, true]);
  }
  expect(pages.asked.filter(({ query }) => query.includes("recipientByFacts"))).toEqual([]);
});

test("no page holds a script or asks another host, and each says so to the browser", async () => {
  const { open } = citizens(() => nobody);
  for (const path of ["/", "/cek-bansos", FORM, "/bantuan", "/nowhere", "/warga/permohonan"]) {
    const { headers, body } = await open(path);
    expect(headers["content-security-policy"], path).toMatch(
      /^default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'/,
    );
    expect(String(body), path).not.toMatch(/<script|javascript:|style="|\bon\w+="|https?:\/\//i);
  }
});

test("a page and its style sheet weigh less than 50 kB, the page alone fits into one flight of 14 kB", async () => {
  const { open } = citizens(() => found);
  for (const path of ["/", "/cek-bansos", "/cek-bansos?wilayah=35", FORM, "/bantuan"]) {
    const page = String((await open(path)).body);
    const style = await open(/href="(\/citizen\/[^"]+)"/.exec(page)?.[1] ?? "");
    expect([style.status, style.headers["cache-control"]]).toEqual([200, "public, max-age=31536000, immutable"]);
    expect(Buffer.byteLength(style.body), "CSS").toBeLessThanOrEqual(10_240);
    expect(Buffer.byteLength(page), path).toBeLessThanOrEqual(14_336);
    expect(Buffer.byteLength(page) + Buffer.byteLength(style.body)).toBeLessThan(50_000);
  }
});

test("the language is chosen on any page, kept, and leads nowhere else", async () => {
  const { open } = citizens(() => nobody);
  const { status, headers, cookies } = await open(`${FORM}&lang=en`);
  expect([status, headers["location"]]).toEqual([303, FORM]);
  expect(cookies?.[0]).toMatch(/^hub_lang=en; Path=\/; .*Secure$/);
  for (const path of ["//elsewhere.example/?lang=en", "/\\\\elsewhere.example/?lang=en", "/.//elsewhere.example/?lang=en"])
    expect((await open(path)).headers["location"], path).toBe("/elsewhere.example/");
  const english = await open("/cek-bansos", { headers: { cookie: "hub_lang=en" } });
  expect(String(english.body)).toContain('<html lang="en">');
  expect(textOf(english.body)).toContain("Choose a province");
});

test("telephone numbers come from the settings, and without them there are none", async () => {
  const without = await citizens(() => nobody).open("/bantuan");
  const contact = { telephone: "0800 123", email: "bantuan@hub.example" };
  const withThem = await citizens(() => nobody, { contact }).open("/bantuan");
  expect(String(without.body)).not.toContain("tel:");
  expect(String(withThem.body)).toContain('href="tel:0800123"');
  expect(String((await citizens(() => nobody, { contact }).open("/.well-known/security.txt")).body)).toMatch(
    /^Contact: mailto:bantuan@hub\.example\nExpires: 2027-05-\d\dT/,
  );
});

test("no address makes a page name another official domain than the hub's", async () => {
  const { open } = citizens(() => nobody);
  for (const path of [
    "//elsewhere.example/bantuan",
    "/bantuan?x=//elsewhere.example",
    "/\\\\elsewhere.example/bantuan",
    "/.//elsewhere.example/bantuan",
  ])
    expect(textOf((await open(path, { headers: { host: "elsewhere.example" } })).body), path).toContain("hanya hub.example.");
});

test("whoever has not signed in is led to it and back to where they wanted to go", async () => {
  const { open, asked } = citizens(() => nobody, { personOf: async () => null });
  const { status, headers } = await open("/warga/penyaluran?program=PKH&periode=2026-Q3");
  expect(status).toBe(303);
  expect(new URL(headers["location"] ?? "", "https://hub.example").searchParams.get("to")).toBe(
    "/warga/penyaluran?program=PKH&periode=2026-Q3",
  );
  expect(asked).toEqual([]);
});

test("a form sent after the session has ended is kept whole, and sent again after signing in", async () => {
  const { open, asked } = citizens(() => nobody, { personOf: async () => null });
  const { status, body } = await open("/warga/usulan/baru", {
    post: { alamat: 'Jl. "Melati"', bantuan: ["PKH", "PIP"], tanda: "t" },
  });
  expect(status).toBe(401);
  expect(String(body)).toContain('name="alamat" value="Jl. &quot;Melati&quot;"');
  expect(String(body)).toMatch(/name="bantuan" value="PKH">.*name="bantuan" value="PIP">/);
  expect(asked).toEqual([]);
});

test("an act is asked for once, as the person, by a form this hub has shown them, and the page moves on", async () => {
  const pages = citizens(({ query }) => ({
    data: query.includes("mutation") ? { fileSubjectRequest: {} } : { dataSubject: {} },
    errors: [],
  }));
  const form = await pages.open("/warga/permohonan/baru?jenis=CORRECTION");
  const post = { jenis: "CORRECTION", bagian: "Person.address", pernyataan: "Alamat salah", perbaikan: "Jalan Melati 5" };
  const done = await pages.open("/warga/permohonan/baru", { post: { ...post, tanda: hiddenOf(form.body, "tanda") } });
  const acts = pages.asked.filter(({ query }) => query.includes("mutation"));
  expect([done.status, done.headers["location"]]).toEqual([303, "/warga/permohonan?pesan=filed"]);
  expect(acts).toHaveLength(1);
  expect(acts[0]).toMatchObject({
    as: "person",
    variables: { input: { kind: "CORRECTION", coordinate: "Person.address", representing: null } },
  });
});

test("no act is done by a form of another page, of somebody else, or of nobody", async () => {
  const [pages, others] = [
    citizens(() => nobody),
    citizens(() => nobody, { personOf: async () => ({ ...PERSON, id: "another" }) }),
  ];
  const strange = hiddenOf((await others.open("/warga/mundur")).body, "tanda");
  const foreign = hiddenOf((await pages.open("/warga/permohonan/baru?jenis=ACCESS")).body, "tanda");
  for (const tanda of [strange, foreign, "", "x.y.z"])
    for (const path of [
      "/warga/mundur",
      "/warga/mundur/batal",
      "/warga/permohonan/batal",
      "/warga/bantuan/batal-mundur",
      "/warga/usulan/tarik",
    ])
      await pages.open(path, { post: { tanda, yakin: "ya", nomor: "HSD-2026-1", id: "x", versi: "1" } });
  expect(pages.asked.filter(({ query }) => query.includes("mutation"))).toEqual([]);
});

test("nobody leaves the registry by one careless click", async () => {
  const answer: Told = {
    data: { dataSubject: { registryMembers: [{ eligibilityDecisions: [] }] }, withdrawFromRegistry: [] },
    errors: [],
  };
  const pages = citizens(() => answer);
  const tanda = hiddenOf((await pages.open("/warga/mundur")).body, "tanda");
  expect((await pages.open("/warga/mundur", { post: { tanda } })).status).toBe(422);
  expect(pages.asked.some(({ query }) => query.includes("mutation"))).toBe(false);
  expect((await pages.open("/warga/mundur", { post: { tanda, yakin: "ya" } })).status).toBe(303);
  expect(pages.asked.filter(({ query }) => query.includes("mutation"))).toHaveLength(1);
});

test("an act the hub refuses is told in words with a number to quote, and nothing that was written is lost", async () => {
  const pages = citizens(({ query }) => (query.includes("mutation") ? failed("CONFLICT") : { data: {}, errors: [] }));
  const tanda = hiddenOf((await pages.open("/warga/permohonan/baru?jenis=ACCESS")).body, "tanda");
  const { status, body } = await pages.open("/warga/permohonan/baru", {
    post: { tanda, jenis: "ACCESS", pernyataan: "Data apa saja?" },
  });
  expect([status, textOf(body).includes("r-1"), String(body).includes("Data apa saja?")]).toEqual([422, true, true]);
});

test("no NIK goes into words that are read by many", async () => {
  const pages = citizens(() => ({ data: {}, errors: [] }));
  const tanda = hiddenOf((await pages.open("/warga/permohonan/baru?jenis=ACCESS")).body, "tanda");
  const { status } = await pages.open("/warga/permohonan/baru", {
    post: { tanda, jenis: "ACCESS", pernyataan: "NIK 3510 1652 0488 9001" },
  });
  expect([status, pages.asked.some(({ query }) => query.includes("mutation"))]).toEqual([422, false]);
});

test("of each source that is down the page says that it cannot be read, and shows the others", async () => {
  const self = { id: PERSON.id, fullName: "SITI AMINAH", registryMembers: null };
  const pages = citizens(({ query }) =>
    query.includes("query Self")
      ? { data: { dataSubject: self }, errors: failed("SUBGRAPH_TIMEOUT").errors }
      : failed("SUBGRAPH_TIMEOUT"),
  );
  const text = textOf((await pages.open("/warga")).body);
  expect(text).toContain("SITI AMINAH");
  expect(text).toContain("Data sosial ekonomi (DTSEN) sedang tidak dapat dibaca");
  expect(text).not.toContain("belum terdaftar");
});

test("the clock of a request is shown in hours that are left, and said when it has run out", async () => {
  const request = {
    number: "HSD-2026-00000001",
    kind: "CORRECTION",
    state: "RECEIVED",
    statement: "x",
    receivedAt: NOW.toISOString(),
    controller: {},
  };
  const at = (dueAt: string) =>
    citizens(() => ({ data: { dataSubject: { subjectRequests: [{ ...request, dueAt }] } }, errors: [] })).open(
      "/warga/permohonan",
    );
  expect(textOf((await at("2026-11-23T05:30:00Z")).body)).toContain("23 November 2026 12.30 WIB (50 jam lagi)");
  expect(textOf((await at("2026-11-20T05:30:00Z")).body)).toContain("Terlambat");
});

test("every text of the pages is used somewhere, and none is missing in a language", () => {
  const sources = (readdirSync("console/citizen", { recursive: true }) as string[])
    .filter((path) => path.endsWith(".ts") && !path.startsWith("text/"))
    .map((path) => readFileSync(`console/citizen/${path}`, "utf8"))
    .join("\n");
  const patterns = [...sources.matchAll(/`([\w.]+\.)\$\{[^}]+\}([\w.]*)`/g)].map(
    ([, head = "", tail = ""]) => [head, tail] as const,
  );
  const isUsed = (key: string) =>
    sources.includes(`"${key}"`) || patterns.some(([head, tail]) => key.startsWith(head) && key.endsWith(tail));
  const keys = Object.keys(TEXTS.id);
  expect(keys.length).toBeGreaterThan(250);
  expect(keys.filter((key) => !isUsed(key))).toEqual([]);
  expect(Object.keys(TEXTS.en).sort()).toEqual(keys.sort());
  for (const language of ["id", "en"] as const)
    for (const [key, text] of Object.entries(TEXTS[language])) {
      const holes = (of: string) => [...of.matchAll(/\{\w+\}/g)].map(String).sort();
      expect([key, holes(text)]).toEqual([key, holes(TEXTS.id[key as keyof typeof TEXTS.id])]);
    }
});
