import fc from "fast-check";
import { expect, test } from "vitest";
import { isoOf, placeOf, rupiahOf } from "../../../console/citizen/format.ts";
import { html } from "../../../console/citizen/html/html.ts";
import { formOf } from "../../../console/citizen/http/forms.ts";
import { createFormKey, type Holder } from "../../../console/citizen/http/formToken.ts";
import { networkOf } from "../../../console/citizen/http/network.ts";
import { createPatience, padded } from "../../../console/citizen/http/patience.ts";
import { placeOf as coordinatesOf } from "../../../console/citizen/own/objections.ts";

const KEY = new Uint8Array(32).fill(7);

test("whatever somebody writes stands on a page as text, in the page and in an attribute, and can be read back", () => {
  const back = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'" } as Record<string, string>;
  const read = (text: string) => text.replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => back[entity] ?? "");
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("<", ">", '"', "'", "&", ";", "a", "/", "-", "!") }), (text) => {
      const page = html`<p title="${text}">${text}</p>`.text;
      const [, attribute = "", content = ""] = /^<p title="([^"<>]*)">([^<>]*)<\/p>$/.exec(page) ?? [];
      expect([read(attribute), read(content)]).toEqual([text, text]);
    }),
  );
});

test("pieces stand in pieces, lists one behind the other, and what is missing leaves nothing", () => {
  const items = ["<b>", "c"].map((text) => html`<li>${text}</li>`);
  expect(html`<ul>${items}${null}${undefined}${false}${0}</ul>`.text).toBe("<ul><li>&lt;b&gt;</li><li>c</li>0</ul>");
});

test("text that only looks like a piece of a page is no piece of a page", () => {
  const forged = { text: "<script>" } as unknown as string;
  expect(() => html`${forged}`.text).toThrow();
});

test("a form counts only as it was issued: for the same form, the same person, within four hours", () => {
  let now = Date.parse("2026-11-21T03:00:00Z");
  const key = createFormKey(KEY, () => now);
  const [siti, budi] = ["siti", "budi"].map((person) => ({ person, representing: "" })) as [Holder, Holder];
  const token = key.issue("/warga/mundur", siti);
  now += 10_000;
  expect(key.check(token, "/warga/mundur", siti)).toBe("good");
  expect(key.check(token, "/warga/mundur", budi)).toBe("forged");
  expect(key.check(token, "/warga/bantuan/mundur", siti)).toBe("forged");
  expect(createFormKey(new Uint8Array(32), () => now).check(token, "/warga/mundur", siti)).toBe("forged");
  for (const other of ["", ".", "..", token.slice(1), `${token}x`, token.replace(/^\w+/, "zzzzzz")])
    expect(key.check(other, "/warga/mundur", siti), other).toBe("forged");
  now += 4 * 60 * 60 * 1000;
  expect(key.check(token, "/warga/mundur", siti)).toBe("too old");
});

const ANYBODY: Holder = { person: "", representing: "" };

test("a form that comes back at once was filled in by a machine", () => {
  const key = createFormKey(KEY, () => 1_700_000_000_000);
  expect(key.check(key.issue("/cek-bansos", ANYBODY), "/cek-bansos", ANYBODY)).toBe("too fast");
});

test("a tag stands for a network for a day and tells no address", () => {
  let now = Date.parse("2026-11-21T03:00:00Z");
  const { tagOf } = createFormKey(KEY, () => now);
  const today = tagOf("203.0.113.7");
  expect(today).toMatch(/^[\w-]{22}$/);
  expect(tagOf("203.0.113.8")).not.toBe(today);
  expect(tagOf("::ffff:203.0.113.7")).toBe(today);
  now += 24 * 60 * 60 * 1000;
  expect(tagOf("203.0.113.7")).not.toBe(today);
});

test("a tag lasts a day as people in western Indonesia count it", () => {
  const at = (instant: string) => createFormKey(KEY, () => Date.parse(instant)).tagOf("203.0.113.7");
  expect(at("2026-11-22T06:59:00+07:00")).toBe(at("2026-11-22T07:01:00+07:00"));
  expect(at("2026-11-22T23:59:00+07:00")).not.toBe(at("2026-11-23T00:01:00+07:00"));
});

