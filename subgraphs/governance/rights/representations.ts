import { randomUUID } from "node:crypto";
import type { Db } from "../../../drizzle/client.ts";
import { uuids } from "../../kit/data.ts";
import { badInput } from "../../kit/errors.ts";
import type { Asking } from "../../kit/serve/context.ts";
import { faultOfText } from "../duties/words.ts";
import type { RegisterRepresentationInput } from "../generated.ts";
import { stewardFor } from "../lifecycle/needs.ts";
import {
  insertRepresentation,
  moveRepresentation,
  type RepresentationRow,
  representationById,
  sameRepresentation,
} from "./data.ts";

type Registering = Pick<Asking, "caller" | "now">;

/** Registers who acts for another, which another agency confirms. Whose agency may do so, the database says. */
export async function register(
  db: Db,
  { caller, now }: Registering,
  input: RegisterRepresentationInput,
): Promise<RepresentationRow | undefined> {
  const { id: registeredBy } = await stewardFor(db, caller, "registerRepresentation");
  const faults = faultsOf(input, now);
  if (faults.length > 0) throw badInput(faults.join("; "));
  const { person: personId, representative: representativeId, basis, evidence, until: validTo } = input;
  const row = { personId, representativeId, basis, evidence: evidence.trim(), validTo };
  const wanted = { ...row, id: randomUUID(), registeredBy, validFrom: now.toISOString() };
  return (await sameRepresentation(db, wanted, now)) ?? (await insertRepresentation(db, wanted));
}

/** Puts a representation in force; twice by the same is once. */
export async function confirm(db: Db, { caller, now }: Registering, id: string): Promise<RepresentationRow | undefined> {
  const { id: confirmedBy } = await stewardFor(db, caller, "confirmRepresentation");
  const row = await known(db, id);
  if (row.confirmedBy === confirmedBy) return row;
  return moveRepresentation(db, id, { confirmedAt: now.toISOString(), confirmedBy });
}

/** Ends a representation at once; one that has ended stays as it was. */
export async function end(db: Db, { caller, now }: Registering, id: string): Promise<RepresentationRow | undefined> {
  const { id: endedBy } = await stewardFor(db, caller, "endRepresentation");
  const row = await known(db, id);
  return row.endedAt === null ? moveRepresentation(db, id, { endedAt: now.toISOString(), endedBy }) : row;
}

async function known(db: Db, id: string): Promise<RepresentationRow> {
  const row = uuids([id]).length === 0 ? undefined : await representationById(db, id);
  if (!row) throw badInput("id: there is no such representation");
  return row;
}

function faultsOf({ person, representative, evidence, until }: RegisterRepresentationInput, now: Date): string[] {
  const text = faultOfText("evidence", evidence);
  const isId = (id: string) => uuids([id]).length > 0;
  return [
    ...(isId(person) ? [] : ["person: is no id"]),
    ...(isId(representative) ? [] : ["representative: is no id"]),
    ...(person === representative ? ["representative: must be another person"] : []),
    ...(text === null ? [] : [text]),
    ...(Date.parse(until) > now.getTime() ? [] : ["until: must lie in the future"]),
  ];
}
