import { createHash } from "node:crypto";
import { Refusal } from "../../../../schema/errors.ts";
import type { Hub } from "../../../answer.ts";
import { encode } from "../encode/encode.ts";
import { XLSX_MOST_ROWS } from "../encode/xlsx.ts";
import { DATASETS, type Dataset } from "./datasets.ts";
import { type Asking, type Page, pagesOf } from "./pages.ts";
import { rowsOf, Tally } from "./rows.ts";
import type { Jobs, Leased, Manifest } from "./store.ts";
import { columnsOf, type Placed, questionOf } from "./table.ts";
import type { SealedFile, Vault } from "./vault.ts";

export interface Running {
  readonly hub: Hub;
  readonly jobs: Pick<Jobs, "renew" | "ready" | "failed" | "release">;
  readonly vault: Vault;
  /** The gateway closes: the job is somebody else's. */
  readonly signal: AbortSignal;
  /** In place of the pipeline. */
  readonly pages?: (asking: Asking) => AsyncIterable<Page>;
}

const BEAT_MS = 10_000;
/** Of one file, whatever its format: a country goes by its provinces. */
const MOST_ROWS = 10_000_000;

/** Makes the file of a job, whole or not at all. Resolves when the job has ended or is left to others; rejects for the database, and for our bugs. */
export async function run(leased: Leased, running: Running): Promise<void> {
  const { jobs, vault, signal } = running;
  const { attempt } = leased;
  const lost = new AbortController();
  const tally = new Tally();
  const beat = setInterval(() => {
    jobs.renew(attempt, tally.rows).then(
      (isOurs) => isOurs || lost.abort(),
      () => {}, // the database is away: whether the lease is lost shows when it is back
    );
  }, BEAT_MS);
  try {
    const made = await madeOf(leased, tally, { ...running, signal: AbortSignal.any([signal, lost.signal]) });
    if (!(await jobs.ready(attempt, made))) await vault.remove(attempt);
  } catch (error) {
    await vault.remove(attempt).catch(() => {}); // the key goes all the same, and the file with the next sweep
    if (signal.aborted) return await jobs.release(attempt);
    await jobs.failed(attempt, codeOf(error));
    if (!(error instanceof Refusal) && !lost.signal.aborted) throw error;
  } finally {
    clearInterval(beat);
  }
}

const codeOf = (error: unknown): string =>
  (error instanceof Refusal ? error.failures[0]?.code : undefined) ?? "INTERNAL_SERVER_ERROR";

async function madeOf(leased: Leased, tally: Tally, running: Running): Promise<Manifest> {
  const { hub, vault, signal, pages = pagesOf } = running;
  const dataset = DATASETS.get(leased.wanted.name);
  if (!dataset) throw new Refusal({ code: "CONFLICT" }); // asked of another release of the hub
  const columns = chosenOf(leased, dataset, hub);
  const told = pages(askingOf(leased, { hub, dataset, columns, signal }));
  const asOf = new Date();
  const file = await vault.create(leased, "rows");
  const persons = await vault.create(leased, "persons");
  try {
    const { format, written } = leased.wanted;
    const most = format === "xlsx" ? XLSX_MOST_ROWS : MOST_ROWS;
    const rows = rowsOf(keeping(told, persons, signal), { dataset, columns }, { tally, most });
    const sums = await writtenTo(file, encode(format, { columns, rows }, written));
    await Promise.all([file.end(), persons.end()]);
    return manifestOf(leased, { dataset, columns, tally, asOf, ...sums });
  } finally {
    await Promise.all([file.close(), persons.close()]);
  }
}

/** Throws CONFLICT where one of the columns is no longer there: what is in the file could not be judged. */
export const chosenOf = (
  { wanted }: Pick<Leased, "wanted">,
  dataset: Dataset,
  { supergraph }: Pick<Hub, "supergraph">,
): Placed[] => {
  const all = columnsOf(dataset, supergraph.api);
  const found = wanted.columns.flatMap((name) => all.find((one) => one.name === name) ?? []);
  if (found.length < wanted.columns.length) throw new Refusal({ code: "CONFLICT", reason: GONE });
  return found;
};

const GONE = {
  id: "Kolom berkas ini tidak ada lagi; mintalah ekspor baru.",
  en: "A column of this file is no longer there; ask for a new export.",
};

interface Under {
  readonly hub: Hub;
  readonly dataset: Dataset;
  readonly columns: readonly Placed[];
  readonly signal: AbortSignal;
}

/** As whoever asked would ask, from where they asked. */
function askingOf(leased: Leased, { hub, dataset, columns, signal }: Under): Asking {
  const { id, client, officer, agreement, version, caseNumber, address, wanted } = leased;
  const headers = { "hub-agreement": agreement, ...(caseNumber !== null && { "hub-case": caseNumber }) };
  return {
    request: { requestId: id, method: "POST", url: "/graphql", headers, body: null, address, signal },
    question: questionOf({ dataset, columns, filter: wanted.filter }, hub.supergraph.api, dataset.operation),
    field: dataset.field,
    version,
    // whom the hub has heard itself needs no token; all else about them is judged anew with every page
    hub: { ...hub, verify: async () => ({ clientId: client, subject: officer ?? client }) },
  };
}

/** Pages as they come; of whom they tell is kept beside the file, for the day somebody of them has their data restricted. */
async function* keeping(pages: AsyncIterable<Page>, persons: SealedFile, signal: AbortSignal): AsyncGenerator<Page> {
  for await (const page of pages) {
    signal.throwIfAborted();
    await persons.write(Buffer.from(page.persons.join("").replaceAll("-", ""), "hex"));
    yield page;
  }
}

async function writtenTo(file: SealedFile, pieces: AsyncIterable<Uint8Array>): Promise<{ sha256: string; bytes: number }> {
  const sum = createHash("sha256");
  let bytes = 0;
  for await (const piece of pieces) {
    sum.update(piece);
    bytes += piece.length;
    await file.write(piece);
  }
  return { sha256: sum.digest("hex"), bytes };
}

interface Made extends Pick<Under, "dataset" | "columns"> {
  readonly tally: Tally;
  readonly asOf: Date;
  readonly sha256: string;
  readonly bytes: number;
}

function manifestOf({ agreement, version, wanted }: Leased, { dataset, columns, tally, asOf, sha256, bytes }: Made): Manifest {
  const under = (coordinates: ReadonlySet<string>) =>
    columns.filter((one) => one.coordinates.some((coordinate) => coordinates.has(coordinate))).map(({ name }) => name);
  return {
    rows: tally.rows,
    bytes,
    sha256,
    // of the newest so many items of a node there may be older ones: said aloud
    truncated: tally.fullNodes > 0,
    ...(dataset.each?.latest !== undefined && { newest: dataset.each.latest, nodesWithPerhapsMore: tally.fullNodes }),
    columns: columns.map(({ name, label, type, coordinates }) => ({ name, label, type, coordinate: coordinates.at(-1) })),
    masked: under(tally.masked),
    maskedInSomeRows: under(tally.maskedInSomeRows),
    denied: wanted.denied,
    restrictedRows: tally.restrictedRows,
    guard: wanted.written.guard,
    asOf: asOf.toISOString(),
    until: new Date().toISOString(),
    ...{ agreement, version },
    receipts: { first: tally.firstReceipt, last: tally.lastReceipt, count: tally.pages },
  };
}
