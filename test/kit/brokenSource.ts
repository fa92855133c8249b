import { createServer, type Socket } from "node:net";

/** The far side of a wire, broken in a chosen way. */
export interface BrokenSource {
  readonly url: string;
  /** How it behaves from the next connection or byte on. */
  behave(as: Behaviour): void;
  /** Connections that reached it. */
  readonly calls: number;
  close(): Promise<void>;
}

export type Behaviour = "hang" | "cut" | "error500" | "html" | "halfJson" | "huge" | { readonly proxyTo: string };

const ANSWERS: Readonly<Record<string, string>> = {
  error500: "HTTP/1.1 500 Internal Server Error\r\ncontent-length: 4\r\n\r\noops",
  html: "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 15\r\n\r\n<html>no</html>",
  halfJson: 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{"data":{',
};

/** A TCP stand-in for a subgraph: accepts, hangs, cuts, lies, or passes on to the real one. */
export async function brokenSource(first: Behaviour): Promise<BrokenSource> {
  let behaviour = first;
  let calls = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => {});
    socket.on("data", (data) => {
      calls += 1;
      if (typeof behaviour === "object") return passOn(socket, data, behaviour.proxyTo);
      if (behaviour === "cut") socket.destroy();
      if (behaviour === "huge") flood(socket);
      const text = ANSWERS[behaviour];
      if (text) socket.end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    behave: (as) => {
      behaviour = as;
    },
    get calls() {
      return calls;
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
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
