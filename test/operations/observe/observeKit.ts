import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll } from "vitest";

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: number; readonly boolValue?: boolean };
}

/** A span as a collector gets it. */
export interface Spanned {
  readonly service: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly attributes: Readonly<Record<string, unknown>>;
}

interface Batch {
  readonly resourceSpans?: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly {
      readonly spans: readonly (Omit<Spanned, "service" | "attributes"> & { readonly attributes: readonly Attribute[] })[];
    }[];
  }[];
}

const read = (attributes: readonly Attribute[]) =>
  Object.fromEntries(
    attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue ?? value.boolValue ?? JSON.stringify(value)]),
  );

/** A collector of traces (OTLP over HTTP, JSON) on a port of its own, for the tests of a file. */
export function useCollector() {
  const texts: string[] = [];
  const spans: Spanned[] = [];
  const state = { status: 200 };
  const server: Server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (piece: string) => {
      body += piece;
    });
    request.on("end", () => {
      texts.push(body);
      if (request.url === "/v1/traces") spans.push(...spansOf(JSON.parse(body) as Batch));
      response.writeHead(state.status, { "content-type": "application/json" }).end("{}");
    });
  });
  const listening = new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  beforeAll(() => listening);
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    texts,
    spans,
    state,
    get url() {
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    },
  };
}

const spansOf = ({ resourceSpans = [] }: Batch): Spanned[] =>
  resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = String(read(resource.attributes)["service.name"]);
    return scopeSpans.flatMap((scope) => scope.spans.map((span) => ({ ...span, service, attributes: read(span.attributes) })));
  });

/** Values of one metric, by its labels as text; each name's type under the bare name. */
export function samplesOf(text: string): Map<string, number> {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ") + 1))]));
}

/** Names that a reading tells of, those without a present value included. */
export const namesIn = (text: string): Set<string> =>
  new Set(text.split("\n").flatMap((line) => /^# TYPE (\S+)/.exec(line)?.[1] ?? []));
