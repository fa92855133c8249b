import type { Incoming } from "../../gateway/types/chain.ts";
import type { FaceAnswer } from "../../gateway/types/faces.ts";
import { readTilePath } from "../../schema/record/tiles.ts";
import { places } from "../../schema/values/places.ts";

const TIMEOUT_MS = 5_000;
/** Questions to the log at one time; beyond, people are told at once: a log that hangs holds none of the places that pages share. */
const MOST_AT_ONCE = 32;
const PLAIN = { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" };

/**
 * Checkpoints and tiles of the record's log at the hub's own address: a page that asks no other host checks them there. Hashes and signatures only, as
 * the log gives them to everybody; nothing but these two is passed on.
 */
export class PublicLog {
  readonly paths = ["/checkpoint", "/tile/*"];
  private readonly address: string;
  private readonly inTurn = places(MOST_AT_ONCE);

  /** `address`: where the log serves. */
  constructor(address: string) {
    this.address = address.replace(/\/$/, "");
  }

  async answer({ url, method }: Pick<Incoming, "url" | "method">): Promise<FaceAnswer> {
    const path = new URL(url, "http://hub.invalid").pathname;
    if (method !== "GET" || (path !== "/checkpoint" && readTilePath(path.slice(1)) === null)) return NOT_FOUND;
    return (await this.inTurn(() => this.told(path)).catch(() => null)) ?? UNAVAILABLE;
  }

  /** Rejects where the log is away, hangs, or breaks off. */
  private async told(path: string): Promise<FaceAnswer> {
    const found = await fetch(this.address + path, { redirect: "error", signal: AbortSignal.timeout(TIMEOUT_MS) });
    const body = new Uint8Array(await found.arrayBuffer());
    if (found.status >= 500) return UNAVAILABLE;
    if (!found.ok) return NOT_FOUND;
    const headers = {
      "content-type": path === "/checkpoint" ? PLAIN["content-type"] : "application/octet-stream",
      "cache-control": found.headers.get("cache-control") ?? "no-store",
    };
    return { status: 200, headers, body };
  }
}

const UNAVAILABLE: FaceAnswer = { status: 503, headers: { ...PLAIN, "retry-after": "5" }, body: "unavailable\n" };
const NOT_FOUND: FaceAnswer = { status: 404, headers: PLAIN, body: "not found\n" };