test("whoever has a /48 of IPv6 is one network, in every spelling, and another /48 is another", () => {
  const one = ["2001:db8:1::1", "2001:db8:1:2:3::4", "2001:0DB8:0001:ffff:9::9", "2001:db8:1::", "2001:db8:1::1%eth0"];
  expect(new Set(one.map(networkOf))).toEqual(new Set(["2001:db8:1"]));
  expect(new Set(["2001:db8::1:1:1:1", "2001:db8::2:1:1:1", "2001:db8:0:5::1"].map(networkOf))).toEqual(new Set(["2001:db8:0"]));
  const mapped = ["203.0.113.7", "::ffff:203.0.113.7", "::FFFF:cb00:7107", "0:0:0:0:0:ffff:cb00:7107"];
  expect(new Set(mapped.map(networkOf))).toEqual(new Set(["203.0.113.7"]));
  expect(networkOf("2001:db8:2::1")).not.toBe(networkOf("2001:db8:1::1"));
});

test("fields and a picture come out of a form as they went in", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.uint8Array({ minLength: 1, maxLength: 200 }), (text, bytes) => {
      const boundary = "----hub1234567890";
      const parts = [
        Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="alasan"\r\n\r\n${text}\r\n--${boundary}\r\n`),
        Buffer.from('Content-Disposition: form-data; name="foto"; filename="rumah.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'),
        Buffer.from(bytes),
        Buffer.from(`\r\n--${boundary}--\r\n`),
      ];
      const body = Buffer.concat(parts).toString("latin1");
      fc.pre(!body.slice(200).includes(`\r\n--${boundary}\r\nContent-Disposition: form-data; name="alasan"`));
      const form = formOf({ headers: { "content-type": `multipart/form-data; boundary=${boundary}` }, body } as never);
      expect(form.value("alasan")).toBe(
        text
          .replace(/\r\n?/g, "\n")
          .replace(/[^\P{Cc}\n]/gu, "")
          .trim(),
      );
      expect(form.file("foto")).toEqual({ mediaType: "image/jpeg", bytes: Buffer.from(bytes) });
      expect(form.file("alasan")).toBeNull();
      expect(form.value("foto")).toBe("");
    }),
  );
});

test("one address may try thirty times, then waits the longer, but never more than five seconds; another waits for nothing", async () => {
  const pauses: number[] = [];
  const { slowDown } = createPatience(
    () => 0,
    async (ms) => pauses.push(ms),
  );
  for (let i = 0; i < 30; i += 1) await slowDown("a");
  expect(pauses).toEqual([]);
  for (let i = 0; i < 40; i += 1) await slowDown("a");
  await slowDown("b");
  expect([pauses.length, pauses[0], pauses.at(-1), Math.max(...pauses)]).toEqual([40, 250, 5000, 5000]);
});

test("pages of one kind have one size, whatever stands in them", () => {
  const sizes = ["", "x".repeat(5000), "é".repeat(2000)].map((text) =>
    Buffer.byteLength(padded((filling) => html`<p>${text}</p>${filling}`).text),
  );
  expect(new Set(sizes)).toEqual(new Set([13_312]));
});

test("a day is a day only if the calendar has it", () => {
  expect(isoOf({ day: "7", month: "3", year: "1985" })).toBe("1985-03-07");
  for (const [day, month, year] of [
    ["30", "2", "2020"],
    ["0", "1", "2020"],
    ["1", "13", "2020"],
    ["1", "1", "85"],
    ["x", "1", "1985"],
    ["", "", ""],
  ] as const)
    expect(isoOf({ day, month, year }), `${day}-${month}-${year}`).toBeNull();
});

test("rupiah beyond what a double holds are written to the last digit", () => {
  expect(rupiahOf("9007199254740993", "id")).toBe("Rp\u00a09.007.199.254.740.993");
});

test("names of regions are written as people write them", () => {
  expect(["JAWA TIMUR", "DKI JAKARTA", "Laweyan", "KABUPATEN BANYUWANGI"].map(placeOf)).toEqual([
    ...["Jawa Timur", "DKI Jakarta", "Laweyan", "Kabupaten Banyuwangi"],
  ]);
});

test("a place is one in Indonesia, as maps write it", () => {
  expect(coordinatesOf("-8.2192, 114.3691")).toEqual({ latitude: -8.2192, longitude: 114.3691 });
  for (const text of ["", "-8.2192", "52.5, 13.4", "114.3691, -8.2192", "di sebelah masjid", "-8.2192, 114.3691; 1"])
    expect(coordinatesOf(text), text).toBeNull();
});
