import { readFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { parseArgs } from "node:util";
import { authorize } from "../../gateway/authorize/authorize.ts";
import { execute } from "../../gateway/execute/execute.ts";
import { createTransport } from "../../gateway/execute/transport/transport.ts";
import { mask } from "../../gateway/mask/mask.ts";
import { plan } from "../../gateway/plan/plan.ts";
import { loadSupergraph, NO_LIMITS } from "../../gateway/plan/supergraph.ts";
import { receive } from "../../gateway/receive/receive.ts";
import { refuse, respond } from "../../gateway/receive/respond.ts";
import { createServer } from "../../gateway/receive/server.ts";
import type { HttpAnswer, Incoming } from "../../gateway/types/chain.ts";
import type { Decisions } from "../../gateway/types/policy.ts";
import type { Transport } from "../../gateway/types/sources.ts";
import type { Supergraph } from "../../gateway/types/supergraph.ts";
import { stopSignal } from "./ending.ts";

export const help = `
Usage: HUB_ENV=dev npx hub dev-supergraph --supergraph FILE --port N

Serves any supergraph (federation 2.9 at most) at http://127.0.0.1:N/graphql through the hub's own runtime, so that independent
conformance suites can be run against it. NOTHING IS PROTECTED: no credential, no agreement, no record, no limits, no envelope.
Subgraphs are asked at the addresses the file names (@join__graph). /health answers 200. SIGTERM or Ctrl-C ends it.
`;

/** Opens everything. Only this file may know of it: nothing may import a way around agreements. */
const allowEverything: Decisions = {
  key: "allowEverything",
  hidden: new Set(),
  verdict: () => ({ effect: "allow" }),
  transform: (_, value) => value,
};

const TIMEOUT_MS = 5000;
const GRACE_MS = 500;
const MAX_RESPONSE_BYTES = 64 * 1024 * 1024;

/** Exit codes: 0 after a signal, 1 when it cannot serve, 2 for wrong usage. */
export async function devSupergraph(argv: readonly string[]): Promise<number> {
  const options = optionsOf(argv);
  if (!options)
    return say(`dev-supergraph needs --supergraph FILE --port N (0 to 65535); npx hub dev-supergraph --help explains`, 2);
  if (process.env["HUB_ENV"] !== "dev") return say("dev-supergraph protects nothing and runs only with HUB_ENV=dev", 1);
  const supergraph = loadSupergraph(await readFile(options.file, "utf8"), { limits: NO_LIMITS });
  const transport = createTransport({ timeoutMs: TIMEOUT_MS, maxResponseBytes: MAX_RESPONSE_BYTES, headers: () => ({}) });
  const server = createServer({ answer: (request) => answer(request, supergraph, transport), unready: () => [] });
  const ended = stopSignal();
  await server.listen({ host: "127.0.0.1", port: options.port });
  const { port } = server.server.address() as AddressInfo;
  process.stderr.write("hub dev-supergraph: NOTHING IS PROTECTED here: no credential, no agreement, no record\n");
  process.stdout.write(`serving ${options.file} at http://127.0.0.1:${port}/graphql\n`);
  await ended;
  server.server.closeAllConnections();
  await Promise.race([
    Promise.all([server.close(), transport.close()]),
    new Promise((resolve) => setTimeout(resolve, GRACE_MS).unref()),
  ]);
  return 0;
}

function say(text: string, code: number): number {
  process.stderr.write(`hub: ${text}\n`);
  return code;
}

function optionsOf(argv: readonly string[]): { file: string; port: number } | null {
  try {
    const { values } = parseArgs({ args: [...argv], options: { supergraph: { type: "string" }, port: { type: "string" } } });
    const port = Number(values.port);
    const isPort = /^\d+$/.test(values.port ?? "") && port <= 65_535;
    return values.supergraph && isPort ? { file: values.supergraph, port } : null;
  } catch {
    return null;
  }
}

/** The life of a request as gateway/answer.ts has it, without what protects. */
async function answer(request: Incoming, supergraph: Supergraph, transport: Transport): Promise<HttpAnswer> {
  try {
    const asked = await receive(request);
    const permitted = authorize({ ...asked, decisions: allowEverything }, supergraph);
    const planned = plan(permitted, supergraph);
    return respond(asked, mask(await execute(planned, transport), supergraph));
  } catch (error) {
    return refuse(error, request);
  }
}
