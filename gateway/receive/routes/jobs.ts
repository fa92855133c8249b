import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Refusal } from "../../../schema/errors.ts";
import type { Errand, Fetching, Following, HttpAnswer, Incoming, Sending, StreamedAnswer } from "../../types/chain.ts";
import { single } from "../negotiate.ts";
import { refuse } from "../respond.ts";

/** What the gateway does with matching jobs; none of it rejects. */
export interface JobDoor {
  ask(request: Incoming, errand: Errand): Promise<HttpAnswer>;
  upload(request: Incoming, sending: Sending): Promise<HttpAnswer>;
  download(request: Incoming, fetching: Fetching): Promise<HttpAnswer | StreamedAnswer>;
  follow(request: Incoming, following: Following): Promise<HttpAnswer | StreamedAnswer>;
}

export interface JobOptions {
  readonly jobs: JobDoor;
  readonly incoming: (request: FastifyRequest, reply: FastifyReply) => Incoming;
  /** Bytes of a file at most, longest pause between two pieces of it, and how long it may be waited for before its pace counts. */
  readonly upload: { readonly maxBytes: number; readonly idleMs: number; readonly graceMs?: number };
}

const JOB = "id source fileName state fault rows rowsDone createdAt finishedAt predictedPrecision";
const COUNTS = "counts { status reason rows firstLine }";
const READ = { operation: "MatchJob", document: `query MatchJob($id: ID!) { matchJob(id: $id) { ${JOB} ${COUNTS} } }` };
const CANCEL = {
  operation: "CancelMatching",
  document: `mutation CancelMatching($id: ID!) { cancelMatching(id: $id) { ${JOB} } }`,
};
const START = {
  operation: "StartMatching",
  document: "mutation StartMatching($input: StartMatchingInput!) { startMatching(input: $input) { id } }",
};
const PROGRESS = {
  operation: "MatchProgress",
  stream: "matchProgress",
  document: "query MatchProgress($id: ID!) { matchJob(id: $id) { state rows rowsDone fault } }",
  type: "MatchJob",
};

const of = (type: string, ...names: string[]) => names.map((name) => ({ name, needs: [`${type}.${name}`] }));
const TABLES = {
  results: {
    operation: "MatchResults",
    stream: "matchResults",
    document: `query MatchResults($id: ID!) { matchJob(id: $id) { results { nodes {
      line row status person { id } probability weight margin reasons } } } }`,
    columns: [
      ...of("MatchResult", "line", "row", "status"),
      { name: "person", needs: ["MatchResult.person", "Person.id"] },
      ...of("MatchResult", "probability", "weight", "margin", "reasons"),
    ],
    subject: { column: "person", type: "Person" },
    verdict: "status",
  },
  rejects: {
    operation: "MatchRejects",
    stream: "matchRejects",
    document: "query MatchRejects($id: ID!) { matchJob(id: $id) { rejects { nodes { line reason column raw } } } }",
    columns: of("MatchReject", "line", "reason", "column", "raw"),
  },
};

/** Of a route that streams, or answers for the record: a HEAD would run to the end, and be on record as given out, with nobody there. */
export const NO_HEAD = { exposeHeadRoute: false };

/** Of a route whose body may take longer than other requests in all. */
export const SLOWLY = { mayTakeLong: true };

/** Files, streams and questions at one time, each kind apart from the others; more are refused at once. */
const MOST_OF_A_KIND = 100;
/** Files of one asker at one time. */
const MOST_FILES = 4;
/** After the grace a file must have come at this pace on average. */
export const LEAST_BYTES_A_SECOND = 16_000;
export const GRACE_MS = 60_000;

type Run = (asked: Incoming, request: FastifyRequest, reply: FastifyReply) => Promise<HttpAnswer | StreamedAnswer>;

