import { createHash, createHmac } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readConfig } from "../../../subgraphs/kit/serve/config.ts";
import { faultOfMedia, isAsAnnounced } from "../../../subgraphs/welfare/evidence/media.ts";
import { asAnnounced, asKept, openStore } from "../../../subgraphs/welfare/evidence/store.ts";

const sha256 = (bytes: Uint8Array | string) => createHash("sha256").update(bytes).digest("hex");
const piecesOf = async function* (...pieces: Uint8Array[]) {
  yield* pieces;
};
async function whole(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of bytes) pieces.push(piece);
  return Buffer.concat(pieces);
}
const JPEG = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.from("rumah")]);

const folder = mkdtempSync(join(tmpdir(), "hub-evidence-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a folder", () => {
  const store = openStore(pathToFileURL(folder).href);
  const files = () => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());

  test("keeps the same bytes once, under their hash, and gives them back", async () => {
    for (const _ of [1, 2]) await store.put(sha256(JPEG), piecesOf(JPEG.subarray(0, 2), JPEG.subarray(2)));
    expect(files().map(({ name }) => name)).toEqual([sha256(JPEG)]);
    expect(await whole(asKept(store, sha256(JPEG)))).toEqual(JPEG);
  });

  test("keeps nothing of bytes that break off or are not what was announced", async () => {
    const before = files().length;
    const broken = async function* () {
      yield JPEG;
      throw new Error("broken off");
    };
    await expect(store.put(sha256("x"), broken())).rejects.toThrow("broken off");
    const announced = { mediaType: "image/jpeg", bytes: JPEG.length, sha256: sha256("x") };
    await expect(store.put(sha256("x"), asAnnounced(piecesOf(JPEG), announced))).rejects.toThrow("another SHA-256");
    expect(files()).toHaveLength(before);
  });

  test("takes no name that leads out of it", async () => {
    for (const name of ["../../etc/passwd", "", "A".repeat(64), `${"a".repeat(63)}/`])
      await expect(store.put(name, piecesOf(JPEG))).rejects.toThrow("not a SHA-256");
  });

  test("is found out when bytes were changed where they lie", async () => {
    const name = sha256("surat");
    await store.put(name, piecesOf(Buffer.from("surat")));
    writeFileSync(join(folder, name.slice(0, 2), name), "palsu");
    await expect(whole(asKept(store, name))).rejects.toThrow();
  });
});

/** An object store of one bucket that takes nothing without a right Signature Version 4, made here from the specification. */
function fakeBucket(secret: string) {
  const objects = new Map<string, Buffer>();
  const hmac = (key: Buffer | string, text: string) => createHmac("sha256", key).update(text).digest();
  const isSigned = ({ method, url, headers }: IncomingMessage): boolean => {
    const [, scope = "", names = "", signature] =
      /^AWS4-HMAC-SHA256 Credential=kunci\/([^,]+), SignedHeaders=([^,]+), Signature=(\w+)$/.exec(headers.authorization ?? "") ??
      [];
    const [day = "", region = "", service = "", end = ""] = scope.split("/");
    const [path = "", query = ""] = (url ?? "").split("?");
    const signed = names.split(";").map((name) => `${name}:${String(headers[name]).trim()}\n`);
    const canonical = [method, path, query, signed.join(""), names, headers["x-amz-content-sha256"]].join("\n");
    const text = ["AWS4-HMAC-SHA256", headers["x-amz-date"], scope, sha256(canonical)].join("\n");
    const key = [day, region, service, end].reduce<Buffer | string>(hmac, `AWS4${secret}`);
    return names.includes("host") && hmac(key, text).toString("hex") === signature;
  };
  const server = createServer(async (request, response) => {
    const body = await whole(request as AsyncIterable<Uint8Array>);
    const name = request.url ?? "";
    if (!isSigned(request)) response.writeHead(403).end();
    else if (request.method === "PUT" && sha256(body) !== request.headers["x-amz-content-sha256"]) response.writeHead(400).end();
    else if (request.method === "PUT") response.writeHead(objects.set(name, body) && 200).end();
    else if (objects.has(name)) response.writeHead(200).end(objects.get(name));
    else response.writeHead(404).end();
  });
  return { objects, server };
}

