import { Refusal } from "../../../../schema/errors.ts";
import { type Admitted, admitted, asQuestion, type Hub } from "../../../answer.ts";
import type { Entry } from "../../../audit/entry.ts";
import { authenticate } from "../../../authenticate/authenticate.ts";
import { single } from "../../../receive/negotiate.ts";
import { receive } from "../../../receive/receive.ts";
import { refuse } from "../../../receive/respond.ts";
import type { ExportJobDoor } from "../../../receive/routes/exportJobs.ts";
import type { Errand, HttpAnswer, Incoming, StreamedAnswer } from "../../../types/chain.ts";
import { type Counter, given } from "./give.ts";
import { judged, nothingShown } from "./place.ts";
import type { Job } from "./store.ts";

/** A job of somebody else's and one that is not there are answered alike. */
export function createDoor(counter: Counter): ExportJobDoor {
  const { hub, jobs, vault } = counter;
  return {
    place: (request) =>
      onRecord(request, hub, async (entry) => {
        const { job, planned } = await judged(request, entry, hub);
        await entry.close(nothingShown(planned));
        await jobs.place(job);
        const placed = await jobs.find(job.id, job);
        const answer = inJson(planned, 202, placed && viewOf(placed));
        return { ...answer, headers: { ...answer.headers, ...SOON, location: pathOf(job) } };
      }),
    list: (request) =>
      onRecord(request, hub, async (entry) => {
        const planned = await admitted(asQuestion(request, errandOf("Exports")), entry, hub);
        await entry.close(nothingShown(planned));
        const all = isAsker(planned) ? await jobs.list(planned.caller, planned.caller.agreement) : [];
        return inJson(planned, 200, { exports: all.map(viewOf) });
      }),
    read: (request, id) =>
      onRecord(request, hub, async (entry) => {
        const { job, under } = await owned(request, id, { entry, ...counter });
        const planned = await admitted(asQuestion(under, errandOf("Export")), entry, hub);
        const found = foundBy(planned, job);
        await entry.close(nothingShown(planned));
        const answer = inJson(planned, 200, viewOf(found));
        return isOpen(found) ? { ...answer, headers: { ...answer.headers, ...SOON } } : answer;
      }),
    cancel: (request, id) =>
      onRecord(request, hub, async (entry) => {
        const { job, under } = await owned(request, id, { entry, ...counter });
        const planned = await admitted(asQuestion(under, errandOf("ExportCancelled")), entry, hub);
        foundBy(planned, job);
        await entry.close(nothingShown(planned));
        const made = await jobs.attemptOf(id);
        await jobs.cancel(id);
        if (made) await vault.remove(made.attempt);
        return { ...inJson(planned, 204, null), body: "" };
      }),
    fetch: (request, id) =>
      onRecord(request, hub, async (entry) => {
        const { job, under } = await owned(request, id, { entry, ...counter });
        if (job) return given(job, under, { entry, ...counter });
        await admitted(asQuestion(under, errandOf("ExportFile")), entry, hub);
        throw new Refusal({ code: "NOT_FOUND" });
      }),
  };
}

async function onRecord<A extends HttpAnswer | StreamedAnswer>(
  request: Incoming,
  { record }: Hub,
  work: (entry: Entry) => Promise<A>,
): Promise<A | HttpAnswer> {
  const entry = record.open();
  try {
    return await work(entry);
  } catch (error) {
    const told = await entry.fail(error);
    const answer = refuse(told, request);
    return told instanceof Refusal ? { ...answer, status: told.status } : answer; // no GraphQL over HTTP, whose plain JSON says 200
  }
}

/** The job of whoever asks, and their request under its agreement and case; null: they have none of that id, and are judged as they come. */
async function owned(
  request: Incoming,
  id: string,
  { entry, hub, jobs }: Counter & { readonly entry: Entry },
): Promise<{ readonly job: Job | null; readonly under: Incoming }> {
  const question = asQuestion(request, errandOf("Export"));
  const { client, officer, citizen } = entry.saw(await authenticate(entry.saw(await receive(question)), hub));
  const found = citizen === null ? await jobs.find(id, { client, officer }) : null;
  const named = single(request.headers["hub-agreement"]) ?? found?.agreement;
  if (!found || named !== found.agreement) return { job: null, under: request };
  const { agreement, caseNumber } = found;
  const headers = { ...request.headers, "hub-agreement": agreement, ...(caseNumber !== null && { "hub-case": caseNumber }) };
  return { job: found, under: { ...request, headers } };
}

function foundBy(planned: Admitted, job: Job | null): Job {
  if (!job || !isAsker(planned)) throw new Refusal({ code: "NOT_FOUND" });
  return job;
}

/** Nobody asks for a citizen, or on trial. */
const isAsker = ({ caller, stamps }: Admitted): boolean => caller.citizen === null && stamps.triedAs === undefined;

const errandOf = (operation: string): Errand => ({ operation, document: `query ${operation} { __typename }`, variables: {} });

/** Who asks how far it is is on record each time. */
const SOON = { "retry-after": "5" };
const isOpen = ({ state }: Job): boolean => state === "queued" || state === "running";

const pathOf = ({ id }: Pick<Job, "id">): string => `/v1/exports/${id}`;

/** A job as its asker is told of it. */
function viewOf(job: Job): object {
  const { id, state, code, rows, askedAt, expiresAt, manifest, agreement, caseNumber, note, wanted } = job;
  const { name: dataset, format, filter, denied } = wanted;
  return {
    ...{ id, state, ...(code !== null && { code }), dataset, format, filter, agreement, caseNumber, note, askedAt, rows, denied },
    ...(state === "ready" && { file: `${pathOf(job)}/file` }),
    ...(expiresAt !== null && { expiresAt }),
    ...(manifest && { manifest }),
  };
}

const inJson = ({ requestId, receiptId }: Admitted, status: number, body: object | null): HttpAnswer => ({
  status,
  headers: {
    "content-type": "application/json; charset=utf-8",
    "cache-control": "no-store",
    "x-request-id": requestId,
    "hub-receipt": receiptId,
  },
  body: JSON.stringify(body),
});