/** Matching jobs over HTTP: what GraphQL does not carry (a file of any size in, its results out, progress as it happens), and the rest beside it. */
export function addJobs(app: FastifyInstance, options: JobOptions): void {
  const { jobs } = options;
  const [filed, streamed, answered] = [handlerOf(options), handlerOf(options), handlerOf(options)];
  const files = new Map<string, number>();
  const idOf = ({ params }: FastifyRequest): string => String((params as { id?: unknown }).id);
  const errandOn = (request: FastifyRequest) => ({ variables: { id: idOf(request) }, head: { job: idOf(request) } });
  const asked = (errand: Pick<Errand, "operation" | "document">): Run => {
    return async (question, request) => orNotFound(await jobs.ask(question, { ...errand, ...errandOn(request) }));
  };
  const closing = new AbortController();
  app.addHook("preClose", (done) => {
    closing.abort(); // who follows a job would keep a gateway that drains waiting; a browser asks the next one by itself
    done();
  });
  app.register((door, _, done) => {
    door.removeAllContentTypeParsers();
    door.addContentTypeParser("*", (_request, _body, read) => read(null)); // a file is read as it is wanted
    const file: Run = (question, request) => receiveFile(request, question, { ...options, files });
    door.post("/matching/jobs", { config: SLOWLY }, filed(file));
    door.get("/matching/jobs/:id", NO_HEAD, answered(asked(READ)));
    door.delete("/matching/jobs/:id", answered(asked(CANCEL)));
    for (const [name, table] of Object.entries(TABLES)) {
      const fetched: Run = (question, request) => jobs.download(question, { ...table, ...errandOn(request) });
      door.get(`/matching/jobs/:id/${name}.csv`, NO_HEAD, streamed(fetched));
    }
    const followed: Run = (question, request) => {
      const signal = AbortSignal.any([question.signal, closing.signal]);
      return jobs.follow({ ...question, signal }, { ...PROGRESS, ...errandOn(request) });
    };
    door.get("/matching/jobs/:id/events", NO_HEAD, streamed(followed));
    done();
  });
}

/** Answers of any length, so many at a time. */
export function handlerOf({ incoming }: Pick<JobOptions, "incoming">) {
  let running = 0;
  return (run: Run) => async (request: FastifyRequest, reply: FastifyReply) => {
    const asked = incoming(request, reply);
    running += 1;
    reply.raw.once("close", () => {
      running -= 1;
    });
    const overloaded = () => refuse(new Refusal({ code: "OVERLOADED" }), asked);
    const { status, headers, ...answer } = running > MOST_OF_A_KIND ? overloaded() : await run(asked, request, reply);
    const body = "body" in answer ? answer.body || null : Readable.from(answer.pieces);
    if (body instanceof Readable) body.once("error", () => void (reply.raw.headersSent && breakOff(reply)));
    return reply.code(status).headers(headers).send(body);
  };
}

/** Ends an answer in the middle by a reset: in HTTP/1.0 nothing tells how long it is, and an ordinary end would make half of it a whole. */
export const breakOff = ({ request }: FastifyReply): void => void request.raw.socket.resetAndDestroy();

/** A job that is not there, or another agreement's, is a question answered with nothing: over HTTP that has a status. */
function orNotFound(answer: HttpAnswer): HttpAnswer {
  const { data, errors } = JSON.parse(answer.body) as { data?: Record<string, unknown> | null; errors?: unknown };
  const isNothing = answer.status === 200 && errors === undefined && Object.values(data ?? {}).every((value) => value === null);
  return isNothing ? { ...answer, status: 404 } : answer;
}

const CSV = /^(?:text|application)\/csv(?:;|$)/i;

/** Files being read, by asker. */
type Filed = { readonly files: Map<string, number> };

