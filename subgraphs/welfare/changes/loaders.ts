import { randomUUID } from "node:crypto";
import { type Attested, attest } from "../../../schema/attestation.ts";
import { doing } from "../../kit/acts/acting.ts";
import { byKey, manyByKey } from "../../kit/byKey.ts";
import { regionsAsked } from "../../kit/data.ts";
import { badInput } from "../../kit/errors.ts";
import { type Page, type Paging, pageOf } from "../../kit/page.ts";
import type { Asking } from "../../kit/serve/context.ts";
import type { ChangeFilter, ChangeInput } from "../generated.ts";
import type { Desk } from "../held.ts";
import { transitionsOf } from "../office/data.ts";
import { approveChange, endChange, enterChange, previewFor, sentIn, submitChange } from "./acts.ts";
import {
  type ChangeRequestRow,
  changesAbout,
  changesById,
  countChanges,
  eventsAfter,
  listChanges,
  type RegistryEventRow,
} from "./data.ts";
import { changeIn } from "./input.ts";
import { previewsOf, type ShownChange } from "./previewing.ts";

export type ChangeRequestPage = Page<ChangeRequestRow>;
const [MAX_MINE, MAX_EVENTS] = [100, 100];

/** Changes of family cards: lists, previews and acts. What is read after an act knows of it. */
export const changes = (asking: Asking, desk: Desk) => {
  const { db, caller, now } = asking;
  const act = doing(asking);
  return {
    request: byKey(
      (ids: readonly string[]) => changesById(db, ids),
      (row) => row.id,
    ),
    history: manyByKey(
      (ids: readonly string[]) => transitionsOf(db, "CHANGE_REQUEST", ids),
      (row) => row.subjectId,
    ),
    list: listed(asking),
    mine: async () => (caller.citizen === null ? [] : changesAbout(db, caller.citizen, MAX_MINE)),
    preview: byKey(
      (ids: readonly string[]) => previewsOfRequests(db, ids),
      (row) => row.requestId,
    ),
    previewInput(input: ChangeInput): Promise<ShownChange> {
      const { change, effectiveOn } = sentIn(input, now);
      return previewFor(db, { id: randomUUID(), change, on: effectiveOn });
    },
    events: registryEvents(asking),
    attested: attesting(desk),
    enter: act((one, input: ChangeInput) => enterChange(one, sentIn(input, one.now), "NEW_CARD")),
    submit: act(submitChange),
    approve: act(approveChange),
    reject: act(endChange("REJECTED")),
    withdraw: act(endChange("WITHDRAWN")),
  };
};

const listed =
  ({ db, caller, cursors }: Asking) =>
  ({ filter, ...paging }: Paging & { readonly filter?: ChangeFilter | null }): ChangeRequestPage => {
    const regions = regionsAsked(caller.rows, filter?.region);
    const list = { regions, state: filter?.state ?? null, kind: filter?.kind ?? null };
    return pageOf(paging, {
      of: "changeRequests",
      cursors,
      positionOf: (row) => [row.madeAt, row.id],
      rows: (window) => listChanges(db, list, window),
      count: () => countChanges(db, list),
    });
  };

interface PreviewOfRequest {
  readonly requestId: string;
  /** Null: the change cannot be done any more. */
  readonly preview: ShownChange | null;
}

/** What changes that wait would do today; absent: they lack something, or were decided. */
async function previewsOfRequests(db: Asking["db"], ids: readonly string[]): Promise<PreviewOfRequest[]> {
  const waiting = (await changesById(db, ids)).flatMap(({ id, state, input, effectiveOn: on }) => {
    const change = state === "DRAFT" || state === "SUBMITTED" ? changeIn(input) : null;
    return change ? [{ id, change, on }] : [];
  });
  const found = await previewsOf(db, waiting);
  return waiting.map(({ id }, at) => {
    const one = found[at];
    return { requestId: id, preview: one && "preview" in one ? one.preview : null };
  });
}

const registryEvents =
  ({ db }: Asking) =>
  async ({ after, first }: { readonly after?: string | null; readonly first?: number | null }): Promise<RegistryEventRow[]> => {
    const size = first ?? MAX_EVENTS;
    if (size < 1 || size > MAX_EVENTS) throw badInput(`first must be from 1 to ${MAX_EVENTS}`);
    if (after != null && !/^[0-9]{1,18}$/.test(after)) throw badInput("after must be the number of an event");
    return eventsAfter(db, BigInt(after ?? 0), size);
  };

/** The event as this slice signs it: the same text each time. */
const attesting =
  ({ attestation }: Desk) =>
  ({ id, kind, says, at }: RegistryEventRow): string => {
    const fact: Attested = {
      by: "welfare",
      kind: "REGISTRY_EVENT",
      about: String(id),
      at: new Date(at).toISOString(),
      says: { kind, ...says },
    };
    return attest(attestation.signer, fact);
  };
