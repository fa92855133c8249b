/** Asks the hub as the exchange between controllers. Rejects where any part of the answer is missing. */
export type Question = (
  query: string,
  variables: Readonly<Record<string, unknown>>,
) => Promise<Readonly<Record<string, unknown>>>;

/** What one round carried; of validations those that stand now. */
interface Carried {
  readonly events: number;
  readonly validations: number;
}

const CURSOR = "query Cursor { exchangeCursor }";
const READ = `query Round($after: String) {
  civilEvents(after: $after, first: 100) { position attestation }
  candidatesToValidate(first: 100) { id validation { attestation } }
  membersToValidate(first: 100) { id validation { attestation } }
}`;
const FLAG = "mutation Flag($attestations: [String!]!) { flagEnrolments(attestations: $attestations) }";
const DELIVER = "mutation Deliver($attestations: [String!]!) { deliverEvents(attestations: $attestations) }";
const RECORD = "mutation Record($attestations: [String!]!) { recordValidation(attestations: $attestations) { isRecorded } }";

interface Round {
  readonly civilEvents: readonly { readonly position: string; readonly attestation: string }[];
  readonly candidatesToValidate: readonly Claimant[];
  readonly membersToValidate: readonly Claimant[];
}
interface Claimant {
  readonly validation: { readonly attestation: string | null } | null;
}

/**
 * Rounds of one courier. Programs hear of an event before the registry does, and where the next round begins the registry's inbox says: whatever
 * fails in between is carried again, and whoever has heard of it answers KNOWN. At most 100 events, candidates and members a round.
 */
export function createRounds(ask: Question): () => Promise<Carried> {
  let after: string | null | undefined;
  return async () => {
    if (after === undefined) after = (await ask(CURSOR, {}))["exchangeCursor"] as string | null;
    const { civilEvents, candidatesToValidate, membersToValidate } = (await ask(READ, { after })) as unknown as Round;
    await carry(ask, civilEvents);
    after = civilEvents.at(-1)?.position ?? after;
    const candidates = await record(ask, candidatesToValidate);
    return { events: civilEvents.length, validations: candidates + (await record(ask, membersToValidate)) };
  };
}

/** Hands events to programs, then to the registry. Rejects when one is refused: nobody may go on past an event that nobody heard of. */
async function carry(ask: Question, events: Round["civilEvents"]): Promise<void> {
  if (events.length === 0) return;
  const attestations = events.map(({ attestation }) => attestation);
  const { flagEnrolments } = await ask(FLAG, { attestations });
  const { deliverEvents } = await ask(DELIVER, { attestations });
  const results = [flagEnrolments, deliverEvents].flat();
  if (results.includes("REFUSED")) throw new Error("a civil event was refused: do the slices know population's attestation key?");
}

/** Hands what population says of claims to the registry. A claim that changed meanwhile is refused there and waits for the next round. */
async function record(ask: Question, claimants: readonly Claimant[]): Promise<number> {
  const attestations = claimants.flatMap(({ validation }) => validation?.attestation ?? []);
  if (attestations.length === 0) return 0;
  const { recordValidation } = (await ask(RECORD, { attestations })) as { recordValidation: readonly { isRecorded: boolean }[] };
  return recordValidation.filter(({ isRecorded }) => isRecorded).length;
}
