import { Misuse } from "../../remote/faults.ts";
import type { Hub } from "../../remote/hub.ts";
import { plain } from "../../remote/plain.ts";
import type { Words } from "../changes/kinds.ts";
import type { Reach } from "../report.ts";
import { adviceOn } from "./advice.ts";
import type { Touched } from "./touched.ts";

const SEND = `mutation SendSchemaNotices($input: SendSchemaNoticesInput!) {
  sendSchemaNotices(input: $input) { id agreement { number } severity sentAt acknowledgedAt } }`;

interface Sent {
  readonly id: string;
  readonly agreement: { readonly number: string } | null;
  readonly severity: string;
  readonly sentAt: string;
}

/** Tells each agreement at the hub what changes for it from a day on; what it was told before for that day is told as it was. Throws Misuse and Refused. */
export async function told(hub: Hub, effectiveOn: string, reach: Reach): Promise<void> {
  if (!/^\d{4}-\d\d-\d\d$/.test(effectiveOn))
    throw new Misuse("--notify takes the day from which the schema is the new one: YYYY-MM-DD.");
  for (const [agreement, touched] of reach) {
    for (const changes of inParts(touched.map(changeOf))) {
      const input = { effectiveOn, notices: [{ agreement, changes }] };
      const { sendSchemaNotices } = await hub.ask<{ sendSchemaNotices: readonly Sent[] }>(SEND, { input });
      for (const { id, severity, sentAt } of sendSchemaNotices)
        process.stderr.write(
          plain(`hub schema: ${agreement} was told on ${sentAt}: ${severity}, ${changes.length} changes, notice ${id}\n`),
        );
    }
  }
}

const inBoth = ({ id, en }: Words) => ({ indonesian: cut(id), english: cut(en) });

/** As long as a sentence of a notice may be. */
const LONGEST = 500;
const cut = (text: string): string => (text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`);

const MOST_DOCUMENTS = 10;

const changeOf = ({ change, documents }: Touched) => ({
  ...{ coordinate: change.coordinate, severity: change.severity },
  ...{ sentence: inBoth(change.words), advice: inBoth(adviceOn(change)) },
  documents: documents.slice(0, MOST_DOCUMENTS).map((name) => name.slice(0, 200)),
});

/** A hub takes questions of 100 kB, and names of documents come on top. */
const PART_BYTES = 40_000;

/** The changes in order, in parts that one question can carry: by what is told alone, so that the same changes are in the same parts tomorrow. */
function inParts<Change extends { readonly documents: readonly string[] }>(changes: readonly Change[]): Change[][] {
  const parts: Change[][] = [];
  let room = 0;
  for (const change of changes) {
    const bytes = Buffer.byteLength(JSON.stringify({ ...change, documents: [] }));
    if (bytes > room) {
      parts.push([]);
      room = PART_BYTES;
    }
    parts.at(-1)?.push(change);
    room -= bytes;
  }
  return parts;
}
