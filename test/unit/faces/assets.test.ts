import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Assets } from "../../../console/assets/assets.ts";
import type { Incoming } from "../../../gateway/types/chain.ts";

const outside = mkdtempSync(join(tmpdir(), "hub-assets-"));
const folder = join(outside, "dist");
const SCRIPT = `console.log(${JSON.stringify("x".repeat(5000))})`;
beforeAll(() => {
  mkdirSync(join(folder, "assets"), { recursive: true });
  writeFileSync(join(outside, "secret.json"), "{}");
  writeFileSync(join(folder, "index.html"), '<!doctype html><meta name="csp-nonce" content="%CSP_NONCE%">');
  writeFileSync(join(folder, "assets/app-1.js"), SCRIPT);
  writeFileSync(join(folder, "other.html"), "<!doctype html>");
  writeFileSync(join(folder, "icon.svg"), "<svg/>");
});
afterAll(() => rmSync(outside, { recursive: true }));

const assets = new Assets(folder);
const get = (path: string, headers: Record<string, string> = {}) =>
  assets.answer({ url: path, method: "GET", headers } as unknown as Incoming);
const PLAIN =
  "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-N'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

describe("the console's files", () => {
  test("every route of the application is answered by its one page, with a nonce of its own each time", () => {
    const nonces = ["/console", "/console/", "/console/access/matrix?agency=BPS", "/console/access"].map((path) => {
      const { status, headers, body } = get(path);
      const nonce = /content="([^"]+)"/.exec(String(body))?.[1] ?? "";
      expect([status, headers["cache-control"]]).toEqual([200, "no-store"]);
      expect(headers["content-security-policy"]).toBe(PLAIN.replace("nonce-N", `nonce-${nonce}`));
      return nonce;
    });
    expect(new Set(nonces).size).toBe(4);
    for (const nonce of nonces) expect(Buffer.from(nonce, "base64")).toHaveLength(16);
  });

  test("so is a route whose number has dots in it", () => {
    for (const path of ["/console/access/agreements/PKS.2025.1", "/console/audit/record/2026-11-21T08:00:00.000Z"])
      expect([path, get(path).status, get(path).headers["content-type"]]).toEqual([path, 200, "text/html; charset=utf-8"]);
  });

  test("no page is served as a mere file, without its policy, under whatever name", () => {
    for (const path of [
      "/console/index.html",
      "/console//index.html",
      "/console/assets/../index.html",
      "/console/./index.html",
    ]) {
      const { status, headers, body } = get(path);
      const nonce = /content="([^"]+)"/.exec(String(body))?.[1] ?? "";
      expect([status, headers["cache-control"]], path).toEqual([200, "no-store"]);
      expect(headers["content-security-policy"]).toBe(PLAIN.replace("nonce-N", `nonce-${nonce}`));
    }
    for (const path of ["/console/other.html", "/console/assets/index.html"]) expect(get(path).status, path).toBe(404);
  });

  test("only the explorer's page may have what its editor needs, and no page runs a script that is not ours", () => {
    const policyOf = (path: string) => get(path).headers["content-security-policy"] ?? "";
    expect(policyOf("/console/explorer")).toContain("style-src 'self' 'unsafe-inline'");
    expect(policyOf("/console/explorer")).toContain("worker-src 'self'");
    for (const path of ["/console/explorers", "/console/access/explorer"]) expect(policyOf(path)).not.toContain("unsafe-inline");
    for (const path of ["/console/", "/console/explorer"])
      expect(policyOf(path).match(/script-src[^;]*/)?.[0]).toBe("script-src 'self'");
  });

  test("a built file is kept for a year, and packed as the browser takes it", () => {
    const plain = get("/console/assets/app-1.js");
    expect(plain.headers).toMatchObject({
      "content-type": "text/javascript; charset=utf-8",
      "cache-control": "public, max-age=31536000, immutable",
      vary: "accept-encoding",
    });
    expect(String(plain.body)).toBe(SCRIPT);
    const br = get("/console/assets/app-1.js", { "accept-encoding": "gzip, deflate, br" });
    const gzip = get("/console/assets/app-1.js", { "accept-encoding": "gzip" });
    expect([br.headers["content-encoding"], gzip.headers["content-encoding"]]).toEqual(["br", "gzip"]);
    expect(String(brotliDecompressSync(br.body as Uint8Array))).toBe(SCRIPT);
    expect(String(gunzipSync(gzip.body as Uint8Array))).toBe(SCRIPT);
  });

  test.each([
    "/console/assets/gone-2.js",
    "/console/assets/gone",
    "/console/gone.css",
    "/console/../secret.json",
    "/console/%2e%2e/secret.json",
    "/console/..%2fsecret.json",
    "/console/assets/..%5c..%5csecret.json",
    "/console/assets/app-1.js%00.svg",
  ])("%s is not there, and is not the page instead", (path) => {
    expect(get(path).status).toBe(404);
  });

  test("what was not built says how to build it, in the language of the reader", () => {
    const none = new Assets(join(outside, "nowhere"));
    const page = (cookie: string) => none.answer({ url: "/console/", method: "GET", headers: { cookie } } as unknown as Incoming);
    for (const [cookie, title] of [
      ["", "Konsol belum dibangun"],
      ["hub_lang=en", "The console is not built"],
    ] as const) {
      const { status, body } = page(cookie);
      expect(status).toBe(503);
      expect(String(body)).toContain(title);
      expect(String(body)).toContain("npx hub console build");
    }
  });
});
