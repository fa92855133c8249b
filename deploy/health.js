// Asked by Docker and Kubernetes whether a process serves:  node deploy/health.js http://127.0.0.1:4000/ready   answers 2xx?
// and of a worker, which listens on nothing:                node deploy/health.js /run/secrets/database         does its database listen?
// The file holds a postgres:// address. Exit 0 yes, 1 no. Prints no address.
import { readFileSync } from "node:fs";
import { connect } from "node:net";

const TIMEOUT_MS = 4000;
const [target = ""] = process.argv.slice(2);
const isWell = target.startsWith("http:") ? answers(target) : listens(new URL(readFileSync(target, "utf8").trim()));
process.exitCode = (await isWell.catch(() => false)) ? 0 : 1;

async function answers(url) {
  return (await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) })).ok;
}

function listens({ hostname, port }) {
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port || 5432), timeout: TIMEOUT_MS });
    const end = (answer) => () => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", end(true)).once("error", end(false)).once("timeout", end(false));
  });
}
