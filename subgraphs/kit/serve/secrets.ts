import { hkdfSync } from "node:crypto";
import { envelopeSecretsIn } from "../../../schema/caller.ts";
import type { Logger } from "./log.ts";

export interface SecretOptions {
  readonly name: string;
  /** One, or two by a comma: envelopes of either are opened. */
  readonly envelopeSecret: string;
  /** What its own keys are derived from; undefined: its first envelope secret, which then cannot be exchanged. */
  readonly dataKey?: string | undefined;
  /** The envelope secrets as they are now; throws for what cannot be used. Undefined: they stay. */
  readonly rereadSecret?: (() => string) | undefined;
}

export interface Secrets {
  /** Those that open envelopes. */
  readonly opening: () => readonly string[];
  /** Key of one use, the same for ever: of cursors, roundings, seals. */
  readonly keyFor: (use: string) => Buffer;
  /** Looks now; otherwise each second. */
  look(): void;
  close(): void;
}

const SECOND = 1000;

/** Secrets of a slice; those shared with the gateway are exchanged while it runs. What is unfit keeps those before, and is told of once. */
export function followSecrets({ name, envelopeSecret, dataKey, rereadSecret }: SecretOptions, log: Logger): Secrets {
  let text = envelopeSecret;
  let opening = envelopeSecretsIn(text);
  let told = "";
  const master = dataKey ?? opening[0] ?? "";
  const look = (): void => {
    try {
      const now = rereadSecret?.() ?? text;
      const next = envelopeSecretsIn(now);
      if (dataKey === undefined && next[0] !== master)
        throw new Error(
          `HUB_DATA_KEY_${name.toUpperCase()} is missing: what was derived from the first secret would be lost with it`,
        );
      told = "";
      if (now === text) return;
      [text, opening] = [now, next];
      log.info({ secrets: opening.length }, "envelope secrets were exchanged");
    } catch (error) {
      if (told === String(error)) return;
      told = String(error);
      log.warn({ alarm: "SECRETS_UNFIT", reason: told }, "the envelope secrets cannot be used; those before stay in force");
    }
  };
  const looks = rereadSecret && setInterval(look, SECOND).unref();
  return {
    opening: () => opening,
    keyFor: (use) => Buffer.from(hkdfSync("sha256", master, "", `hub-${use}/v1|${name}`, 32)),
    look,
    close: () => clearInterval(looks),
  };
}
