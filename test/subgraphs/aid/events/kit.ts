import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { rawClient } from "../../../../drizzle/client.ts";
import { asServer, type useDatabases } from "../../../kit/database.ts";

type Urls = ReturnType<typeof useDatabases>["urls"];

/** Changes programs' tables as no owner does, so that it is told. */
export const inPrograms = <T>(urls: Urls, work: (sql: ReturnType<typeof rawClient>) => Promise<T>): Promise<T> =>
  asServer(urls.programs.owner, work);

export interface Told {
  readonly program?: string;
  readonly region?: string;
  readonly person?: string;
  /** Of the only one told; made up otherwise. */
  readonly enrolment?: string;
}

/** Writes events as the triggers do, already committed and without a place; answers their enrolments. */
export async function tell(urls: Urls, count: number, told: Told = {}): Promise<string[]> {
  const { program = "PBI_JK", region = "3510161001", person = randomUUID(), enrolment } = told;
  const ids = Array.from({ length: count }, () => enrolment ?? randomUUID());
  await inPrograms(urls, async (sql) => {
    await sql`insert into programs.aid_event (kind, program, region, enrolment_id, person_id, code, at)
      select 'ENROLMENT_CHANGED', ${program}, ${region}, e::uuid, ${person}::uuid, 'ACTIVE', clock_timestamp()
      from unnest(${ids}::text[]) e`;
  });
  return ids;
}

/** One message of a stream of events. */
export interface Heard {
  readonly id: string;
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Follows a stream of events with a reader of its own: comments and ids without data are no messages. */
export async function follow(url: URL, headers: Readonly<Record<string, string>>) {
  const leaving = new AbortController();
  const answer = await fetch(url, { headers, signal: leaving.signal });
  const heard = { text: "" };
  const ended = read(answer, heard).catch(() => {}); // who leaves cuts it
  const until = async <T>(found: () => T | null | undefined | false): Promise<T> => {
    for (const deadline = Date.now() + 15_000; Date.now() < deadline; await pause(20)) {
      if (answer.status !== 200) break;
      const value = found();
      if (value) return value;
    }
    throw new Error(`not heard; what was: ${answer.status} ${heard.text}`);
  };
  return {
    status: answer.status,
    ended,
    get text() {
      return heard.text;
    },
    /** The first batch is there: what happens from now on is told. */
    opened: () => until(() => /^id: \d+$/m.test(heard.text)),
    beat: () => until(() => heard.text.includes("\n: \n")),
    events: (count: number) =>
      until(() => {
        const messages = messagesIn(heard.text);
        return messages.length >= count && messages;
      }),
    leave: () => leaving.abort(),
  };
}

async function read(answer: Response, heard: { text: string }): Promise<void> {
  const decoder = new TextDecoder();
  for await (const piece of answer.body ?? []) heard.text += decoder.decode(piece, { stream: true });
}

function messagesIn(text: string): Heard[] {
  const blocks = text.split("\n\n").slice(0, -1);
  return blocks.flatMap((block) => {
    const fields = new Map(
      block.split("\n").map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]),
    );
    const data = fields.get("data");
    return data === undefined
      ? []
      : [{ id: fields.get("id") ?? "", event: fields.get("event") ?? "message", data: JSON.parse(data) }];
  });
}
