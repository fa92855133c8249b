import { createHash } from "node:crypto";
import type { Db } from "../../../drizzle/client.ts";
import { newestSupergraph } from "../../../drizzle/policy/ground.ts";
import { controllersOf } from "../../../schema/policy/insight/ground.ts";
import type { Catalogue, CatalogueEntry } from "../../../schema/sdl/catalogue.ts";
import { parseRegionCode } from "../../../schema/values/regionCode.ts";
import { dayInWib } from "../../../schema/values/wib.ts";
import { uuids } from "../../kit/data.ts";
import { badInput } from "../../kit/errors.ts";
import type { Asking } from "../../kit/serve/context.ts";
import { ruled } from "../faults.ts";
import { stewardFor } from "../lifecycle/needs.ts";
import { stateAt } from "../state.ts";
import { refused, type Steward } from "../steward.ts";
import { insertRequest, isPurpose, type RequestRow, requestById, requestsFor, settleRequest, versionOf } from "./data.ts";
import { atMost, conflict, faultOfText, told } from "./words.ts";

export interface Wish {
  readonly purpose: string;
  readonly coordinates: readonly string[];
  readonly regions: readonly string[];
  readonly days: number;
  readonly justification: string;
}

/** OPEN until a version that answers it is approved; APPROVED opens nothing; only GRANTED does. */
export function stateOfRequest({ declinedBy, answer }: Pick<RequestRow, "declinedBy" | "answer">, now: Date) {
  if (declinedBy !== null) return "CLOSED";
  if (answer === null) return "OPEN";
  const state = stateAt(answer, now);
  if (state === "DRAFT" || state === "IN_REVIEW") return "OPEN";
  if (state === "APPROVED" || state === "SUSPENDED") return "APPROVED";
  if (state === "ACTIVE") return Date.parse(answer.validFrom) <= now.getTime() ? "GRANTED" : "APPROVED";
  return "CLOSED";
}

/** Why a request is closed; null: it is not. */
export function endOfRequest({ declinedBy, answer }: Pick<RequestRow, "declinedBy" | "answer">, now: Date) {
  if (declinedBy !== null) return "DECLINED";
  const state = answer && stateAt(answer, now);
  return state === "REVOKED" || state === "EXPIRED" || state === "SUPERSEDED" ? state : null;
}

export const requests = ({ db, write, caller, now }: Asking) => ({
  async list(first: number): Promise<RequestRow[]> {
    const asOwner = caller.officer === null ? null : (await newestSupergraph(db)).hash;
    return requestsFor(db, { agency: caller.agency, asOwner, first: atMost(first) });
  },
  ask: (wish: Wish): Promise<RequestRow | null> =>
    ruled(
      write(async (to) => {
        const { catalogue } = await newestSupergraph(to);
        const unknown = (await isPurpose(to, wish.purpose)) ? [] : ["purpose: there is no such purpose"];
        const faults = [...unknown, ...faultsOf(wish, catalogue)];
        if (faults.length > 0) throw badInput(faults.join("; "));
        const row = { ...plain(wish), agencyCode: caller.agency, requester: caller.officer ?? caller.analyst ?? caller.client };
        const id = idOf(JSON.stringify([row, dayInWib(now)]));
        await insertRequest(to, { id, ...row, createdAt: now.toISOString() });
        return (await requestById(to, id)) ?? null;
      }),
    ),
  /** Links a draft, or a version in review, of the agency that asked. */
  answer: (id: string, number: string, version: number): Promise<RequestRow | null> =>
    ruled(
      write(async (to) => {
        const { steward, row } = await requestFor(to, await stewardFor(to, caller, "answerAccessRequest"), id);
        if (row.agencyCode !== steward.agencyCode) await mustOwn(to, steward, row);
        if (row.agreementNumber === number && row.version === version) return row;
        await mustBeDraft(to, { number, version, consumer: row.agencyCode });
        return settle(to, id, { agreementNumber: number, version });
      }),
    ),
  decline: (id: string, reason: string): Promise<RequestRow | null> =>
    ruled(
      write(async (to) => {
        const { steward, row } = await requestFor(to, await stewardFor(to, caller, "declineAccessRequest"), id);
        await mustOwn(to, steward, row);
        const declined = { declinedBy: steward.id, declineReason: told("reason", reason) };
        const isSame = row.declinedBy === declined.declinedBy && row.declineReason === declined.declineReason;
        return isSame ? row : settle(to, id, declined);
      }),
    ),
});

