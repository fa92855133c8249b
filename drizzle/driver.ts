import { Socket } from "node:net";

interface Place {
  readonly host: readonly string[];
  readonly port: readonly number[];
  readonly path?: string | false | null;
}

/**
 * The sockets of one client of postgres.js (3.4.9), which does not end with all of them: one whose server says nothing any more it only half closes, and where it was about
 * to connect anew when it ended it still does, for nobody. Each alone keeps a process that has done its work.
 */
export function ownSockets() {
  const open = new Set<Socket>();
  let isEnded = false;
  let made = 0;
  return {
    /** For the option `socket`. */
    make({ host, port, path }: Place): Socket {
      for (const one of open) if (one.destroyed) open.delete(one);
      const at = made % host.length;
      made += 1;
      const socket = new Socket();
      open.add(socket);
      const where = { host: host[at] ?? "", port: port[at] ?? 0 };
      // a turn later: who asked for it listens by then, also for what fails at once
      setImmediate(() => {
        if (isEnded) socket.destroy(Object.assign(new Error("the client has ended"), { code: "CONNECTION_ENDED" }));
        else socket.connect(path ? { path } : where);
      });
      return Object.assign(socket, where); // its name is the server's: for TLS, and in what is told of it
    },
    /** MUST be called when the client has ended; nothing of it is left. */
    end(): void {
      isEnded = true;
      for (const one of open) one.destroy();
    },
  };
}

/** What postgres.js (3.4.9) asks a new connection of its own accord, before the first question. */
const OWN_QUESTION = /\bfrom pg_catalog\.pg_type a\s+left join pg_catalog\.pg_type b\b/;

/**
 * Whether a rejection is of the question that postgres.js asks each new connection, which array types there are: it keeps no hold of that promise, and a connection that
 * is lost just then would end the process. Whoever asked something of the connection is told that it is lost, so nothing is passed over.
 */
export function isOwnQuestion(error: unknown): boolean {
  const { query } = (error ?? {}) as { readonly query?: unknown };
  return typeof query === "string" && OWN_QUESTION.test(query);
}
