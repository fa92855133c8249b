import type { Question } from "./client.ts";

const KINDS = ["SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "WITH", "CALL"] as const;

/** What kind of statement it is; of its text nothing else may be told. */
export type StatementKind = (typeof KINDS)[number] | "OTHER";

/** Told when a statement of a session begins; what it answers is called when it has ended, with SQLSTATE or name of the fault. MUST NOT throw. */
export type SessionObserver = (kind: StatementKind) => (fault?: string) => void;

type Ask = (question: Question) => Promise<unknown>;

/** The same way of asking, with somebody told of each statement. */
export const observed = (ask: Ask, observer: SessionObserver | undefined): Ask =>
  observer === undefined
    ? ask
    : async (question) => {
        const ended = observer(kindOf(question.text));
        try {
          const answer = await ask(question);
          ended();
          return answer;
        } catch (error) {
          ended(faultOf(error));
          throw error;
        }
      };

function kindOf(text: string): StatementKind {
  const [, word = ""] = /^[\s(]*([a-z]+)/i.exec(text) ?? [];
  return KINDS.find((kind) => kind === word.toUpperCase()) ?? "OTHER";
}

/** Codes are PostgreSQL's or the driver's own: five signs, or a name in capitals. */
function faultOf(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === "string" && /^[A-Z\d_]{5,40}$/.test(code) ? code : "failed";
}