describe("a bucket", () => {
  const { objects, server } = fakeBucket("rahasia/+=");
  let endpoint = "";
  beforeAll(
    () =>
      new Promise<void>((resolve) => {
        server.listen(0, "127.0.0.1", () => {
          endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
          resolve();
        });
      }),
  );
  afterAll(() => void server.close());
  const settings = (secret: string) => ({
    HUB_ENV: "dev",
    HUB_DATABASE_URL_WELFARE: "postgres://hub_welfare@127.0.0.1/welfare",
    HUB_EVIDENCE_URL: `s3://bukti?endpoint=${endpoint}&region=ap-southeast-3`,
    HUB_EVIDENCE_ACCESS_KEY: "kunci",
    HUB_EVIDENCE_SECRET_KEY: secret,
  });
  const storeWith = (secret: string) => openStore(readConfig("welfare", settings(secret)).evidenceUrl ?? "");

  test("takes and gives what is signed by Signature Version 4 with the keys of the settings", async () => {
    const store = storeWith("rahasia/+=");
    await store.put(sha256(JPEG), piecesOf(JPEG));
    expect([...objects.keys()]).toEqual([`/bukti/${sha256(JPEG)}`]);
    expect(await whole(asKept(store, sha256(JPEG)))).toEqual(JPEG);
    await expect(whole(store.get(sha256("tidak ada")))).rejects.toThrow("the object store answered 404");
  });

  test("takes nothing under another key, and nothing that broke off before its end", async () => {
    const before = objects.size;
    await expect(storeWith("salah").put(sha256("a"), piecesOf(Buffer.from("a")))).rejects.toThrow("answered 403");
    const announced = { mediaType: "image/jpeg", bytes: 99, sha256: sha256(JPEG) };
    await expect(storeWith("rahasia/+=").put(sha256(JPEG), asAnnounced(piecesOf(JPEG), announced))).rejects.toThrow(
      "fewer bytes",
    );
    expect(objects.size).toBe(before);
  });

  test("needs both keys in the settings", () => {
    const { HUB_EVIDENCE_SECRET_KEY: _, ...without } = settings("");
    expect(() => readConfig("welfare", without)).toThrow("a bucket needs both");
    expect(() => readConfig("welfare", { ...without, HUB_EVIDENCE_URL: "https://example.org" })).toThrow(
      "must be a file: or s3:",
    );
  });
});

describe("announced bytes", () => {
  test("pass unchanged however they are cut, and not with one byte changed", async () => {
    const cut = fc.array(fc.uint8Array({ maxLength: 700 }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(cut, fc.nat(), async (pieces, at) => {
        const sent = [Buffer.from([0xff, 0xd8, 0xff]), ...pieces.map((piece) => Buffer.from(piece.map((byte) => byte | 0x80)))];
        const all = Buffer.concat(sent);
        const announced = { mediaType: "image/jpeg", bytes: all.length, sha256: sha256(all) };
        expect(await whole(asAnnounced(piecesOf(...sent), announced))).toEqual(all);
        all[at % all.length] = (all[at % all.length] ?? 0) ^ 1;
        await expect(whole(asAnnounced(piecesOf(all), announced))).rejects.toThrow();
      }),
      { numRuns: 60 },
    );
  });

  const BEGINS: readonly (readonly [string, Buffer])[] = [
    ["image/jpeg", JPEG],
    ["image/png", Buffer.from("\x89PNG\r\n\x1a\n", "latin1")],
    ["image/webp", Buffer.from("RIFF\0\0\0\0WEBPVP8 ", "latin1")],
    ["application/pdf", Buffer.from("%PDF-1.7\n")],
    ["audio/mpeg", Buffer.from("ID3\x04")],
    ["audio/mpeg", Buffer.from([0xff, 0xfb, 0x90, 0x00])],
    ["audio/wav", Buffer.from("RIFF\0\0\0\0WAVEfmt ", "latin1")],
    ["audio/ogg", Buffer.from("OggS\0")],
    ["video/mp4", Buffer.from("\0\0\0\x18ftypmp42", "latin1")],
    ["text/plain", Buffer.from("luas lantai: 36 m²\r\n")],
  ];
  const TYPES = [...new Set(BEGINS.map(([type]) => type))];

  test.each(BEGINS)("that begin as %s are that and nothing else", (type, head) => {
    expect(TYPES.filter((other) => isAsAnnounced(other, head))).toEqual([type]);
  });

  test.each(["<html>", "<!DOCTYPE html>", "<svg onload=x>", " <SCRIPT>", "PK\x03\x04", "\n%PDF-1.4"])(
    "that hide %j behind their beginning are refused",
    (hidden) => {
      const heads = BEGINS.map(([type, head]) => [type, Buffer.concat([head, Buffer.from(hidden, "latin1")])] as const);
      expect(heads.filter(([type, head]) => isAsAnnounced(type, head))).toEqual([]);
    },
  );

  test("may hold XML about themselves (XMP) behind a photograph's or document's beginning; a text that is XML is refused", () => {
    const xmp = Buffer.from('\n<?xml version="1.0"?><x:xmpmeta xmlns:x="adobe:ns:meta/">');
    const kept = BEGINS.filter(([type, head]) => isAsAnnounced(type, Buffer.concat([head, xmp]))).map(([type]) => type);
    expect(kept).toEqual(BEGINS.map(([type]) => type).filter((type) => !type.startsWith("text/")));
    for (const type of ["text/plain", "text/csv"]) expect(isAsAnnounced(type, xmp)).toBe(false);
    const script = Buffer.concat([JPEG, xmp, Buffer.from("<script>")]);
    expect(isAsAnnounced("image/jpeg", script)).toBe(false);
  });

  test("are of a media type that is listed, and fits their kind", () => {
    expect(faultOfMedia("IMAGE", "image/jpeg")).toBeNull();
    expect(faultOfMedia("AUDIO", "image/jpeg")).toBe("mediaType: image/jpeg is no AUDIO");
    for (const type of ["image/svg+xml", "text/html", "application/zip", "constructor", "image/jpeg; x=y"])
      expect(faultOfMedia("IMAGE", type)).toMatch(/^mediaType must be one of/);
  });
});
