import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { dayInWib } from "../../../schema/values/wib.ts";
import { networkOf } from "./network.ts";

/** Seconds a form may stay open; and how long a human needs for one at the least. */
const MAX_AGE_S = 4 * 60 * 60;
const MIN_AGE_S = 2;

/** `of another`: shown to this person, while they looked after somebody else. */
export type TokenFinding = "good" | "too fast" | "too old" | "of another" | "forged";

/** For whom a form is shown: a person's id, or "" for anybody; and whom they look after, or "". */
export interface Holder {
  readonly person: string;
  readonly representing: string;
}

export interface FormKey {
  issue(form: string, holder: Holder): string;
  /** What becomes of it when it comes back. */
  check(token: string, form: string, holder: Holder): TokenFinding;
  /** A value that a browser keeps for one session, and no other can read back. `value` MUST hold no dot. */
  bind(value: string, session: string): string;
  /** Null: bound to another session, or by another hub. */
  bound(text: string, session: string): string | null;
  /** Stands for the network of an address without telling it, for a day of western Indonesia. 22 characters. */
  tagOf(address: string): string;
}

/**
 * Forms that only this hub can have shown, to this holder, some time ago: against requests forged on other pages, and against machines that fill
 * them in at once. Keeps nothing.
 */
export function createFormKey(key: Uint8Array, now: () => number = Date.now): FormKey {
  const sign = (...parts: readonly string[]) => createHmac("sha256", key).update(JSON.stringify(parts)).digest("base64url");
  const seconds = () => Math.floor(now() / 1000);
  const bind: FormKey["bind"] = (value, session) => `${value}.${sign("bound", value, session)}`;
  return {
    issue(form, { person, representing }) {
      const nonce = randomBytes(9).toString("base64url");
      const head = `${seconds().toString(36)}.${nonce}.${sign("representing", nonce, representing)}`;
      return `${head}.${sign(head, form, person)}`;
    },
    check(token, form, { person, representing }) {
      const [at = "", nonce = "", represented = "", signature = ""] = token.split(".");
      if (!isSame(signature, sign(`${at}.${nonce}.${represented}`, form, person))) return "forged";
      if (!isSame(represented, sign("representing", nonce, representing))) return "of another";
      const age = seconds() - Number.parseInt(at, 36);
      if (age > MAX_AGE_S) return "too old";
      return age < MIN_AGE_S ? "too fast" : "good";
    },
    bind,
    bound(text, session) {
      const [value = ""] = text.split(".");
      return isSame(text, bind(value, session)) ? value : null;
    },
    tagOf: (address) => sign("address", dayInWib(new Date(now())), networkOf(address)).slice(0, 22),
  };
}

const isSame = (given: string, expected: string): boolean => {
  const [some, others] = [Buffer.from(given), Buffer.from(expected)];
  return some.length === others.length && timingSafeEqual(some, others);
};
