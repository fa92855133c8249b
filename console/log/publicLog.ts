import type { Incoming } from "../../gateway/types/chain.ts";
import type { FaceAnswer } from "../../gateway/types/faces.ts";
import { readTilePath } from "../../schema/record/tiles.ts";

const TIMEOUT_MS = 5_000;
const PLAIN = { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" };

/**
 * Checkpoints and tiles of the record's log at the hub's own address: a page that asks no other host checks them there. Hashes and signatures only, as
 * the log gives them to everybody; nothing but these two is passed on.
 */
export class PublicLog {
  readonly paths = ["/checkpoint", "/tile/*"];
  private readonly address: string;

  /** `address`: where the log serves. */
  constructor(address: string) {
    this.address = address.replace(/\/$/, "");
  }

  async answer({ url, method }: Pick<Incoming, "url" | "method">): Promise<FaceAnswer> {
    const path = new URL(url, "http://hub.invalid").pathname;
    if (method !== "GET" || (path !== "/checkpoint" && readTilePath(path.slice(1)) === null)) return NOT_FOUND;
    const found = await fetch(this.address + path, { redirect: "error", signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(
      () => null,
    );
    if (found === null || found.status >= 500)
      return { status: 503, headers: { ...PLAIN, "retry-after": "5" }, body: "unavailable\n" };
    if (!found.ok) return NOT_FOUND;
    const headers = {
      "content-type": path === "/checkpoint" ? PLAIN["content-type"] : "application/octet-stream",
      "cache-control": found.headers.get("cache-control") ?? "no-store",
    };
    return { status: 200, headers, body: new Uint8Array(await found.arrayBuffer()) };
  }
}

const NOT_FOUND: FaceAnswer = { status: 404, headers: PLAIN, body: "not found\n" };
