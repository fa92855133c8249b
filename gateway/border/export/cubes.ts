import { Refusal } from "../../../schema/errors.ts";
import { type CubeDefinition, cubeOf } from "../../../schema/statistics/cubes.ts";
import type { Hub } from "../../answer.ts";
import { refuse } from "../../receive/respond.ts";
import { restOf } from "../../receive/routes/errands.ts";
import { tagged, tagOf } from "../../receive/routes/told.ts";
import type { HttpAnswer, Incoming, StreamedAnswer } from "../../types/chain.ts";
import { type CubeAsked, cubeAsked, LARGEST_PAGE } from "./asked.ts";
import type { OpenCube } from "./catalogue.ts";
import { columnsOf, rowOf } from "./cells.ts";
import type { Row } from "./encode/columns.ts";
import { encode, MEDIA_TYPES } from "./encode/encode.ts";
import { objectOf } from "./encode/jsonl.ts";
import { XLSX_MOST_ROWS } from "./encode/xlsx.ts";
import { laterPage, type Page, pageOf, type Wanted, writtenReleases } from "./pages.ts";

/** Who asks, and by what. */
export interface Exporting {
  readonly hub: Hub;
  readonly query: URLSearchParams;
  /** A text that a spreadsheet would run is told as text, unless they say otherwise. */
  readonly guard: boolean;
  /** The answer may be kept by whoever gets it, and has a tag. */
  readonly isOpen: boolean;
}

/** Of an open cube, what no row is needed for: that nothing has changed, or the head alone. Null: all else, also what is wrong with a question. */
export function withoutRows(request: Incoming, query: URLSearchParams, { cube, releases }: OpenCube): HttpAnswer | null {
  const asked = cubeAsked(cube, query);
  if ("faults" in asked) return null;
  const headers = { ...fileHeadersOf(cube, asked, request), "cache-control": KEPT };
  const head = tagged({ status: 200, headers, body: "" }, request, tagOfFile(writtenReleases(releases), request));
  return head.status === 304 || request.method === "HEAD" ? head : null;
}

const KEPT = "public, max-age=300";
const tagOfFile = (releases: string, { url }: Incoming): string => tagOf(`${releases} ${url}`);

/**
 * A cube's released cells as a file of any length: page by page, each an ordinary question of whoever asks. What is refused before the first row has a
 * status; later, and when a release comes meanwhile, the connection is cut. Never rejects.
 */
export async function exportCube(request: Incoming, code: string, exporting: Exporting): Promise<HttpAnswer | StreamedAnswer> {
  const cube = cubeOf(code);
  if (!cube) return refuse(new Refusal({ code: "NOT_FOUND" }), request);
  const asked = cubeAsked(cube, exporting.query);
  if ("faults" in asked) return refuse(new Refusal({ code: "BAD_REQUEST", detail: asked.faults.join("; ") }), request);
  const wanted = { question: asked.question, after: asked.after, first: asked.limit ?? LARGEST_PAGE };
  const { told, page } = await pageOf(request, wanted, exporting.hub);
  if (!page) return restOf(told, null);
  const beginning: Beginning = { cube, asked, wanted, page, request, exporting };
  const keeping = exporting.isOpen
    ? { "cache-control": KEPT, etag: tagOfFile(page.releases, request) }
    : { "cache-control": "no-store" };
  const headers = { ...headersOf(beginning, told.receipt), ...keeping };
  if (asked.format === "json") return { status: 200, headers, body: JSON.stringify(pageInJson(beginning)) };
  const options = { ...asked.options, guard: asked.options.guard ?? exporting.guard };
  return { status: 200, headers, pieces: encode(asked.format, { columns: columnsOf(cube), rows: rowsOf(beginning) }, options) };
}

interface Beginning {
  readonly cube: CubeDefinition;
  readonly asked: CubeAsked;
  readonly wanted: Wanted;
  readonly page: Page;
  readonly request: Incoming;
  readonly exporting: Exporting;
}

const isOnePage = ({ format, limit }: CubeAsked): boolean => format === "json" || limit !== null;

async function* rowsOf({ cube, asked, wanted, page: first, request, exporting: { hub } }: Beginning): AsyncGenerator<Row> {
  let rows = 0;
  for (let page = first; ; ) {
    for (const cell of page.cells) yield rowOf(cube, cell);
    rows += page.cells.length;
    if (page.next === null || isOnePage(asked)) break;
    page = await laterPage(request, { ...wanted, after: page.next }, hub);
    if (page.releases !== first.releases) throw new Refusal({ code: "CONFLICT" }); // half of one release and half of another is neither
  }
  if (wanted.after === null && !isOnePage(asked) && rows !== first.total)
    throw new Refusal({ code: "SUBGRAPH_INVALID_RESPONSE" });
}

const fileHeadersOf = ({ code }: CubeDefinition, { format }: CubeAsked, { requestId }: Incoming) => ({
  "content-type": format === "json" ? "application/json; charset=utf-8" : MEDIA_TYPES[format],
  ...(format !== "json" && { "content-disposition": `attachment; filename="${code}.${format}"` }),
  ...{ "x-content-type-options": "nosniff", "x-request-id": requestId },
});

function headersOf({ cube, asked, page, request }: Beginning, receipt: string | undefined): Readonly<Record<string, string>> {
  const newest =
    page.cells
      .map(({ asOf }) => asOf ?? "")
      .sort()
      .at(-1) ?? "";
  const isCut = isOnePage(asked) ? page.next !== null : asked.format === "xlsx" && page.total > XLSX_MOST_ROWS;
  return {
    ...fileHeadersOf(cube, asked, request),
    ...{ "x-row-count": String(page.total), "x-truncated": String(isCut), ...(newest !== "" && { "x-as-of": newest }) },
    ...(receipt !== undefined && { "x-receipt": receipt, "hub-receipt": receipt }),
    ...(isCut && page.next !== null && isOnePage(asked) && { link: `<${nextOf(request.url, page.next)}>; rel="next"` }),
  };
}

function pageInJson({ cube, page, request }: Beginning) {
  const columns = columnsOf(cube);
  return {
    rows: page.cells.map((cell) => objectOf(columns, rowOf(cube, cell))),
    hasNextPage: page.next !== null,
    endCursor: page.next,
    next: page.next === null ? null : nextOf(request.url, page.next),
  };
}

/** Relative, so that it holds behind any proxy. */
function nextOf(url: string, after: string): string {
  const { pathname, searchParams } = new URL(url, "http://hub");
  searchParams.set("after", after);
  return `${pathname}?${searchParams}`;
}
