import { hash, timingSafeEqual } from "node:crypto";
import { rawClient } from "../../../drizzle/client.ts";
import { Refusal } from "../../../schema/errors.ts";
import { unauthenticated } from "../../authenticate/token.ts";

/** Whom a feed key stands for, and the cubes it opens. */
export interface Holder {
  readonly client: string;
  readonly agreement: string;
  readonly cubes: readonly string[];
}

export interface FeedKeys {
  /** Whose key stands in the header; throws the one refusal that strangers get, and QUOTA_EXCEEDED where it was wrong too often from there. */
  holder(authorization: string, address: string): Promise<Holder>;
  close(): Promise<void>;
}

interface Kept extends Holder {
  readonly secretSha256: Buffer;
}

const BEARER = /^Bearer +(hubfk_[\w-]+)$/i;
const BASIC = /^Basic +([\w+/-]{1,400}={0,2})$/i;
const KEY = /^hubfk_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})_([\w-]{43})$/;

const MINUTE_MS = 60_000;
/** Wrong keys of an address in a minute before it is no longer listened to. */
const MOST_WRONG = 20;
const MOST_ADDRESSES = 10_000;

/** Is this header a feed key's, right or wrong? Of other credentials nothing is looked at here. */
export const isFeedKey = (authorization: string | undefined): authorization is string =>
  authorization !== undefined && (BEARER.test(authorization) || BASIC.test(authorization));

/** Feed keys as governance keeps them. Looked up anew each time: a key that is closed is refused with the next page. */
export function feedKeys(databaseUrl: string): FeedKeys {
  const sql = rawClient(databaseUrl, { max: 2, connect_timeout: 2, max_lifetime: null });
  const wrong = new Map<string, { count: number; readonly since: number }>();
  const find = async (id: string): Promise<Kept | undefined> => {
    const [row] = await sql<Kept[]>`
      select client_id as client, agreement_number as agreement, cubes, secret_sha256 as "secretSha256" from governance.feed_key
      where id = ${id} and closed_at is null and expires_at > clock_timestamp()`.catch((cause: unknown) => {
      throw new Refusal({ code: "POLICY_UNAVAILABLE" }, { cause });
    });
    return row;
  };
  return {
    async holder(authorization, address) {
      const [, id, secret] = KEY.exec(writtenIn(authorization)) ?? [];
      const kept = id === undefined ? undefined : await find(id);
      // an unknown key is compared, too: how long it takes tells nothing of which part was wrong
      const isRight = timingSafeEqual(hash("sha256", secret ?? "", "buffer"), kept?.secretSha256 ?? NOBODY);
      if (kept && isRight) return kept; // however many wrong ones come from there: behind one proxy stand the keys of many
      refuseGuessing(wrong.get(address));
      count(wrong, address);
      throw unauthenticated("not valid");
    },
    close: () => sql.end({ timeout: 1 }),
  };
}

const NOBODY = Buffer.alloc(32);

/** The key as one text, whichever way it came: a spreadsheet sends its parts as user and password. */
function writtenIn(authorization: string): string {
  const [, bearer] = BEARER.exec(authorization) ?? [];
  if (bearer !== undefined) return bearer;
  const [user = "", password = ""] = Buffer.from(BASIC.exec(authorization)?.[1] ?? "", "base64")
    .toString()
    .split(":");
  return `hubfk_${user}_${password}`;
}

function refuseGuessing(tried: { readonly count: number; readonly since: number } | undefined): void {
  if (tried && tried.count >= MOST_WRONG && performance.now() - tried.since < MINUTE_MS)
    throw new Refusal({ code: "QUOTA_EXCEEDED", reason: TOO_MANY }, { headers: { "retry-after": "60" } });
}

const TOO_MANY = { id: "Terlalu banyak kunci yang salah dari alamat ini.", en: "Too many wrong keys from this address." };

function count(wrong: Map<string, { count: number; readonly since: number }>, address: string): void {
  const now = performance.now();
  const known = wrong.get(address);
  const tried = known && now - known.since < MINUTE_MS ? known : { count: 0, since: now };
  tried.count += 1;
  wrong.delete(address); // the newest go last, so the first is the one to forget
  wrong.set(address, tried);
  if (wrong.size > MOST_ADDRESSES) wrong.delete(wrong.keys().next().value ?? "");
}
