import { openPool, type Pool } from "../../../drizzle/client.ts";
import type { Caller, OpenedEnvelope } from "../../../schema/caller.ts";
import { Refusal } from "../../../schema/errors.ts";
import type { Write } from "../../kit/serve/context.ts";
import type { Stream, StreamAsked } from "../../kit/serve/streams.ts";
import { type Archive, bring, given } from "./bring.ts";
import { type EvidenceRow, evidenceById } from "./data.ts";
import { asKept, openStore } from "./store.ts";

interface Keeps {
  readonly archive: Archive | null;
}
type Asked = StreamAsked<Keeps>;

const CONNECTIONS = 4;
export const openArchive = (databaseUrl: string, url: string): Archive => ({
  store: openStore(url),
  pool: openPool(databaseUrl, { max: CONNECTIONS }),
});

/** Bytes on their way in. One line, when they are stored. */
async function* evidenceUpload(asked: Asked): AsyncGenerator<{ id: string; rows: number; bytes: number }> {
  const { caller, envelope, held, body } = asked;
  refuseClosed(envelope, ["Mutation.bringEvidence"], ["Mutation.bringEvidence(input:)", "BringEvidenceInput.content"]);
  const asking = { write: writeOf(given(held.archive).pool, caller), caller, now: new Date() };
  const { id, bytes } = await bring(held.archive, asking, { id: idOf(asked), bytes: body });
  yield { id, rows: 0, bytes };
}

/** Of what the next lines are the bytes, in base64. */
interface Head extends Pick<EvidenceRow, "id" | "mediaType" | "bytes"> {
  /** Whose it is; null: nobody's in particular. */
  readonly person: string | null;
}

async function* evidenceBytes(asked: Asked): AsyncGenerator<Head | string> {
  refuseClosed(asked.envelope, ["Query.evidence", "Evidence.path"], ["Query.evidence(id:)"]);
  const { store, pool } = given(asked.held.archive);
  const session = pool.session(scopeOf(asked.caller));
  const [row] = await evidenceById(session.db, [idOf(asked)]).finally(() => session.close());
  if (row?.state !== "STORED") throw new Refusal({ code: "NOT_FOUND" });
  const { id, mediaType, bytes, personId: person } = row;
  yield { id, mediaType, bytes, person };
  for await (const piece of asKept(store, row.sha256)) yield Buffer.from(piece).toString("base64");
}

export const streams: Readonly<Record<string, Stream<Keeps>>> = { evidenceUpload, evidenceBytes };

function idOf({ head }: Asked): string {
  const { evidence } = head;
  if (typeof evidence !== "string") throw new Refusal({ code: "BAD_REQUEST", detail: "the head has no evidence" });
  return evidence;
}

function refuseClosed(envelope: OpenedEnvelope, read: readonly string[], used: readonly string[]): void {
  const closed = read.find((coordinate) => !envelope.mayRead(coordinate));
  if (closed !== undefined) throw new Refusal({ code: "FIELD_NOT_GRANTED", coordinate: closed });
  const unused = used.find((coordinate) => !envelope.mayUse(coordinate));
  if (unused !== undefined) throw new Refusal({ code: "USE_NOT_GRANTED", coordinate: unused });
}

const scopeOf = ({ rows, agency, officer, citizen, agreement, purpose }: Caller) => ({
  ...rows,
  ...{ agency, officer, citizen, agreement, purpose },
});

const writeOf =
  (pool: Pool, caller: Caller): Write =>
  async (work) => {
    const session = pool.writeSession(scopeOf(caller));
    try {
      const done = await work(session.db);
      await session.close();
      return done;
    } catch (error) {
      await session.rollback();
      throw error;
    }
  };
