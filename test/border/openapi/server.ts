import { readFileSync } from "node:fs";
import { borderRoutes } from "../../../gateway/border/routes.ts";
import { loadSupergraph } from "../../../gateway/plan/supergraph.ts";
import { createServer } from "../../../gateway/receive/server.ts";
import { readConfig } from "../../../gateway/runtime/config.ts";

type Json = Record<string, any>;

/** A server's addresses with nobody behind them, and what it tells of them. No database: only a supergraph. */
export async function describedServer() {
  const ends: (() => Promise<void>)[] = [];
  const nobody: any = () => Promise.reject(new Error("nobody is asked"));
  const door: any = new Proxy({}, { get: () => nobody });
  const atEnd = (end: () => Promise<void>) => void ends.push(end);
  const app = createServer({
    ...{ answer: nobody, describe: nobody, outline: nobody, ask: nobody, choices: nobody, unready: () => [] },
    border: routes(atEnd),
    ...{ jobs: door, evidence: door, events: { follow: nobody, keys: [] }, exports: door, openData: door, exportJobs: door },
    published: { limits: {}, rates: {}, publicRates: {}, choices: {}, subjectsByPurpose: {}, documents: "agreed" } as any,
  });
  const document: Json = (await app.inject("/openapi.json")).json();
  const close = async () => {
    await app.close();
    await Promise.all(ends.map((end) => end().catch(() => {})));
  };
  return { app, document, close };
}

function routes(atEnd: (end: () => Promise<void>) => void) {
  const config = readConfig({
    ...{ HUB_ENV: "dev", HUB_EXPORT_DIR: "/nowhere", HUB_PUBLIC_URL: "https://hub.example" },
    ...{ HUB_DATABASE_URL_GATEWAY: "postgres://g@127.0.0.1:1/none", HUB_DATABASE_URL_RECORD: "postgres://r@127.0.0.1:1/none" },
  });
  const supergraph = loadSupergraph(readFileSync("schema/supergraph.graphql", "utf8"));
  const current: any = {
    hub: { supergraph },
    by:
      (work: any) =>
      (request: any, ...rest: any[]) =>
        work({ supergraph })(request, ...rest),
  };
  const log = { warn() {}, error() {}, info() {} };
  return borderRoutes({ current, config, log, atEnd, atStop: atEnd } as any);
}
