import { readFileSync } from "node:fs";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Refusal } from "../../../schema/errors.ts";
import {
  FIND_USAGE,
  type FindUsageData,
  findUsageOf,
  findUsageVariables,
  heartbeatOf,
  USAGE_PERIOD,
  usagePeriodOf,
} from "../../../schema/record/dataTracker.ts";
import type { Errand, HttpAnswer, Incoming } from "../../types/chain.ts";
import { refuse } from "../respond.ts";
import { type Told, told, withReceipt } from "./told.ts";

/** Answers a request; what it brings in its address stands in `request`. */
type Work = (asked: Incoming, request: FastifyRequest) => Promise<HttpAnswer>;

export interface ErrandOptions {
  /** Answers an address as the question it stands for; MUST NOT reject. */
  readonly ask: (request: Incoming, errand: Errand) => Promise<HttpAnswer>;
  readonly handled: (work: Work) => (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;
}

const question = (name: string): string =>
  readFileSync(new URL(`../../../docs/questions/${name}.graphql`, import.meta.url), "utf8");
const RECEIPT = { operation: "Receipt", document: question("receipt") };
const COPY = { operation: "Copy", document: question("copy") };
const REPORT = {
  operation: "Report",
  document: "query Report($year: Int!, $month: Int) { accountabilityReport(year: $year, month: $month) { csv } }",
};
const USAGES = { operation: "FindUsage", document: FIND_USAGE };
const PERIOD = { operation: "UsagePeriod", document: USAGE_PERIOD };

/**
 * Addresses about the record that are no GraphQL, each judged and put on record as the question it stands for: a receipt, a person's copy
 * of their data as a file, and Estonia's data tracker.
 */
export function addErrands(app: FastifyInstance, { ask, handled }: ErrandOptions): void {
  const run = async (asked: Incoming, errand: Errand): Promise<Told> => told(await ask(asked, errand), asked);
  for (const [path, work] of Object.entries(WORKS)) {
    app.get(
      path,
      handled((asked, request) => work(asked, { request, run })),
    );
  }
}

interface Running {
  readonly request: FastifyRequest;
  readonly run: (asked: Incoming, errand: Errand) => Promise<Told>;
}

const WORKS: Readonly<Record<string, (asked: Incoming, running: Running) => Promise<HttpAnswer>>> = {
  async "/receipts/:id"(asked, { request: { params }, run }) {
    const answer = await run(asked, { ...RECEIPT, variables: { id: String((params as { id?: unknown }).id) } });
    return restOf(answer, answer.data?.["receipt"] as object | null | undefined);
  },
  async "/me/copy"(asked, { request, run }) {
    const of = queryOf(request);
    const variables = { representing: of.get("representing"), accessesAfter: of.get("accessesAfter") };
    const answer = await run(asked, { ...COPY, variables });
    const { http, data } = answer;
    return data?.["dataSubject"] ? { ...http, headers: { ...http.headers, ...AS_FILE } } : restOf(answer, null);
  },
  async "/report/:period.csv"(asked, { request: { params }, run }) {
    const { period = "" } = params as { readonly period?: string };
    const [, year, month] = PERIOD_OF_REPORT.exec(period) ?? [];
    if (year === undefined)
      return refuse(new Refusal({ code: "BAD_REQUEST", detail: "a report is of a year or a month: 2026, 2026-11" }), asked);
    const answer = await run(asked, {
      ...REPORT,
      variables: { year: Number(year), month: month === undefined ? null : Number(month) },
    });
    const csv = (answer.data?.["accountabilityReport"] as { readonly csv?: string | null } | null | undefined)?.csv;
    if (csv == null) return restOf(answer, null);
    return { ...answer.http, headers: { ...answer.http.headers, "content-type": "text/csv; charset=utf-8" }, body: csv };
  },
  async "/data-tracker/heartbeat"(asked, { run }) {
    const { http, data, receipt } = await run(asked, { ...PERIOD, variables: {} });
    if (http.status < 500 && !data) return http;
    return inJson(http, heartbeatOf(http.status < 500 && receipt !== undefined)); // what is public is answered without the record, too
  },
  async "/data-tracker/usagePeriod"(asked, { run }) {
    const answer = await run(asked, { ...PERIOD, variables: {} });
    return restOf(answer, answer.data && usagePeriodOf(answer.data as { recordedSince: string | null }, new Date()));
  },
  async "/data-tracker/findUsage"(asked, { request, run }) {
    const given = findUsageVariables(queryOf(request));
    if ("faults" in given) return refuse(new Refusal({ code: "BAD_REQUEST", detail: given.faults.join("; ") }), asked);
    const answer = await run(asked, { ...USAGES, variables: { ...given.variables } });
    return restOf(answer, answer.data && findUsageOf(answer.data as unknown as FindUsageData));
  },
};

/** `2026` or `2026-11`, as the report's address has it. */
const PERIOD_OF_REPORT = /^(\d{4})(?:-(0[1-9]|1[0-2]))?$/;

const AS_FILE = { "content-disposition": 'attachment; filename="salinan-data-pribadi.json"' };

/** `found` by itself; where nothing is, the answer as it came, with the status of its error, or 404 without one. */
export function restOf({ http, errors, receipt }: Told, found: object | null | undefined): HttpAnswer {
  if (found != null && http.status === 200) return inJson(http, found, receipt);
  const [error] = errors;
  if (http.status !== 200) return http;
  return { ...http, status: error ? new Refusal({ code: error.extensions.code }).status : 404 };
}

const inJson = (http: HttpAnswer, body: object, receipt?: string): HttpAnswer => ({
  ...http,
  headers: { ...withReceipt(http, receipt), "content-type": "application/json; charset=utf-8" },
  body: JSON.stringify(body),
});

const queryOf = ({ url }: FastifyRequest): URLSearchParams => new URL(url, "http://hub").searchParams;
