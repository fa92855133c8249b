// Stands in for the subgraphs so that a bench measures the gateways: the first time a body comes it is asked of the real subgraph,
// under the envelope it came with; from then on the same bytes are answered at once. Started by test/bench/gateway/gateway.ts.
import { createServer, type IncomingMessage } from "node:http";

const addresses: Record<string, { port: number; target: string }> = JSON.parse(process.env["HUB_BENCH_REPLAY"] ?? "{}");

for (const { port, target } of Object.values(addresses)) {
  const known = new Map<string, Promise<Buffer>>();
  const server = createServer(async (request, response) => {
    const body = await read(request);
    const answer = known.get(body) ?? ask(target, request, body);
    known.set(body, answer);
    const bytes = await answer;
    response.writeHead(200, { "content-type": "application/json", "content-length": bytes.length }).end(bytes);
  });
  server.listen(port, "127.0.0.1");
}
process.stdout.write("replay listens\n");

async function read(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request.setEncoding("utf8")) body += chunk;
  return body;
}

async function ask(target: string, { headers }: IncomingMessage, body: string): Promise<Buffer> {
  const envelope = String(headers["hub-envelope"]);
  const response = await fetch(target, {
    method: "POST",
    headers: { "content-type": "application/json", "hub-envelope": envelope },
    body,
  });
  if (response.status !== 200) throw new Error(`${target} answered ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}
