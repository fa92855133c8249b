import { readdirSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { expect, vi } from "vitest";
import type { Hub } from "../../kit/hub.ts";

type Json = Record<string, any>;
interface Asked {
  readonly agreement?: string;
  readonly case?: string;
}

/** Exports of rows, asked for over HTTP. */
export function exportsOf(hub: Hub, folder: string) {
  const call = async (who: string, path: string, { agreement, case: number, ...init }: RequestInit & Asked = {}) => {
    const headers = {
      authorization: `Bearer ${await hub.tokenOf(who)}`,
      ...(agreement && { "hub-agreement": agreement }),
      ...(number && { "hub-case": number }),
    };
    const send = () => fetch(`${hub.gatewayUrl}/v1/exports${path}`, { ...init, headers });
    let answer = await send();
    // a hub whose database is slow for a moment says so, and a client comes back
    for (let more = 5; answer.status === 503 && more > 0; more -= 1) {
      await pause(500);
      answer = await send();
    }
    return answer;
  };
  const place = (who: string, order: Json | string, asked: Asked = {}) =>
    call(who, "", { method: "POST", body: typeof order === "string" ? order : JSON.stringify(order), ...asked });
  const ended = (who: string, id: string): Promise<Json> =>
    vi.waitFor(
      async () => {
        const job = (await (await call(who, `/${id}`)).json()) as Json;
        if (!["ready", "failed", "expired"].includes(job["state"])) throw new Error(`still ${job["state"]}`);
        return job;
      },
      { timeout: 25_000, interval: 100 },
    );
  return {
    call,
    place,
    ended,
    /** An order that is taken, as it ended. */
    async made(who: string, order: Json, asked: Asked = {}): Promise<Json> {
      const placed = await place(who, order, asked);
      const job = (await placed.json()) as Json;
      expect([placed.status, job["errors"]]).toEqual([202, undefined]);
      return ended(who, job["id"]);
    },
    /** Status and the codes of a refusal. */
    async refused(answer: Promise<Response>): Promise<[number, string[]]> {
      const response = await answer;
      const { errors = [] } = (await response.json()) as { errors?: { extensions: { code: string } }[] };
      return [response.status, errors.map(({ extensions }) => extensions.code)];
    },
    fileOf: (who: string, { id }: Json, asked: Asked = {}) => call(who, `/${id}/file`, asked),
    files: () => readdirSync(folder).sort(),
  };
}
