import { randomUUID } from "node:crypto";
import { type Failure, Refusal } from "../../../schema/errors.ts";
import { ask, type Hub } from "../../answer.ts";
import { type Told, told } from "../../receive/routes/told.ts";
import type { Incoming } from "../../types/chain.ts";
import type { Cell } from "./cells.ts";

/** Some cells of an answer, in its order. */
export interface Page {
  readonly cells: readonly Cell[];
  /** Of all pages. */
  readonly total: number;
  /** Null: none follows. */
  readonly next: string | null;
  /** Which releases it is of: another means that a release came meanwhile. */
  readonly releases: string;
}

export interface Wanted {
  readonly question: Readonly<Record<string, unknown>>;
  readonly after: string | null;
  readonly first: number;
}

const PAGE = {
  operation: "ExportCells",
  document: `query ExportCells($cube: CubeCode!, $from: String, $to: String, $region: RegionCode, $level: StatisticsLevel,
    $dimensions: [String!], $filter: [StatisticsFilter!], $first: Int, $after: String) {
    cube(code: $cube) { releases { period number sha256 } }
    statistics(cube: $cube, from: $from, to: $to, region: $region, level: $level, dimensions: $dimensions, filter: $filter, first: $first, after: $after) {
      totalCount pageInfo { hasNextPage endCursor }
      nodes { period regionCode key persons units total isSuppressed asOf } } }`,
};
const PAGE_MS = 15_000;

/** One page as an ordinary question of whoever asks, judged and on record by itself; without `page` it was refused, and `told` says how. */
export async function pageOf(request: Incoming, { question, after, first }: Wanted, hub: Hub) {
  const errand = { ...PAGE, variables: { ...question, after, first } };
  const answer = told(await ask(request, errand, hub), request);
  const page = answer.errors.length === 0 ? read(answer.data as Data | null) : null;
  return { told: answer, page };
}

/** A later page: of a table that has begun, so what is refused breaks it off. */
export async function laterPage(request: Incoming, wanted: Wanted, hub: Hub): Promise<Page> {
  const anew = { ...request, receiptId: randomUUID(), deadline: performance.now() + PAGE_MS };
  const { told: answer, page } = await pageOf(anew, wanted, hub);
  if (!page) throw refusalOf(answer);
  return page;
}

interface Data {
  readonly cube: { readonly releases: Releases | null } | null;
  readonly statistics: {
    readonly totalCount: number | null;
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
    readonly nodes: readonly Cell[] | null;
  } | null;
}

function read(data: Data | null): Page | null {
  const { totalCount: total, pageInfo, nodes: cells } = data?.statistics ?? {};
  if (total == null || !pageInfo || !cells) return null;
  return {
    cells,
    total,
    next: pageInfo.hasNextPage ? pageInfo.endCursor : null,
    releases: writtenReleases(data?.cube?.releases),
  };
}

type Releases = readonly { readonly period: string; readonly number: number; readonly sha256: string }[];

/** Releases in force as one text, by which tables of them are told apart. */
export const writtenReleases = (releases: Releases | null | undefined): string =>
  (releases ?? []).map(({ period, number, sha256 }) => `${period} ${number} ${sha256}`).join();

/** How a question of ours was refused, to be told anew. */
export const refusalOf = ({ errors }: Told): Refusal => {
  const failures = errors.map(({ extensions: { code } }): Failure => ({ code }));
  return new Refusal(failures.length > 0 ? failures : { code: "FORBIDDEN" });
};