async function receiveFile(request: FastifyRequest, asked: Incoming, options: JobOptions & Filed): Promise<HttpAnswer> {
  const { jobs, upload, files } = options;
  const { source, fileName, mapping } = request.query as Record<string, string | undefined>;
  const input = { source: source ?? "", fileName: fileName ?? `${source}.csv`, ...(mapping !== undefined && { mapping }) };
  const unwanted = unfit(asked, upload.maxBytes);
  const errand = { ...START, variables: { input: { ...input, file: "" } }, field: "startMatching" };
  const file = inTurn(within(request.raw, upload), askerOf(asked), files);
  const answer = unwanted
    ? refuse(unwanted, asked)
    : await jobs.upload(asked, { ...errand, stream: "matchUpload", head: input, file });
  if (!request.raw.complete) hangUpSoon(request.raw);
  return answer;
}

const HANG_UP_MS = 2_000;

/** Who is refused in the middle of speaking hears it only while somebody listens. */
export function hangUpSoon(body: IncomingMessage): void {
  body.resume();
  // one that came to its end leaves a connection that others may be using by now
  setTimeout(() => void (body.complete || body.destroy()), HANG_UP_MS).unref();
}

function unfit({ headers }: Incoming, maxBytes: number): Refusal | null {
  if (!CSV.test(single(headers["content-type"]) ?? "")) return new Refusal({ code: "UNSUPPORTED_MEDIA_TYPE" });
  return Number(headers["content-length"] ?? 0) > maxBytes ? new Refusal({ code: "PAYLOAD_TOO_LARGE" }) : null;
}

/** Whose token it is, client and person: of the people of one portal none takes another's places. Nobody has verified it here, but no file is read before its client is admitted. */
export function askerOf({ headers, address }: Incoming): string {
  const [, payload = ""] = (single(headers["authorization"]) ?? "").split(".");
  try {
    const claims = JSON.parse(Buffer.from(payload, "base64url").toString()) as { client_id?: unknown; sub?: unknown } | null;
    return typeof claims?.client_id === "string" ? `${claims.client_id} ${claims.sub}` : address;
  } catch {
    return address;
  }
}

const TOO_MANY_FILES = {
  id: `Paling banyak ${MOST_FILES} berkas sekaligus; tunggu sampai salah satunya selesai.`,
  en: `At most ${MOST_FILES} files at one time; wait until one of them is done.`,
};

export async function* inTurn(file: AsyncIterable<Uint8Array>, asker: string, files: Filed["files"]): AsyncGenerator<Uint8Array> {
  const others = files.get(asker) ?? 0;
  if (others >= MOST_FILES) throw new Refusal({ code: "QUOTA_EXCEEDED", reason: TOO_MANY_FILES });
  files.set(asker, others + 1);
  try {
    yield* file;
  } finally {
    const left = (files.get(asker) ?? 1) - 1;
    if (left > 0) files.set(asker, left);
    else files.delete(asker);
  }
}

/** The pieces of a body, as long as they come and are not too many. */
export async function* within(body: Readable, limits: JobOptions["upload"]): AsyncGenerator<Uint8Array> {
  const { maxBytes, idleMs, graceMs = GRACE_MS } = limits;
  const pieces = body.iterator({ destroyOnReturn: false })[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  let bytes = 0;
  let waitedMs = 0; // for the client only: a source that takes its time is not the client's fault
  try {
    for (;;) {
      const began = performance.now();
      const { done, value } = await soon(pieces.next(), idleMs);
      if (done) return;
      bytes += value.length;
      waitedMs += performance.now() - began;
      if (bytes > maxBytes) throw new Refusal({ code: "PAYLOAD_TOO_LARGE" });
      if (waitedMs > graceMs && bytes < (waitedMs / 1000) * LEAST_BYTES_A_SECOND) throw new Refusal({ code: "REQUEST_TIMEOUT" });
      yield value;
    }
  } finally {
    pieces.return?.().catch(() => {}); // while it holds on to the body nobody else can read the rest away
  }
}

async function soon<T>(coming: Promise<T>, ms: number): Promise<T> {
  coming.catch(() => {}); // it may fail when nobody waits for it any more
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Refusal({ code: "REQUEST_TIMEOUT" })), ms);
  });
  return Promise.race([coming, late]).finally(() => clearTimeout(timer));
}
