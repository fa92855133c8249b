import { randomUUID } from "node:crypto";
import type { Db } from "../../../drizzle/client.ts";
import { newestSupergraph } from "../../../drizzle/policy/ground.ts";
import { controllersOf } from "../../../schema/policy/insight/ground.ts";
import { badInput } from "../../kit/errors.ts";
import { type Page, type Paging, pageOf } from "../../kit/page.ts";
import type { Asking } from "../../kit/serve/context.ts";
import { stewardsById } from "../data.ts";
import { atMost, conflict } from "../duties/words.ts";
import { ruled } from "../faults.ts";
import type { BreachAudience, OpenBreachInput } from "../generated.ts";
import { type Mutation, stewardFor } from "../lifecycle/needs.ts";
import { refuseFaults, textFaults } from "../lifecycle/says.ts";
import { dpoAsking, HUB, refused, type Steward } from "../steward.ts";
import {
  type AffectedRow,
  agencyOfClient,
  type BreachRow,
  breachByNumber,
  breachesOf,
  countAffected,
  insertBreach,
  listAffected,
  moveBreach,
  sameBreach,
} from "./data.ts";

export type AffectedPage = Page<AffectedRow>;

const DAY_MS = 24 * 60 * 60 * 1000;
const [MAX_DAYS, MAX_COORDINATES] = [366, 500];

/** Breach cases: data protection officers open, tell and close them. */
export const breaches = ({ db, write, caller, now, cursors }: Asking) => {
  /** One act of an officer on one case; answers how it stands after it. */
  const act = (
    mutation: Mutation,
    number: string,
    work: (to: Db, row: BreachRow, officer: Steward) => Promise<BreachRow[]>,
  ): Promise<BreachRow | null> =>
    ruled(
      write(async (to) => {
        const officer = await stewardFor(to, caller, mutation);
        const row = await breachByNumber(to, number, sightOf(officer));
        if (!row) throw badInput("number: there is no such case");
        const [moved] = await work(to, row, officer);
        return moved ?? row;
      }),
    );
  const instant = now.toISOString();
  return {
    list: async (first: number): Promise<BreachRow[]> =>
      breachesOf(db, { agency: sightOf(await dpoAsking(db, caller)), first: atMost(first) }),
    byNumber: async (number: string): Promise<BreachRow | null> =>
      (await breachByNumber(db, number, sightOf(await dpoAsking(db, caller)))) ?? null,
    open: (input: OpenBreachInput): Promise<BreachRow | null> => ruled(write((to) => opened(to, input, { caller, now }))),
    handle: (number: string, handling: string): Promise<BreachRow | null> =>
      act("updateBreachHandling", number, (to, row) => {
        refuseFaults(textFaults("handling", handling, [10, 2000]));
        return moveBreach(to, row.id, { handling: handling.trim() });
      }),
    told: (number: string, whom: BreachAudience): Promise<BreachRow | null> =>
      act("markNotified", number, async (to, row) => {
        const column = whom === "SUBJECTS" ? "subjectsNotifiedAt" : "authorityNotifiedAt";
        return row[column] === null ? moveBreach(to, row.id, { [column]: instant }) : [];
      }),
    close: (number: string): Promise<BreachRow | null> =>
      act("closeBreach", number, async (to, row, officer) => {
        if (row.closedAt !== null) throw conflict("it is closed already");
        return moveBreach(to, row.id, { closedAt: instant, closedBy: officer.id });
      }),
    affected: affectedBy({ db, caller, cursors }),
  };
};

/** Null: of a drill, which names nobody. Refusal FORBIDDEN for officers of others than the agency that opened the case, and the hub. */
const affectedBy =
  ({ db, caller, cursors }: Pick<Asking, "db" | "caller" | "cursors">) =>
  async ({ id, openedBy, isDrill }: BreachRow, type: string | null, paging: Paging): Promise<AffectedPage | null> => {
    const { agencyCode } = await dpoAsking(db, caller);
    const [opener] = await stewardsById(db, [openedBy]);
    if (agencyCode !== HUB && agencyCode !== opener?.agencyCode)
      throw refused("whom it affected is for the officers of the agency that opened the case, and the hub's");
    if (isDrill) return null;
    return pageOf(paging, {
      of: `breach:${id}:${type ?? ""}`,
      cursors,
      positionOf: (row) => [row.type, row.subjectId],
      rows: (window) => listAffected(db, id, { ...window, type }),
      count: () => countAffected(db, id, type),
    });
  };

/** Agency whose cases an officer sees; null: all. */
const sightOf = ({ agencyCode }: Steward): string | null => (agencyCode === HUB ? null : agencyCode);

/** The log's process finds whom it affected (drizzle/watch/breaches.ts). */
async function opened(
  db: Db,
  input: OpenBreachInput,
  { caller, now }: Pick<Asking, "caller" | "now">,
): Promise<BreachRow | null> {
  const officer = await stewardFor(db, caller, "openBreach");
  refuseFaults(faultsOf(input, now));
  await mustConcern(db, officer, input);
  const { from, to, coordinates, detectedAt } = input;
  const wanted = {
    ...{ title: input.title.trim(), windowFrom: from, windowTo: to, clientId: input.client ?? null, detectedAt },
    ...{ coordinates: [...new Set(coordinates)].sort(), openedBy: officer.id },
  };
  const known = await sameBreach(db, wanted);
  if (known) return known;
  const told = { description: input.description.trim(), handling: input.handling.trim(), isDrill: input.isDrill ?? false };
  const [row] = await insertBreach(db, { id: randomUUID(), ...wanted, ...told });
  return row ?? null;
}

function faultsOf({ title, description, handling, from, to, detectedAt, coordinates }: OpenBreachInput, now: Date): string[] {
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MS;
  return [
    ...textFaults("title", title, [5, 200]),
    ...textFaults("description", description, [10, 2000]),
    ...textFaults("handling", handling, [10, 2000]),
    ...(days > 0 && days <= MAX_DAYS ? [] : [`from, to: must span more than nothing and at most ${MAX_DAYS} days`]),
    ...(new Date(to) <= now ? [] : ["to: lies in the future"]),
    ...(new Date(detectedAt) <= now ? [] : ["detectedAt: lies in the future"]),
    ...(coordinates.length <= MAX_COORDINATES ? [] : [`coordinates: at most ${MAX_COORDINATES}`]),
  ];
}

/** Of the hub: any case. Of the client's agency: about that client. Of others: about what their agency alone controls. */
async function mustConcern(db: Db, { agencyCode }: Steward, { client, coordinates }: OpenBreachInput): Promise<void> {
  const whose = client == null ? null : await agencyOfClient(db, client);
  if (client != null && whose === null) throw badInput("client: there is no such client");
  if (agencyCode === HUB || whose === agencyCode) return;
  const published = await newestSupergraph(db);
  const foreign = coordinates.filter((coordinate) => controllersOf(published, coordinate).join() !== agencyCode);
  if (coordinates.length === 0 || foreign.length > 0)
    throw refused(
      `a data protection officer of ${agencyCode} opens cases about its own clients, or about coordinates it controls alone`,
    );
}
