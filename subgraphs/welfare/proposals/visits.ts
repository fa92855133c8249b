import { randomUUID } from "node:crypto";
import { type Act, acting, changedMeanwhile } from "../../kit/acts/acting.ts";
import { badInput } from "../../kit/errors.ts";
import type { Asking } from "../../kit/serve/context.ts";
import type { FieldVerificationInput, SettlementInput } from "../generated.ts";
import { degreesFault, type Faults, hashFault, mustBeSound, textFault } from "./claims.ts";
import * as data from "./data.ts";
import { judgedCode, SEEN, seenCode, settledCode } from "./rollUp.ts";

const MAX_PHOTOS = 20;
const MAX_REASON = 500;

/** Acts of field verification. Codes are reckoned here; the rules of the database let none pass that does not follow. */
export function visits(asking: Asking) {
  const act = acting(asking);
  return {
    record: (input: FieldVerificationInput) => act((one) => record(one, input)),
    approve: (seen: data.Seen) => act((one) => approve(one, seen)),
    sendBack: (seen: data.Seen, reason: string) =>
      act((one) => {
        const faults: Faults = [];
        textFault(faults, ["reason", reason, MAX_REASON]);
        mustBeSound(faults);
        return moved(one, "RETURN", { seen, reason });
      }),
    settle: (input: SettlementInput) => act((one) => settle(one, input)),
  };
}

async function moved({ db }: Act, deed: string, what: Parameters<typeof data.moveVisit>[2]): Promise<data.VisitRow> {
  const [row] = await data.moveVisit(db, deed, what);
  if (row) return row;
  throw (await data.visitsById(db, [what.seen.id])).length === 0 ? badInput("visit is unknown") : changedMeanwhile("the visit");
}

async function record(
  one: Act,
  { proposal, returned, presences, ...visit }: FieldVerificationInput,
): Promise<data.VisitRow | null> {
  visitMustBeSound(visit);
  const candidates = new Map((await data.candidatesOf(one.db, [proposal])).map((row) => [row.id, row]));
  const named = new Set(presences.map(({ candidate }) => candidate));
  if (candidates.size === 0) throw badInput("proposal is unknown");
  if (named.size !== presences.length || named.size !== candidates.size || ![...named].every((id) => candidates.has(id)))
    throw badInput("presences must name every candidate of the proposal once");
  const id = returned?.id ?? randomUUID();
  const found = { ...visit, photoSha256: [...visit.photoSha256] };
  if (returned) await moved(one, "SAVE", { ...found, seen: returned });
  else await data.insertVisit(one.db, { ...found, id, proposalId: proposal });
  const seen = presences.map(({ candidate, presence }) => ({
    candidateId: candidate,
    presence,
    code: seenCode(presence, candidates.get(candidate)?.matchStatus === "MATCHED"),
  }));
  await data.writePresences(one.db, id, seen);
  return (await data.visitsById(one.db, [id]))[0] ?? null;
}

function visitMustBeSound({
  latitude,
  longitude,
  photoSha256,
}: Pick<FieldVerificationInput, "latitude" | "longitude" | "photoSha256">): void {
  const faults: Faults = [];
  degreesFault(faults, ["latitude", latitude, 90]);
  degreesFault(faults, ["longitude", longitude, 180]);
  if (photoSha256.length > MAX_PHOTOS) faults.push(`photoSha256 must be at most ${MAX_PHOTOS}`);
  for (const [i, hash] of photoSha256.entries()) hashFault(faults, `photoSha256[${i}]`, hash);
  mustBeSound(faults);
}

/** Judges whom population has answered about, or who was not there; the others wait, and the visit with them (M2). */
async function approve(one: Act, seen: data.Seen): Promise<data.VisitRow> {
  const judged = (await data.presencesOf(one.db, [seen.id])).flatMap(({ candidateId, presence, code, matchStatus }) => {
    if (!SEEN.some((one) => one === code)) return [];
    const now = seenCode(presence, matchStatus === "MATCHED");
    return now !== "MKb" && matchStatus === "NOT_YET_MATCHED" ? [] : [{ candidateId, code: judgedCode(now, presence) }];
  });
  await data.writeJudgements(one.db, seen.id, judged);
  return moved(one, "APPROVE", { seen });
}

async function settle(one: Act, { visit, repaired, invalid }: SettlementInput): Promise<data.VisitRow> {
  const codes = new Map((await data.presencesOf(one.db, [visit.id])).map(({ candidateId, code }) => [candidateId, code]));
  const said = [...repaired.map((id) => ({ id, isRepaired: true })), ...invalid.map((id) => ({ id, isRepaired: false }))];
  if (said.length === 0 || new Set(said.map(({ id }) => id)).size < said.length)
    throw badInput("repaired and invalid must name at least one candidate, each once");
  const settled = said.map(({ id, isRepaired }) => ({ candidateId: id, code: settledCode(codes.get(id) ?? "", isRepaired) }));
  const judged = settled.flatMap(({ candidateId, code }) => (code === null ? [] : [{ candidateId, code }]));
  if (judged.length < settled.length) throw badInput("repaired and invalid must name candidates under repair at this visit");
  await data.writeJudgements(one.db, visit.id, judged);
  return moved(one, "SETTLE", { seen: visit });
}
