import { Refusal } from "../../../../schema/errors.ts";
import { asQuestion } from "../../../answer.ts";
import type { Entry } from "../../../audit/entry.ts";
import { confirm, underAgreement } from "../../../authenticate/agreement.ts";
import { authenticate } from "../../../authenticate/authenticate.ts";
import { restrictedFor } from "../../../authenticate/standing.ts";
import { receive as readQuestion } from "../../../receive/receive.ts";
import { refuse } from "../../../receive/respond.ts";
import type { DciConfig } from "../../../runtime/config.ts";
import type { HttpAnswer, Incoming, Known } from "../../../types/chain.ts";
import type { Asking, Received } from "../types.ts";
import { type Envelope, envelopeOf, transactionIdOf } from "./envelope.ts";
import { fault, MessageRefusal } from "./fault.ts";
import type { Seen } from "./seen.ts";
import type { Sender, Senders } from "./senders.ts";
import { isGood, isUnsigned } from "./signature.ts";
import { refused, refusedBy } from "./told.ts";

interface Door {
  readonly dci: Pick<DciConfig, "id" | "senders">;
  readonly seen: Pick<Seen, "first">;
}

export const STUB = { operation: "DciMessage", document: "query DciMessage { __typename }", variables: {} };

/**
 * Who sent this message, and may it be worked on? Credentials and agreement are judged first, as of any question, and it takes its turn of
 * the agreement's rates; then shape, sender, signature, and that it never came before. A refusal is on record. Never rejects.
 */
export async function received(
  asking: Asking,
  action: string,
  door: Door & { readonly check?: ((received: Received) => void) | undefined },
): Promise<Received | { readonly refused: HttpAnswer }> {
  const { hub, request, registry } = asking;
  const [entry, turn] = [hub.record.open(), hub.rates.open()];
  try {
    const known = await turn.of(await knownOf(asking, entry));
    const envelope = envelopeOf(request.body, action, new Date());
    const transactionId = transactionIdOf(envelope.message);
    const isSigned = believed(envelope, known, door);
    const { header, message } = envelope;
    const whole = { registry, header, message, transactionId, known, isSigned };
    checked(whole, door, entry);
    await once(envelope, door);
    return whole;
  } catch (error) {
    return { refused: answerOf(await entry.fail(error), request) };
  } finally {
    turn.end();
  }
}

/** What a message of too many would have asked stands on record as one guess, as a question of too many does. */
const GUESSES = "query DciMessage($nik: String!) { personByNik(nik: $nik) { __typename } }";

function checked(
  whole: Received,
  { check }: { readonly check?: ((received: Received) => void) | undefined },
  entry: Entry,
): void {
  try {
    check?.(whole);
  } catch (error) {
    if (error instanceof MessageRefusal && error.failures[0]?.code === "TOO_COSTLY")
      entry.saw({ ...whole.known, document: GUESSES });
    throw error;
  }
}

/** Who asks, and under what. Throws the Refusal that any question of theirs would meet. */
export async function knownOf({ hub, request }: Pick<Asking, "hub" | "request">, entry?: Pick<Entry, "saw">): Promise<Known> {
  const saw: Entry["saw"] = (stage) => entry?.saw(stage) ?? stage;
  const identified = saw(await authenticate(saw(await readQuestion(asQuestion(request, STUB))), hub));
  return saw(underAgreement(identified, hub.grants.current(), hub));
}

/**
 * The answers of one message wait for each other: before they leave together, the refusal of all of them where what they were judged by no longer
 * holds, or somebody was restricted since (whose rows they are, nobody here knows); null: they may. A refusal is on record.
 */
export async function withheld({ known }: Pick<Received, "known">, { hub, request }: Asking): Promise<HttpAnswer | null> {
  try {
    const policy = hub.grants.current();
    confirm(known.caller, policy);
    const [before, now] = [known.restricted, restrictedFor(known.caller.purpose, policy)];
    if (before !== now && [...now].some((person) => !before?.has(person))) throw new Refusal({ code: "POLICY_UNAVAILABLE" });
    return null;
  } catch (error) {
    const entry = hub.record.open();
    entry.saw(known);
    return answerOf(await entry.fail(error), request);
  }
}

/** A refusal in the standard's shape. */
export const answerOf = (error: unknown, request: Incoming): HttpAnswer =>
  error instanceof MessageRefusal ? refused(error.fault, request) : refusedBy(refuse(error, asQuestion(request, STUB)));

/** Throws unless the message may be taken for its sender's. False: nobody signed it. */
function believed({ signature, written, header, message }: Envelope, { caller }: Known, { dci }: Door): boolean {
  const { sender_id: name, receiver_id: receiver } = header;
  const sender = senderOf(name, caller.client, dci.senders);
  if (!sender) throw fault("err.sender_id.invalid", "header.sender_id is not the sender whose credentials these are");
  if (receiver !== undefined && receiver !== dci.id)
    throw fault("err.receiver_id.invalid", `header.receiver_id must be ${dci.id}`);
  if (isUnsigned(signature)) {
    if (sender.mustSign) throw fault("err.signature.missing", "messages of this sender must be signed");
    return false;
  }
  const { key, keyId } = sender;
  const isOurs = receiver === dci.id; // what was signed for somebody else is not for us
  if (!key || !isOurs || !isGood(signature, { header: written, message }, { sender: name, key, keyId, now: new Date() }))
    throw fault(
      "err.signature.invalid",
      "the signature is not the sender's over this message to this receiver, or its time is over",
    );
  return true;
}

/** Who is registered goes by their registered names only; everybody else by the id of their client. */
function senderOf(name: string, client: string, senders: Senders): Sender | null {
  const registered = senders.get(name);
  if (registered) return registered.client === client ? registered : null;
  const isElsewhere = [...senders.values()].some((one) => one.client === client);
  return name === client && !isElsewhere ? { client, key: null, keyId: null, mustSign: false } : null;
}

async function once({ header }: Envelope, { seen }: Door): Promise<void> {
  const isFirst = await seen.first(header.sender_id, header.message_id).catch((error: unknown) => {
    throw fault("err.service.unavailable", "whether the message came before cannot be told", error);
  });
  if (!isFirst)
    throw fault("rjct.message_id.duplicate", "a message with this message_id came before; a new attempt is a new message");
}
