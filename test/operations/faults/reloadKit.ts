import { mkdtempSync, renameSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ownPublication } from "../../../drizzle/policy/publish.ts";
import { followGrants } from "../../../gateway/authorize/grants/grants.ts";
import { devEnvelopeSecret } from "../../../schema/caller.ts";
import { subgraphs } from "../../../subgraphs/main.ts";
import { openingOf } from "../../kit/policy.ts";

/** A description of a type and one of a field of it. */
const TOLD = [/^Wilayah administratif — .*$/m, /^ {2}Kode wilayah — .*$/m] as const;

/** The schema of this very code in another form: another hash, the same coordinates; what it tells of type Region names the form, twice. */
export const form = (name: string): string =>
  TOLD.reduce((sdl, text) => sdl.replace(text, (line) => `${line} ${name}`), ownPublication().sdl);

/** Written whole or not at all, as an operator would. */
export function put(path: string, text: string): void {
  writeFileSync(`${path}.next`, text);
  renameSync(`${path}.next`, path);
}

const SAMPLE_MS = 50;
const NEAR_MS = 1_500;

/**
 * Follows the same policy beside a gateway, and is never exchanged: while it has lost sight of it too, the machine stood still or the database was
 * starved, which no reload is to blame for.
 */
export async function watchPolicy(databaseUrl: string) {
  const witness = await followGrants({ databaseUrl, ...openingOf(), log: { warn: () => {}, error: () => {} } });
  const lost: number[] = [];
  const sampling = setInterval(() => void (witness.isCurrent || lost.push(performance.now())), SAMPLE_MS);
  return {
    wasLost: (from: number, to: number) => lost.some((at) => at > from - NEAR_MS && at < to + NEAR_MS),
    async end() {
      clearInterval(sampling);
      await witness.close();
    },
  };
}

/** Files that a gateway reads while it runs: its supergraph, and what it shares with each subgraph. */
export function reloadFiles(first: string) {
  const folder = mkdtempSync(join(tmpdir(), "hub-reload-"));
  const supergraph = join(folder, "supergraph.graphql");
  const secretOf = (name: string) => join(folder, `secret-${name}`);
  const shared = new Map(subgraphs.map(({ name }) => [name, devEnvelopeSecret(name)]));
  put(supergraph, first);
  for (const [name, secret] of shared) put(secretOf(name), secret);
  return {
    ...{ folder, supergraph, secretOf },
    env: {
      HUB_SUPERGRAPH: supergraph,
      ...Object.fromEntries(subgraphs.map(({ name }) => [`HUB_ENVELOPE_SECRET_${name.toUpperCase()}_FILE`, secretOf(name)])),
    },
    /** What slices open envelopes with. */
    shared,
  };
}
