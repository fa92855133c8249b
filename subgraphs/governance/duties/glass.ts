import { randomUUID } from "node:crypto";
import type { Db } from "../../../drizzle/client.ts";
import { contentOf, ownersAsked } from "../../../drizzle/policy/compile.ts";
import { newestSupergraph } from "../../../drizzle/policy/ground.ts";
import { readContent } from "../../../schema/policy/content.ts";
import { isInForce } from "../../../schema/policy/inForce.ts";
import { uuids } from "../../kit/data.ts";
import { badInput } from "../../kit/errors.ts";
import type { Asking } from "../../kit/serve/context.ts";
import { ruled } from "../faults.ts";
import { type Mutation, stewardFor } from "../lifecycle/needs.ts";
import { stateAt, validityOf } from "../state.ts";
import { refused, type Steward, stewardAsking } from "../steward.ts";
import {
  type AlertRow,
  alertsFor,
  closeGlass,
  type GlassRow,
  type GlassState,
  glassById,
  glassesAlive,
  glassesIn,
  insertGlass,
  openGlass,
  raise,
  suspendForIncident,
  versionOf,
} from "./data.ts";
import { atMost, conflict, told } from "./words.ts";

export interface Emergency {
  readonly agreement: string;
  readonly version: number;
  readonly case: string;
  readonly reason: string;
}
export interface Review {
  readonly id: string;
  readonly finding: "JUSTIFIED" | "VIOLATION";
  readonly note: string;
}

const MINUTE_MS = 60_000;

/** Break-glass: two stewards of the consumer open an armed version for minutes, a third person reviews it. */
export const glass = ({ db, write, caller, now }: Asking) => {
  /** One act of a steward on one breaking of the glass; answers how it stands after it. */
  const act = (
    mutation: Mutation,
    id: string,
    work: (to: Db, steward: Steward, row: GlassRow) => Promise<void>,
  ): Promise<GlassRow | null> =>
    ruled(
      write(async (to) => {
        const steward = await stewardFor(to, caller, mutation);
        const row = uuids([id]).length === 0 ? undefined : await glassById(to, now, id);
        if (!row) throw badInput("id: there is no such breaking of the glass");
        await work(to, steward, row);
        return (await glassById(to, now, id)) ?? null;
      }),
    );
  return {
    list: (state: GlassState | null, first: number): Promise<GlassRow[]> => glassesIn(db, now, { state, first: atMost(first) }),
    async alerts(first: number): Promise<AlertRow[]> {
      const { agencyCode: agency } = await stewardAsking(db, caller);
      const { hash: supergraph } = await newestSupergraph(db);
      return alertsFor(db, { agency, supergraph, first: atMost(first) });
    },
    break: (emergency: Emergency): Promise<GlassRow | null> => ruled(write((to) => broken(to, { emergency, caller, now }))),
    confirm: (id: string): Promise<GlassRow | null> =>
      act("confirmGlass", id, (to, steward, row) => confirm(to, { steward, row, now })),
    review: ({ id, finding, note }: Review): Promise<GlassRow | null> =>
      act("reviewGlass", id, (to, steward, row) => review(to, { steward, row, now }, { finding, note: told("note", note) })),
  };
};

interface Act extends Pick<Asking, "now"> {
  readonly steward: Steward;
  readonly row: GlassRow;
}

async function confirm(db: Db, { steward, row, now }: Act): Promise<void> {
  mustBeOf(row.consumer, steward);
  if (row.confirmedBy === steward.id) return;
  if (row.state !== "WAITING") throw conflict(NOT_WAITING[row.state]);
  if (row.requestedBy === steward.id) throw refused("the glass is broken by two: another steward must confirm");
  const minutes = await armedMinutes(db, { agreement: row.agreementNumber, version: row.version, now });
  const closesAt = new Date(now.getTime() + minutes * MINUTE_MS).toISOString();
  const opened = await openGlass(db, row.id, { confirmedBy: steward.id, openedAt: now.toISOString(), closesAt });
  if (opened.length === 0) throw conflict(NOT_WAITING.OPEN);
  const detail = `open for ${minutes} minutes, asked by ${row.requestedBy}, case ${row.caseNumber}: ${row.reason}`;
  await raise(db, { ...about(row), actor: steward.id, kind: "GLASS_OPENED", detail });
}