async function requestFor(
  db: Db,
  steward: Steward,
  id: string,
): Promise<{ readonly steward: Steward; readonly row: RequestRow }> {
  const row = uuids([id]).length === 0 ? undefined : await requestById(db, id);
  if (!row) throw badInput("id: there is no such request");
  return { steward, row };
}

async function mustBeDraft(
  db: Db,
  { number, version, consumer }: { readonly number: string; readonly version: number; readonly consumer: string },
): Promise<void> {
  const draft = await versionOf(db, number, version);
  if (draft?.consumer !== consumer) throw badInput("version: the agency that asked has no such version");
  if (draft.state !== "draft" && draft.state !== "in_review")
    throw conflict("only a draft or a version in review answers a request");
}

async function mustOwn(db: Db, { agencyCode }: Steward, { coordinates }: RequestRow): Promise<void> {
  const published = await newestSupergraph(db);
  const owners = [...new Set(coordinates.flatMap((coordinate) => controllersOf(published, coordinate)))].sort();
  if (!owners.includes(agencyCode)) throw refused(`this request concerns data of ${owners.join(", ")}: their stewards answer it`);
}

async function settle(db: Db, id: string, set: Parameters<typeof settleRequest>[2]): Promise<RequestRow | null> {
  const settled = await settleRequest(db, id, set);
  if (settled.length === 0) throw conflict("the request has its answer already");
  return (await requestById(db, id)) ?? null;
}

const [MAX_COORDINATES, MAX_REGIONS, MAX_DAYS] = [500, 100, 3660];

function faultsOf({ coordinates, regions, days, justification }: Wish, catalogue: Catalogue): string[] {
  const text = faultOfText("justification", justification);
  return [
    ...sizeFaults("coordinates", coordinates, MAX_COORDINATES),
    ...coordinates.flatMap((one, at) => (isAskable(catalogue, one) ? [] : [`coordinates[${at}]: there is no such coordinate`])),
    ...sizeFaults("regions", regions, MAX_REGIONS),
    ...regions.flatMap((one, at) => (regionOf(one) === null ? [`regions[${at}]: must be a region code, or 0`] : [])),
    ...(days < 1 || days > MAX_DAYS ? [`days: must be from 1 to ${MAX_DAYS}`] : []),
    ...(text === null ? [] : [text]),
  ];
}

const sizeFaults = (field: string, list: readonly unknown[], max: number): string[] =>
  list.length < 1 || list.length > max ? [`${field}: must be 1 to ${max}`] : [];

/** Who may know what is no data to be asked for: its fields do not exist for whom they are not granted, and not here. */
function isAskable({ entries }: Catalogue, coordinate: string): boolean {
  const entry = entries.get(coordinate);
  if (!entry) return false;
  const fields = [entry, ...[entry.carrier, ...entry.guards.map(({ field }) => field)].map((name) => entries.get(name ?? ""))];
  return !fields.some((field: CatalogueEntry | undefined) => field?.classes.some((data) => data.class === "ADMINISTRATION"));
}

const regionOf = (text: string): string | null => (text === "0" ? text : parseRegionCode(text));

/** The same wish in one form: without repetition, in order. */
const plain = ({ purpose, coordinates, regions, days, justification }: Wish) => ({
  purposeCode: purpose,
  coordinates: [...new Set(coordinates)].sort(),
  regions: [...new Set(regions.map((code) => regionOf(code) ?? code))].sort(),
  days,
  justification: justification.trim(),
});

/** A UUID out of what it stands for, so that to ask twice is to ask once (RFC 9562 version 8). */
function idOf(text: string): string {
  const bytes = createHash("sha256").update(text).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
