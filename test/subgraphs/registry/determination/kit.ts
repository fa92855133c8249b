import { afterAll, beforeAll } from "vitest";
import { type LoadPool, openLoadPool } from "../../../../drizzle/copy.ts";
import { determineTask, previewTask } from "../../../../subgraphs/welfare/determination/task.ts";
import { welfare } from "../../../../subgraphs/welfare/index.ts";
import { asRole, useDatabases } from "../../../kit/database.ts";
import { type Asked, callerWith, useSlice } from "../../../kit/slice.ts";

const MANAGING = { agreement: "PKS-2025-020", purpose: "REGISTRY_MANAGEMENT" } as const;
const officer = (id: string) => callerWith({ ...MANAGING, client: id, officer: id });
export const pusdatin = officer("pusdatin.kemensos");
export const pusdatin2 = officer("pusdatin2.kemensos");
export const minister = officer("menteri.kemensos");
export const verifier = callerWith({
  client: "verifikator.dinsos_banyuwangi",
  officer: "verifikator.dinsos_banyuwangi",
  agency: "DINSOS_BANYUWANGI",
  agreement: "PKS-2025-021",
  purpose: "REGISTRY_MANAGEMENT",
  rows: { regions: [["3510", "3511"]], programs: null, decileMax: 100 },
});

const FIELDS = "id state version month decreeNumber hash determinedAt";
const PREPARE = `mutation ($input: PrepareDeterminationInput!) { prepareDetermination(input: $input) { ${FIELDS} } }`;
const SIGN = `mutation ($input: DetermineInput!) { determine(input: $input) { ${FIELDS} } }`;
export const DECREE_HASH = "ab".repeat(32);

interface Told {
  readonly month: string;
  readonly basis?: string;
  readonly povertyThreshold?: number;
}

/** A registry of the test file's own with its slice, at a moment the test sets, and its worker's work as plain calls. */
export function useDeterminations(begins: string) {
  const databases = useDatabases();
  let at = Date.parse(begins);
  const slice = useSlice(welfare, { databaseUrl: () => databases.urls.welfare.runtime, now: () => at });
  let pool: LoadPool;
  beforeAll(() => {
    pool = openLoadPool(databases.urls.registry ?? "", { max: 3 });
  });
  afterAll(() => pool?.end());
  const notes: string[] = [];
  const work = () => ({ pool, note: (text: string) => void notes.push(text), now: () => new Date(at) });
  const prepare = (told: Told, caller = pusdatin): Promise<Asked> =>
    slice.ask(PREPARE, { caller, variables: { input: { basis: "DTSEN", ...told } } });
  const sign = (input: { id: string; version: number; decreeNumber: string }, caller = minister): Promise<Asked> =>
    slice.ask(SIGN, { caller, variables: { input: { decreeHash: DECREE_HASH, ...input } } });
  return {
    slice,
    urls: databases.urls,
    get pool() {
      return pool;
    },
    at: (moment: string) => {
      at = Date.parse(moment);
    },
    prepare,
    sign,
    preview: (id: string) => previewTask(work(), id),
    write: (id: string, on = pool) => determineTask({ ...work(), pool: on }, id),
    /** Prepared, signed and written; its id. */
    async determine(told: Told, decreeNumber: string): Promise<string> {
      const draft = (await prepare(told)).data.prepareDetermination;
      await sign({ id: draft.id, version: draft.version, decreeNumber });
      await determineTask(work(), draft.id);
      return draft.id;
    },
    owner: (text: string) =>
      asRole(databases.urls.welfare.owner, async (client) => {
        await client`select set_config('hub.now', ${new Date(at).toISOString()}, false)`;
        return [...(await client.unsafe(text))];
      }),
  };
}
