import { answer, asQuestion, type Hub } from "../../answer.ts";
import { refuse } from "../../receive/respond.ts";
import type { BorderRequest, BorderRoute } from "../../types/border.ts";
import type { HttpAnswer, Incoming, Known } from "../../types/chain.ts";
import type { BorderTools } from "../routes.ts";
import { REST } from "./described.ts";
import type { RestDocument } from "./document.ts";
import { askerOf, libraryOf, NOTHING } from "./library.ts";
import { isJson, questionOf } from "./question.ts";
import { createRows } from "./rows.ts";
import { asGraphql, problem, refused, replyOf, restAnswer } from "./told.ts";
import { variablesIn, variablesOf } from "./variables.ts";

/** A question by the name of its document, ready to be asked. */
export interface Ready {
  /** Asks the hub in the name of who asks. Never rejects. */
  readonly ask: (question: Incoming) => Promise<HttpAnswer>;
  readonly asker: Pick<Known, "caller">;
  readonly document: RestDocument;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly request: BorderRequest;
  readonly publicUrl: string;
}

/** `/rest/<name>`: trusted documents by their names. What is asked is the document itself, as its agreement registered it or as the hub ships it. */
export function rest({ current, config: { publicUrl } }: BorderTools): readonly BorderRoute[] {
  const rows = createRows();
  const whole = async (ready: Ready): Promise<HttpAnswer> => {
    const { ask, document, variables, request } = ready;
    const reply = replyOf(await ask(questionOf(request.asked, document, variables)), request.asked);
    return restAnswer(reply, { ...request, document, publicUrl });
  };
  const by =
    <A extends object>(work: (ready: Ready) => Promise<A>) =>
    (request: BorderRequest): Promise<A | HttpAnswer> =>
      current.by((hub: Hub) => async (_: Incoming): Promise<A | HttpAnswer> => {
        const ready = await readied(request, hub, publicUrl).catch((error: unknown) => failed(error, request, publicUrl));
        return "body" in ready ? ready : work(ready);
      })(request.asked);
  return (["GET", "POST"] as const).map((method) => ({
    method,
    path: "/rest/{name}",
    describes: REST[method],
    answer: by(whole),
    rows: by(rows),
  }));
}

/** Nobody's fault but ours, or that of what is registered being out of reach. */
const failed = (error: unknown, { asked }: BorderRequest, publicUrl: string): HttpAnswer =>
  problem(replyOf(refuse(error, asGraphql(asked)), asked), publicUrl);

async function readied(request: BorderRequest, hub: Hub, publicUrl: string): Promise<Ready | HttpAnswer> {
  const { asked, params, query } = request;
  const telling = { asked, publicUrl };
  const ask = (question: Incoming) => answer(question, hub);
  const asker = await askerOf(asked, hub);
  if (!asker) return problem(replyOf(await ask(asQuestion(asked, NOTHING)), asked), publicUrl);
  const library = await libraryOf(asker, hub);
  const document = library.get(params["name"] ?? "");
  if (document === undefined) return refused({ code: "NOT_FOUND" }, telling);
  if (document === null) return refused({ code: "CONFLICT", detail: SEVERAL }, telling);
  const isGet = asked.method === "GET";
  if (isGet && !document.byGet) return refused({ code: "METHOD_NOT_ALLOWED" }, telling); // says Allow: POST, as GET /graphql does
  if (!isGet && !isJson(asked)) return refused({ code: "UNSUPPORTED_MEDIA_TYPE" }, telling);
  if (!isGet && query.size > 0) return refused({ code: "BAD_REQUEST", detail: IN_THE_BODY }, telling);
  const given = isGet ? variablesIn(query, document) : variablesOf(asked.body, document);
  if (given.faults) return refused({ code: "BAD_USER_INPUT", detail: given.faults.join("; ") }, telling);
  return { ask, asker, document, variables: given.variables, request, publicUrl };
}

const SEVERAL = "several documents in use are named so; retire all but one";
const IN_THE_BODY = "by POST the body holds the parameters, and the address none";
