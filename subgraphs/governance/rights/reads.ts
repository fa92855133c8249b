import { byKey, manyByKey } from "../../kit/byKey.ts";
import type { Asking } from "../../kit/serve/context.ts";
import { atMost } from "../duties/words.ts";
import type { SubjectRequestState } from "../generated.ts";
import { HUB, mustHold, stewardAsking } from "../steward.ts";
import {
  clockCounts,
  eventsOf,
  representativesOf,
  representedBy,
  requestByNumber,
  requestsAbout,
  requestsOfDesk,
  restrictionsOf,
  type SubjectRequestRow,
} from "./data.ts";
import { mayRead, mustSpeakFor, type Standing, standingOf } from "./standing.ts";

/** What a person reads of their own, and a steward of their agency's. */
export function readsOf(asking: Asking) {
  const { db, caller, now } = asking;
  let known: Promise<Standing> | undefined;
  const standing = () => {
    known ??= standingOf(asking);
    return known;
  };
  return {
    ...ofPersons(asking, standing),
    represented: async () => (caller.citizen === null ? [] : representedBy(db, caller.citizen, now)),
    async desk(state: SubjectRequestState | null, first: number): Promise<SubjectRequestRow[]> {
      const steward = await stewardAsking(db, caller);
      mustHold(steward, "STEWARD", "DPO");
      return requestsOfDesk(db, { controller: steward.agencyCode, state, first: atMost(first) });
    },
    async byNumber(number: string): Promise<SubjectRequestRow | null> {
      const found = await standing();
      mayRead(found, "STEWARD", "DPO");
      const row = await requestByNumber(db, number);
      return row && (found.steward === null || row.controller === found.steward.agencyCode) ? row : null;
    },
    async clock() {
      const { agencyCode } = await stewardAsking(db, caller);
      return clockCounts(db, agencyCode === HUB ? null : agencyCode, now);
    },
    events: manyByKey(
      (requests: readonly string[]) => eventsOf(db, requests),
      (row) => row.requestId,
    ),
    restriction: byKey(
      (requests: readonly string[]) => restrictionsOf(db, requests),
      (row) => row.requestId,
    ),
  };
}

function ofPersons({ db, now }: Asking, standing: () => Promise<Standing>) {
  const requests = manyByKey(
    async (persons: readonly string[]) => requestsAbout(db, persons, (await standing()).steward?.agencyCode ?? null),
    (row) => row.personId,
  );
  const representatives = manyByKey(
    (persons: readonly string[]) => representativesOf(db, persons, now),
    (row) => row.personId,
  );
  return {
    /** Newest first. */
    async about(person: string, first: number): Promise<readonly SubjectRequestRow[]> {
      mustSpeakFor(await standing(), person, ["STEWARD", "DPO"]);
      return (await requests.load(person)).slice(0, atMost(first));
    },
    async representatives(person: string) {
      mustSpeakFor(await standing(), person, ["DPO"]);
      return representatives.load(person);
    },
  };
}
