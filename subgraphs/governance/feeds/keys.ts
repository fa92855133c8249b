import { hash, randomBytes, randomUUID } from "node:crypto";
import type { Db } from "../../../drizzle/client.ts";
import { CUBES, cubeOf } from "../../../schema/statistics/cubes.ts";
import { uuids } from "../../kit/data.ts";
import { badInput } from "../../kit/errors.ts";
import type { Asking } from "../../kit/serve/context.ts";
import { atMost } from "../duties/words.ts";
import { ruled } from "../faults.ts";
import type { OpenFeedKeyInput } from "../generated.ts";
import { type Mutation, stewardFor } from "../lifecycle/needs.ts";
import { refuseFaults, textFaults } from "../lifecycle/says.ts";
import { type Steward, stewardAsking } from "../steward.ts";
import { closeKey, type FeedKeyRow, insertKey, keysOf } from "./data.ts";

export interface OpenedKey {
  readonly key: FeedKeyRow;
  readonly secret: string;
  readonly token: string;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const LONGEST_DAYS = 365;

/** Keys of released figures: who may open and close them is said by the database (migration 0025). */
export const feedKeys = ({ db, write, caller, now }: Asking) => {
  const acting = <T>(mutation: Mutation, work: (to: Db, steward: Steward) => Promise<T>): Promise<T> =>
    ruled(write(async (to) => work(to, await stewardFor(to, caller, mutation))));
  return {
    async list(first: number): Promise<FeedKeyRow[]> {
      const { agencyCode } = await stewardAsking(db, caller);
      return keysOf(db, agencyCode, atMost(first));
    },
    open: (input: OpenFeedKeyInput): Promise<OpenedKey> =>
      acting("openFeedKey", async (to, steward) => {
        refuseFaults(faultsOf(input));
        const [id, secret] = [randomUUID(), randomBytes(32).toString("base64url")];
        const { agreement: agreementNumber, client: clientId, days = LONGEST_DAYS } = input;
        const term = { madeAt: now.toISOString(), expiresAt: new Date(now.getTime() + days * DAY_MS).toISOString() };
        const key = await insertKey(to, {
          ...{ id, agreementNumber, clientId, cubes: [...new Set(input.cubes)], label: input.label.trim() },
          ...{ secretSha256: hash("sha256", secret, "buffer"), madeBy: steward.id, ...term },
        });
        if (!key) throw new Error("a key that was inserted and is not there");
        return { key, secret, token: `hubfk_${id}_${secret}` };
      }),
    close: (id: string): Promise<FeedKeyRow> =>
      acting("closeFeedKey", async (to, steward) => {
        const closed = uuids([id]).length === 0 ? undefined : await closeKey(to, id, steward.id);
        if (!closed) throw badInput("id: there is no such key, or it is closed");
        return closed;
      }),
  };
};

function faultsOf({ cubes, label, days = LONGEST_DAYS }: OpenFeedKeyInput): string[] {
  const unknown = cubes.some((code) => !cubeOf(code));
  return [
    ...(cubes.length < 1 || cubes.length > 50 ? ["cubes: 1 to 50"] : []),
    ...(unknown ? [`cubes: must be of ${CUBES.map(({ code }) => code).join(", ")}`] : []),
    ...textFaults("label", label, [5, 100]),
    ...(days < 1 || days > LONGEST_DAYS ? [`days: 1 to ${LONGEST_DAYS}`] : []),
  ];
}
