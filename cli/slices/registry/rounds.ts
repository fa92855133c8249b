/** Asks the hub as the exchange between controllers. Rejects where any part of the answer is missing. */
export type Question = (
  query: string,
  variables: Readonly<Record<string, unknown>>,
) => Promise<Readonly<Record<string, unknown>>>;

/** What one round carried; of validations those that stand now, of `told` registry events. */
interface Carried {
  readonly events: number;
  readonly told: number;
  readonly validations: number;
}

const CURSOR = "query Cursor { exchangeCursor }";
const EVENTS = "query Events($after: String) { civilEvents(after: $after, first: 100) { position attestation } }";
const CANDIDATES = "query Candidates { claimants: candidatesToValidate(first: 100) { id validation { attestation } } }";
const MEMBERS = "query Members { claimants: membersToValidate(first: 100) { id validation { attestation } } }";
const FLAG = "mutation Flag($attestations: [String!]!) { flagEnrolments(attestations: $attestations) }";
const DELIVER = "mutation Deliver($attestations: [String!]!) { deliverEvents(attestations: $attestations) }";
const HEARD = "query Heard { registryEventCursor }";
const REGISTRY = "query Registry($after: ID) { registryEvents(after: $after, first: 100) { attestation } }";
const TELL = "mutation Tell($attestations: [String!]!) { deliverRegistryEvents(attestations: $attestations) }";
const RECORD = "mutation Record($attestations: [String!]!) { recordValidation(attestations: $attestations) { isRecorded } }";

type Events = readonly { readonly position: string; readonly attestation: string }[];
interface Claimants {
  readonly claimants: readonly { readonly validation: { readonly attestation: string | null } | null }[];
}

/**
 * Rounds of one courier. Programs hear of an event before the registry does, and where the next round begins the registry's inbox says: whatever
 * fails in between is carried again, and whoever has heard of it answers KNOWN. At most 100 events, candidates and members a round. Claims are asked
 * about in questions of their own, behind the events: what is wrong with one claim keeps back no death. So are events of the registry, which programs
 * hear of where their own inbox left off. Such a fault is told once, until it is over or another.
 */
export function createRounds(ask: Question, note: (fault: string) => void = () => {}): () => Promise<Carried> {
  let after: string | null | undefined;
  const told = new Map<string, string>();
  const aside = async (what: string, work: () => Promise<number>) => {
    try {
      const carried = await work();
      told.delete(what);
      return carried;
    } catch (error) {
      const fault = error instanceof Error ? error.message : String(error);
      if (told.get(what) !== fault) note(fault);
      told.set(what, fault);
      return 0;
    }
  };
  return async () => {
    if (after === undefined) after = (await ask(CURSOR, {}))["exchangeCursor"] as string | null;
    const { civilEvents } = (await ask(EVENTS, { after })) as { civilEvents: Events };
    await carry(ask, civilEvents);
    after = civilEvents.at(-1)?.position ?? after;
    const heard = await aside(REGISTRY, () => tell(ask));
    const candidates = await aside(CANDIDATES, () => record(ask, CANDIDATES));
    const members = await aside(MEMBERS, () => record(ask, MEMBERS));
    return { events: civilEvents.length, told: heard, validations: candidates + members };
  };
}

/** Hands events to programs, then to the registry. Rejects when one is refused: nobody may go on past an event that nobody heard of. */
async function carry(ask: Question, events: Events): Promise<void> {
  if (events.length === 0) return;
  const attestations = events.map(({ attestation }) => attestation);
  const { flagEnrolments } = await ask(FLAG, { attestations });
  const { deliverEvents } = await ask(DELIVER, { attestations });
  const results = [flagEnrolments, deliverEvents].flat();
  if (results.includes("REFUSED")) throw new Error("a civil event was refused: do the slices know population's attestation key?");
}

/** Hands events of the registry to programs. Rejects when one is refused: nobody may go on past an event that nobody heard of. */
async function tell(ask: Question): Promise<number> {
  const { registryEventCursor: after } = await ask(HEARD, {});
  const { registryEvents } = (await ask(REGISTRY, { after })) as { registryEvents: readonly { readonly attestation: string }[] };
  if (registryEvents.length === 0) return 0;
  const { deliverRegistryEvents } = await ask(TELL, { attestations: registryEvents.map(({ attestation }) => attestation) });
  const results = [deliverRegistryEvents].flat();
  if (results.includes("REFUSED")) throw new Error("a registry event was refused: does programs know welfare's attestation key?");
  return results.filter((result) => result === "DELIVERED").length;
}

/** Hands what population says of claims to the registry. A claim that changed meanwhile is refused there and waits for the next round. */
async function record(ask: Question, claims: string): Promise<number> {
  const { claimants } = (await ask(claims, {})) as unknown as Claimants;
  const attestations = claimants.flatMap(({ validation }) => validation?.attestation ?? []);
  if (attestations.length === 0) return 0;
  const { recordValidation } = (await ask(RECORD, { attestations })) as { recordValidation: readonly { isRecorded: boolean }[] };
  return recordValidation.filter(({ isRecorded }) => isRecorded).length;
}
