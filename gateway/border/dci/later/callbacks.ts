import type { Action } from "./store.ts";

/** Paths of the callbacks below a partner's base address, as the standard has them. */
const CALLBACKS: Readonly<Record<Action | "notify", string>> = {
  search: "/registry/on-search",
  subscribe: "/registry/on-subscribe",
  unsubscribe: "/registry/on-unsubscribe",
  "txn-status": "/registry/txn/on-status",
  notify: "/registry/notify",
};

export const callbackOf = (base: string, action: keyof typeof CALLBACKS): string =>
  `${base.replace(/\/+$/, "")}${CALLBACKS[action]}`;

/** Every callback's one type. */
export const AS_JSON = { "content-type": "application/json; charset=utf-8" };
