import { expect, test } from "vitest";
import { createServer } from "../../../gateway/receive/server.ts";
import type { Incoming } from "../../../gateway/types/chain.ts";

/** Streams begun, by the method that asked. */
const begun: string[] = [];

const whole = async () => ({ status: 200, headers: {}, body: "{}" });
const stream = async ({ method }: Incoming) => {
  begun.push(method);
  return { status: 200, headers: {}, pieces: said() };
};
async function* said(): AsyncGenerator<string> {
  yield "a piece";
}
const app = createServer({
  answer: whole,
  describe: whole,
  ask: whole,
  choices: whole,
  unready: () => [],
  jobs: { ask: whole, upload: whole, download: stream, follow: stream },
  evidence: { upload: whole, deliver: stream },
  events: { follow: stream, keys: [] },
  exports: { cube: stream, open: (request) => (request.method === "HEAD" ? whole() : stream(request)) }, // it tells a HEAD apart itself
  openData: { catalogue: whole, table: whole },
  exportJobs: { place: whole, list: whole, read: whole, cancel: whole, fetch: stream },
});

/** Addresses of all routes that are read. */
async function addresses(): Promise<string[]> {
  await app.ready();
  const path: string[] = [];
  return app
    .printRoutes({ commonPrefix: false })
    .split("\n")
    .flatMap((line) => {
      const [, indent = "", part = "", methods = ""] = /^([\s│]*)[├└]── (\S*) \((.*)\)$/.exec(line) ?? [];
      path.splice(indent.length / 4, path.length, part);
      const own = path
        .join("")
        .replaceAll(/:(?:file|cube)/g, "AID.csv")
        .replaceAll(/:\w+/g, "1");
      return methods.split(", ").includes("GET") ? [own] : [];
    });
}

test("a HEAD of any address begins no stream, and where a GET is one it is refused", async () => {
  const streamed: string[] = [];
  for (const url of await addresses()) {
    begun.length = 0;
    const { statusCode } = await app.inject({ method: "HEAD", url });
    expect([url, begun]).toEqual([url, []]);
    await app.inject({ method: "GET", url });
    if (begun.length === 0) continue;
    streamed.push(url);
    if (url !== "/data/AID.csv") expect([url, statusCode]).toEqual([url, 404]);
  }
  expect(streamed.sort()).toEqual([
    "/data/AID.csv",
    "/events",
    "/evidence/1",
    "/matching/jobs/1/events",
    "/matching/jobs/1/rejects.csv",
    "/matching/jobs/1/results.csv",
    "/v1/export/AID.csv",
    "/v1/exports/1/file",
  ]);
});
