import type { Adapter, AdapterPayload } from "oidc-provider";

interface Kept {
  readonly payload: AdapterPayload;
  readonly until: number;
}

/** More than anybody signs in on one machine; the oldest go first. */
const MOST = 20_000;

/**
 * What the issuer keeps, in memory: a restart signs everybody out. One store for all its models; each adapter is one model's view of it. Of a session
 * at the issuer it forgets who it is of, so that whoever signs in is asked each time: on one machine everybody is many.
 */
export function createStore(): (model: string) => Adapter {
  const kept = new Map<string, Kept>();
  const find = (key: string) => {
    const found = kept.get(key);
    return found && found.until > Date.now() ? found.payload : undefined;
  };
  const findBy = (model: string, field: "uid" | "userCode", value: string) => {
    const [key = ""] = [...kept].find(([name, { payload }]) => name.startsWith(`${model} `) && payload[field] === value) ?? [];
    return find(key);
  };
  return (model) => ({
    upsert: async (id, payload, seconds) => {
      kept.set(`${model} ${id}`, { payload, until: Date.now() + seconds * 1000 });
      if (kept.size > MOST) kept.delete(kept.keys().next().value ?? "");
    },
    find: async (id) => {
      const found = find(`${model} ${id}`);
      return found && model === "Session" ? { ...found, accountId: undefined, authorizations: undefined } : found;
    },
    findByUid: async (uid) => findBy(model, "uid", uid),
    findByUserCode: async (userCode) => findBy(model, "userCode", userCode),
    consume: async (id) => {
      const found = find(`${model} ${id}`);
      if (found) found.consumed = Math.floor(Date.now() / 1000);
    },
    destroy: async (id) => void kept.delete(`${model} ${id}`),
    revokeByGrantId: async (grantId) => {
      for (const [key, { payload }] of kept) if (payload.grantId === grantId) kept.delete(key);
    },
  });
}
