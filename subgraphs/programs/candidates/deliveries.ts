import type { Attested } from "../../../schema/attestation.ts";
import { MOST_EVENTS } from "../../../schema/civilEvent.ts";
import { Refusal } from "../../../schema/errors.ts";
import { REGISTRY_EXCHANGE } from "../../../schema/policy/words.ts";
import { type RegistrySaid, readRegistryEvent } from "../../../schema/registryEvent.ts";
import { acting } from "../../kit/acts/acting.ts";
import { badInput } from "../../kit/errors.ts";
import type { Asking } from "../../kit/serve/context.ts";
import type { Inbox } from "../held.ts";
import { insertRegistryEvents, lastRegistryEvent, oneAtATime } from "./data.ts";

interface Given {
  readonly attestation: string;
  readonly event: Attested<RegistrySaid> | null;
}

/** Takes registry events in, and acts on them. Refuses whoever is not the exchange between controllers. */
export const registryDeliveries =
  (asking: Asking, { keys }: Inbox) =>
  (attestations: readonly string[]) => {
    const { purpose, agency } = asking.caller;
    if (purpose !== REGISTRY_EXCHANGE || agency !== "SIKS_NG")
      throw new Refusal({ code: "FORBIDDEN", detail: "only the exchange between controllers delivers events" });
    if (attestations.length > MOST_EVENTS) throw badInput(`attestations must be at most ${MOST_EVENTS}`);
    const given = attestations.map((attestation): Given => ({ attestation, event: readRegistryEvent(attestation, keys) }));
    return acting(asking)(async ({ db, now }) => {
      await oneAtATime(db);
      const { results, fresh } = sortOut(given, await lastRegistryEvent(db));
      await insertRegistryEvents(
        db,
        fresh.map(({ attestation, event }) => {
          const { kind, ...says } = event.says;
          return { id: BigInt(event.about), kind, says: { kind, ...says }, attestation, receivedAt: now.toISOString() };
        }),
      );
      return results;
    });
  };

type Fresh = Given & { readonly event: Attested<RegistrySaid> };

/** What becomes of each, and the events that come in: each right behind the one before it, so none is kept back or played again. Pure. */
export function sortOut(given: readonly Given[], last: bigint) {
  let behind = last;
  const fresh: Fresh[] = [];
  const results = given.map(({ event, attestation }) => {
    if (event === null || !/^[0-9]{1,18}$/.test(event.about)) return "REFUSED" as const;
    const place = BigInt(event.about);
    if (place <= behind) return "KNOWN" as const;
    if (place !== behind + 1n) return "REFUSED" as const;
    behind = place;
    fresh.push({ attestation, event });
    return "DELIVERED" as const;
  });
  return { results, fresh };
}