async function review(db: Db, { steward, row, now }: Act, { finding, note }: Omit<Review, "id">): Promise<void> {
  await mustReview(db, steward, row);
  if (row.reviewedBy === steward.id && row.finding === finding) return;
  if (row.state !== "UNREVIEWED") throw conflict(row.state === "REVIEWED" ? "it is reviewed already" : "it has not closed yet");
  const closed = await closeGlass(db, row.id, { reviewedBy: steward.id, reviewedAt: now.toISOString(), finding });
  if (closed.length === 0) throw conflict("it is reviewed already");
  if (finding === "VIOLATION") await suspendForIncident(db, row.agreementNumber, row.version);
  await raise(db, { ...about(row), actor: steward.id, kind: "GLASS_REVIEWED", detail: `${finding}: ${note}` });
}

const NOT_WAITING: Readonly<Record<Exclude<GlassState, "WAITING">, string>> = {
  LAPSED: "nobody confirmed it within an hour: break the glass again",
  OPEN: "it is open already",
  UNREVIEWED: "it has closed",
  REVIEWED: "it has closed",
};

const about = ({ agreementNumber, version }: GlassRow) => ({ agreementNumber, version });

async function broken(
  db: Db,
  { emergency, caller, now }: { readonly emergency: Emergency } & Pick<Asking, "caller" | "now">,
): Promise<GlassRow | null> {
  const { agreement, version } = emergency;
  const steward = await stewardFor(db, caller, "breakGlass");
  const found = await versionOf(db, agreement, version);
  if (!found) throw badInput("version: there is no such version");
  mustBeOf(found.consumer, steward);
  await armedMinutes(db, { agreement, version, now });
  const said = { caseNumber: told("case", emergency.case), reason: told("reason", emergency.reason) };
  const [alive] = await glassesAlive(db, now, { agreementNumber: agreement, version });
  const isSame = alive?.requestedBy === steward.id && alive.caseNumber === said.caseNumber && alive.reason === said.reason;
  if (alive && isSame) return alive;
  if (alive) throw conflict(alive.state === "OPEN" ? "the glass is broken already" : "somebody has asked already: confirm that");
  const id = randomUUID();
  const requested = { requestedBy: steward.id, requestedAt: now.toISOString() };
  await insertGlass(db, { id, agreementNumber: agreement, version, ...said, ...requested });
  return (await glassById(db, now, id)) ?? null;
}

/** For how long an armed version may be opened. Refusal CONFLICT when it is not armed, or not in force. */
async function armedMinutes(
  db: Db,
  { agreement, version, now }: { readonly agreement: string; readonly version: number; readonly now: Date },
): Promise<number> {
  const found = await versionOf(db, agreement, version);
  if (!found || found.armedMinutes === null) throw conflict(`version ${version} of ${agreement} is not armed`);
  if (!isInForce(validityOf(found), now.getTime()) || stateAt(found, now) !== "ACTIVE")
    throw conflict(`version ${version} of ${agreement} is not in force`);
  return found.armedMinutes;
}

function mustBeOf(consumer: string, steward: Steward): void {
  if (steward.agencyCode !== consumer) throw refused(`this is for stewards of ${consumer}`);
}

async function mustReview(db: Db, steward: Steward, row: GlassRow): Promise<void> {
  if (steward.id === row.requestedBy || steward.id === row.confirmedBy) throw refused("it is reviewed by a third person");
  const content = readContent(await contentOf(db, { agreement: row.agreementNumber, version: row.version }));
  const concerned = new Set([row.consumer, ...ownersAsked(content, await newestSupergraph(db))]);
  if (!concerned.has(steward.agencyCode))
    throw refused(`it is reviewed by data protection officers of ${[...concerned].join(", ")}`);
}
