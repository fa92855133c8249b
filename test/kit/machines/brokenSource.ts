import { createServer, type Socket } from "node:net";

/** The far side of a wire, broken in a chosen way. */
export interface BrokenSource {
  readonly url: string;
  /** How it behaves from the next connection or byte on. */
  behave(as: Behaviour): void;
  /** Requests that reached it. */
  readonly calls: number;
  /** What it was sent, request by request: head and body. */
  readonly heard: readonly string[];
  /** Connections that stand are dead from now on, though nobody is told; new ones are not. */
  deafen(): void;
  /** Nothing listens at its address any more. */
  down(): Promise<void>;
  up(): Promise<void>;
  close(): Promise<void>;
}

export type Behaviour =
  | "hang"
  | "cut"
  | "error500"
  | "html"
  | "halfJson"
  | "huge"
  | "hangInBody"
  | "cutInBody"
  /** Answers with this body, after so long. */
  | { readonly says: string; readonly afterMs?: number }
  /** Passes on to the real one, after so long. */
  | { readonly proxyTo: string; readonly afterMs?: number };

const HALF = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 90\r\n\r\n{"data":{';
const ANSWERS: Readonly<Record<string, string>> = {
  error500: "HTTP/1.1 500 Internal Server Error\r\ncontent-length: 4\r\n\r\noops",
  html: "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 15\r\n\r\n<html>no</html>",
  halfJson: 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{"data":{',
  cutInBody: HALF,
};

/** A TCP stand-in for a subgraph: accepts, hangs, cuts, lies, or passes on to the real one. */
export async function brokenSource(first: Behaviour): Promise<BrokenSource> {
  let behaviour = first;
  const heard: string[] = [];
  const [sockets, deaf] = [new Set<Socket>(), new WeakSet<Socket>()];
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => {});
    socket.on("data", (data) => {
      if (deaf.has(socket)) return;
      heard.push(data.toString("latin1"));
      void act(socket, data, behaviour).catch(() => socket.destroy());
    });
  });
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  await listen(0);
  const { port } = server.address() as { port: number };
  const down = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    behave: (as) => {
      behaviour = as;
    },
    get calls() {
      return heard.length;
    },
    heard,
    deafen() {
      for (const socket of sockets) deaf.add(socket);
    },
    down,
    up: () => listen(port),
    close: down,
  };
}

async function act(socket: Socket, data: Buffer, as: Behaviour): Promise<void> {
  if (typeof as === "object") {
    if (as.afterMs) await new Promise((resolve) => setTimeout(resolve, as.afterMs));
    if ("proxyTo" in as) return passOn(socket, data, as.proxyTo);
    socket.write(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${as.says.length}\r\n\r\n${as.says}`);
  }
  if (as === "cut") socket.destroy();
  if (as === "huge") flood(socket);
  if (as === "hangInBody") socket.write(HALF);
  const text = typeof as === "string" ? ANSWERS[as] : undefined;
  if (text) socket.end(text);
}

function flood(socket: Socket): void {
  socket.write("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n");
  const chunk = `100000\r\n${"x".repeat(0x100000)}\r\n`;
  for (let megabyte = 0; megabyte < 12; megabyte++) socket.write(chunk);
}

async function passOn(socket: Socket, data: Buffer, target: string): Promise<void> {
  const [head = "", ...rest] = data.toString("latin1").split("\r\n\r\n");
  const headers = Object.fromEntries(
    head
      .split("\r\n")
      .slice(1)
      .map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()])
      .filter(([name]) => !["host", "connection", "content-length"].includes(name ?? "")),
  );
  const body = Buffer.from(rest.join("\r\n\r\n"), "latin1");
  const response = await fetch(target, { method: "POST", headers, body });
  const text = Buffer.from(await response.arrayBuffer());
  socket.write(`HTTP/1.1 ${response.status} X\r\ncontent-type: application/json\r\ncontent-length: ${text.length}\r\n\r\n`);
  socket.write(text);
}
