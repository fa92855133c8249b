import { Refusal } from "../../../../schema/errors.ts";
import { type Admitted, admitted, asQuestion, type Hub } from "../../../answer.ts";
import type { Entry } from "../../../audit/entry.ts";
import type { Incoming, StreamedAnswer } from "../../../types/chain.ts";
import { MEDIA_TYPES } from "../encode/encode.ts";
import { DATASETS } from "./datasets.ts";
import { asForbidden, nothingShown } from "./place.ts";
import { chosenOf } from "./run.ts";
import type { Job, Jobs, Manifest } from "./store.ts";
import { type Placed, questionOf } from "./table.ts";
import type { Attempt, Vault } from "./vault.ts";

/** What files are given out with. */
export interface Counter {
  readonly hub: Hub;
  readonly jobs: Jobs;
  readonly vault: Vault;
}
interface Giving extends Counter {
  readonly entry: Entry;
}

/**
 * The file of a job, on record with its rows and bytes before the first leaves. Its question is judged once more: the file goes out only while every
 * column of it is open as it was, and nobody in it has had their data restricted since. Throws the Refusal that says why it does not.
 */
export async function given(job: Job, request: Incoming, { entry, hub, jobs, vault }: Giving): Promise<StreamedAnswer> {
  const { restricted } = hub.grants.current();
  const { planned, columns } = await judgedAgain(job, request, { entry, hub });
  const made = await jobs.attemptOf(job.id);
  if (!made || !job.manifest) throw notThere(job);
  if (await holdsAnyOf(planned.restricted, made, vault)) throw new Refusal({ code: "CONFLICT", reason: RESTRICTED });
  await isThere(made, vault);
  const { transformed, inSomeRows, asked } = planned.rewrite;
  const shown = [...new Set(columns.flatMap((one) => one.coordinates))].filter((one) => asked.has(one)).sort();
  const { rows, bytes } = job.manifest;
  await entry.close({ ...nothingShown(planned), shown, transformed, inSomeRows, transferred: { rows, bytes } });
  const holds = () => {
    entry.stands();
    // who it is about is looked up anew, by the next request
    if (hub.grants.current().restricted !== restricted) throw new Refusal({ code: "POLICY_UNAVAILABLE" });
  };
  return {
    status: 200,
    headers: headersOf(job, job.manifest, planned),
    pieces: piecesOf(vault.open(made, "rows"), { entry, holds }),
  };
}

interface Judged {
  readonly planned: Admitted;
  readonly columns: readonly Placed[];
}

async function judgedAgain(job: Job, request: Incoming, { entry, hub }: Pick<Giving, "entry" | "hub">): Promise<Judged> {
  const dataset = DATASETS.get(job.wanted.name);
  if (!dataset) throw new Refusal({ code: "NOT_FOUND" });
  const columns = chosenOf(job, dataset, hub);
  const { api } = hub.supergraph;
  const question = questionOf({ dataset, columns, filter: job.wanted.filter }, api, `${dataset.operation}File`);
  const planned = await admitted(asQuestion(request, question(null)), entry, hub).catch(asForbidden);
  if (planned.stamps.triedAs !== undefined) throw new Refusal({ code: "FORBIDDEN" });
  if (planned.denials.length > 0) throw new Refusal([{ code: "FORBIDDEN" }, ...planned.denials]);
  const masked = new Set(job.manifest?.masked as readonly string[] | undefined);
  const isMasked = ({ coordinates }: Placed) => coordinates.some((one) => planned.rewrite.transformed.includes(one));
  const isNarrower = columns.some((one) => isMasked(one) && !masked.has(one.name));
  if (job.manifest && (planned.caller.version !== job.version || isNarrower))
    throw new Refusal({ code: "CONFLICT", reason: CHANGED });
  return { planned, columns };
}

const ID_BYTES = 16;

/** Stands somebody of these in the file? */
async function holdsAnyOf(persons: ReadonlySet<string> | undefined, made: Attempt, vault: Vault): Promise<boolean> {
  if (!persons || persons.size === 0) return false;
  const sought = new Set([...persons].map((id) => id.replaceAll("-", "")));
  for await (const ids of vault.open(made, "persons"))
    for (let at = 0; at < ids.length; at += ID_BYTES) if (sought.has(ids.toString("hex", at, at + ID_BYTES))) return true;
  return false;
}

/** Throws when the file cannot be read, while there is still a status to say so. */
async function isThere(made: Attempt, vault: Vault): Promise<void> {
  for await (const _ of vault.open(made, "rows")) return;
}

interface Leaving extends Pick<Giving, "entry"> {
  readonly holds: () => void;
}

async function* piecesOf(pieces: AsyncIterable<Buffer>, { entry, holds }: Leaving): AsyncGenerator<Buffer> {
  try {
    for await (const piece of pieces) {
      holds();
      yield piece;
    }
  } catch (error) {
    throw await entry.fail(error); // the connection is cut: half a file has less than its length
  }
}

const headersOf = ({ id, wanted }: Job, { rows, bytes, ...told }: Manifest, { requestId, receiptId }: Admitted) => ({
  "content-type": MEDIA_TYPES[wanted.format],
  "content-length": String(bytes),
  "content-disposition": `attachment; filename="${wanted.name}-${id}.${wanted.format}"`,
  "x-content-type-options": "nosniff",
  "cache-control": "no-store",
  "accept-ranges": "none",
  "x-request-id": requestId,
  "hub-receipt": receiptId,
  "x-receipt": receiptId,
  "x-row-count": String(rows),
  "x-truncated": String(told["truncated"]),
  "x-as-of": String(told["asOf"]),
  "repr-digest": `sha-256=:${Buffer.from(String(told["sha256"]), "hex").toString("base64")}:`,
});

const notThere = ({ state }: Job): Refusal =>
  state === "queued" || state === "running"
    ? new Refusal({ code: "CONFLICT", detail: `the export is ${state}` })
    : new Refusal({ code: "NOT_FOUND" });

const RESTRICTED = {
  id: "Sejak berkas ini dibuat, pemrosesan data salah seorang di dalamnya dibatasi (UU 27/2022 Ps. 41); mintalah ekspor baru.",
  en: "Since this file was made, the data of a person in it were restricted (UU 27/2022 art. 41); ask for a new export.",
};
const CHANGED = {
  id: "Perjanjian telah berubah sejak berkas ini dibuat; mintalah ekspor baru.",
  en: "The agreement has changed since this file was made; ask for a new export.",
};
