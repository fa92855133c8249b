import { isThisMachine } from "../../events/address.ts";
import type { Action, Channel } from "./store.ts";

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

interface Naming {
  /** As the sender wrote it: the base address, or the whole of the callback's. */
  readonly uri: string;
  readonly action: Action;
  readonly isLocal: boolean;
}

const bare = (address: string): string => address.replace(/\/+$/, "");

/**
 * Which of the addresses that were agreed on a sender names; undefined: none of them. Where development is of this machine alone, an agreed
 * address of it without a path stands for the machine: every port of it is agreed.
 */
export function channelNamed(channels: readonly Channel[], { uri, action, isLocal }: Naming): Channel | undefined {
  const named = channels.find(({ url }) => [bare(url), callbackOf(url, action)].includes(bare(uri)));
  if (named || !isLocal || !isHere(uri)) return named;
  const machine = channels.find(({ url }) => isHere(url) && new URL(url).pathname === "/");
  const tail = callbackOf("", action);
  return machine && { ...machine, at: bare(uri).endsWith(tail) ? bare(uri).slice(0, -tail.length) : uri };
}

/** An address of this machine and nothing beside. */
function isHere(uri: string): boolean {
  if (!URL.canParse(uri) || /[\s#@?]/.test(uri)) return false;
  const { protocol, hostname } = new URL(uri);
  return protocol === "http:" && isThisMachine(hostname);
}
