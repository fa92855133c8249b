import { readFileSync } from "node:fs";
import { buildSchema, parse, validate } from "graphql";
import { describe, expect, test } from "vitest";
import {
  FIND_USAGE,
  findUsageOf,
  findUsageVariables,
  heartbeatOf,
  USAGE_PERIOD,
  usagePeriodOf,
} from "../../../schema/record/dataTracker.ts";

const api = buildSchema(readFileSync("schema/api.graphql", "utf8"));
const read = (query: string) => findUsageVariables(new URLSearchParams(query));

describe("the data tracker in the shape of Estonia's", () => {
  test("asks what the hub's schema has", () => {
    const ours = ["receipt", "accesses"].map((name) => readFileSync(`docs/questions/${name}.graphql`, "utf8"));
    for (const document of [FIND_USAGE, USAGE_PERIOD, ...ours]) expect(validate(api, parse(document))).toEqual([]);
  });

  test("reads its parameters, and takes at most 100 lines at once", () => {
    expect(read("")).toEqual({ variables: { representing: null, first: 100, skip: 0, from: null, to: null } });
    expect(
      read("userCode=abc&limit=1000&offset=200&periodStart=2026-01-01T00:00:00Z&periodEnd=2026-02-01T00:00:00%2B07:00"),
    ).toEqual({
      variables: { representing: "abc", first: 100, skip: 200, from: "2026-01-01T00:00:00Z", to: "2026-02-01T00:00:00+07:00" },
    });
  });

  test("names every fault of them at once, and repeats none", () => {
    expect(read("limit=0&offset=-1&periodStart=yesterday&periodEnd=2026")).toEqual({
      faults: [
        "limit must be a whole number from 1 to 1000",
        "offset must be a whole number from 0 to 100000",
        "periodStart must be an instant, RFC 3339",
        "periodEnd must be an instant, RFC 3339",
      ],
    });
  });

  test("answers findUsage with time, plain words, receiver and system; what is unknown is a dash", () => {
    const line = { at: "2026-11-19T03:00:00.000Z", sentence: { indonesian: "BPJS mengakses data orang ini." }, client: "bpjs" };
    const nodes = [
      { ...line, agency: { code: "BPJS_KESEHATAN", name: "BPJS Kesehatan" } },
      { at: null, agency: null, client: null, sentence: null },
    ];
    expect(findUsageOf({ dataSubject: { accesses: { totalCount: 7, nodes } } })).toEqual({
      totalUsages: 7,
      usages: [
        {
          ...{ logtime: line.at, action: "BPJS mengakses data orang ini.", receiverSystem: "bpjs" },
          ...{ receiverCode: "BPJS_KESEHATAN", receiverName: "BPJS Kesehatan" },
        },
        { logtime: "-", action: "-", receiverCode: "-", receiverSystem: "-" },
      ],
    });
    expect(findUsageOf({ dataSubject: null })).toBeNull();
    expect(findUsageOf({ dataSubject: { accesses: null } })).toBeNull();
  });

  test("answers usagePeriod with a beginning and no end, heartbeat with OK or FAIL", () => {
    const now = new Date("2026-11-20T05:00:00Z");
    expect(usagePeriodOf({ recordedSince: "2025-03-01T03:00:00.000Z" }, now)).toEqual({
      periodStart: "2025-03-01T03:00:00.000Z",
    });
    expect(usagePeriodOf({ recordedSince: null }, now)).toEqual({ periodStart: "2026-11-20T05:00:00.000Z" });
    expect([heartbeatOf(true).status, heartbeatOf(false).status]).toEqual(["OK", "FAIL"]);
  });
});
