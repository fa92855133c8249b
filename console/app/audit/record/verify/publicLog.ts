import type { PublicLog } from "../../proof/verify.ts";

/** The log at its public address, which is this page's own: hashes and signatures, no entry. What is not there is null. */
export const publicLog: PublicLog = {
  checkpoint: async () => {
    const answer = await fetch("/checkpoint", { credentials: "omit" });
    return answer.ok && isOf(answer, "text/plain") ? answer.text() : null;
  },
  tile: async (path) => {
    const answer = await fetch(`/${path}`, { credentials: "omit" });
    return answer.ok && isOf(answer, "application/octet-stream") ? new Uint8Array(await answer.arrayBuffer()) : null;
  },
};

const isOf = ({ headers }: Response, type: string): boolean => headers.get("content-type")?.startsWith(type) ?? false;
