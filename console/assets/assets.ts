import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { extname, join, normalize } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { Incoming } from "../../gateway/types/chain.ts";
import type { FaceAnswer } from "../../gateway/types/faces.ts";
import { policyOf } from "../headers.ts";
import { languageOf, plainPage } from "../page.ts";

const TYPES: Readonly<Record<string, string>> = {
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
  ".ttf": "font/ttf",
};
/** Smaller ones gain nothing. */
const LEAST_BYTES = 1024;
/** The next but last steps of brotli take seconds for a megabyte and win a few percent. */
const QUALITY = 5;
const YEAR_S = 365 * 24 * 60 * 60;
/** What it says the nonce of a page is, in console/index.html. */
const NONCE = "%CSP_NONCE%";

interface Asset {
  readonly type: string;
  readonly bytes: Buffer;
  readonly packed: Map<string, Buffer>;
}

/** The one page that was built. */
const INDEX = "/index.html";

/** Where boundaries stand, if whoever runs the hub has set a file of them. */
const MAP = "/map.json";

/** The single-page application under /console, from the folder it was built into; each file is read and compressed once. */
export class Assets {
  readonly paths = ["/console", "/console/*"];
  private readonly folder: string;
  private readonly map: string | undefined;
  private readonly assets = new Map<string, Asset>();

  /** `map`: file of boundaries. */
  constructor(folder: string, map?: string) {
    this.folder = folder;
    this.map = map;
  }

  answer(request: Incoming): FaceAnswer {
    const { pathname } = new URL(request.url, "http://hub.invalid");
    if (!pathname.startsWith("/console")) return MISSING; // it climbed out
    const path = normalize(pathname.slice("/console".length) || "/");
    if (path === MAP && this.map === undefined) return NO_MAP;
    const isFile = path.startsWith("/assets/") || extname(path) in TYPES;
    // a route of the application, whatever dots its numbers have, is answered by its page; a file that is not there is not there
    if (!isFile || path === INDEX) return this.page(request, path);
    const asset = extname(path) === ".html" ? null : this.read(path); // no page without its policy
    if (!asset) return MISSING;
    return sent(asset, request, path.startsWith("/assets/") ? `public, max-age=${YEAR_S}, immutable` : "public, max-age=300");
  }

  private page(request: Incoming, path: string): FaceAnswer {
    const index = this.read(INDEX, { afresh: true });
    if (!index) return unbuilt(request);
    const nonce = randomBytes(16).toString("base64");
    const body = index.bytes.toString("utf8").replace(NONCE, nonce);
    const policy = policyOf(nonce, { isExplorer: /^\/explorer(?:\/|$)/.test(path) });
    return {
      status: 200,
      headers: { "content-type": index.type, "cache-control": "no-store", "content-security-policy": policy },
      body,
    };
  }

  /** `afresh`: as it stands now; a new build has other assets, of other names. */
  private read(path: string, { afresh = false } = {}): Asset | null {
    const known = afresh ? undefined : this.assets.get(path);
    if (known) return known;
    const type = TYPES[extname(path)];
    const file = (path === MAP && this.map) || join(this.folder, path);
    const isOurs = file === this.map || file.startsWith(this.folder);
    if (type === undefined || path.includes("\0") || !isOurs || !existsSync(file)) return null;
    const asset = { type, bytes: readFileSync(file), packed: new Map<string, Buffer>() };
    this.assets.set(path, asset);
    return asset;
  }
}

const NO_MAP: FaceAnswer = { status: 204, headers: { "cache-control": "public, max-age=300" }, body: "" };

const MISSING: FaceAnswer = {
  status: 404,
  headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" },
  body: "404\n",
};

const PACKERS: readonly (readonly [encoding: string, pack: (bytes: Buffer) => Buffer])[] = [
  ["br", (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: QUALITY } })],
  ["gzip", (bytes) => gzipSync(bytes)],
];

function sent({ type, bytes, packed }: Asset, request: Incoming, caching: string): FaceAnswer {
  const headers = { "content-type": type, "cache-control": caching, vary: "accept-encoding" };
  const accepted = String(request.headers["accept-encoding"] ?? "");
  const packer =
    bytes.length < LEAST_BYTES || !/^text|json|svg/.test(type) ? undefined : PACKERS.find(([name]) => accepted.includes(name));
  if (!packer) return { status: 200, headers, body: bytes };
  const [encoding, pack] = packer;
  const body = packed.get(encoding) ?? pack(bytes);
  packed.set(encoding, body);
  return { status: 200, headers: { ...headers, "content-encoding": encoding }, body };
}

const UNBUILT = {
  id: ["Konsol belum dibangun", "Jalankan <code>npx hub console build</code>, lalu muat ulang halaman ini."],
  en: ["The console is not built", "Run <code>npx hub console build</code>, then load this page again."],
} as const;

function unbuilt(request: Incoming): FaceAnswer {
  const language = languageOf(request);
  const [title, text] = UNBUILT[language];
  return plainPage({ status: 503, language, title, content: `<p>${text}</p>` });
}
