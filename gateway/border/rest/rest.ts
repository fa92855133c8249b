import { Refusal } from "../../../schema/errors.ts";
import { answer, asQuestion, type Hub } from "../../answer.ts";
import type { Turn } from "../../authenticate/rates.ts";
import { refuse } from "../../receive/respond.ts";
import { asGraphql, told } from "../../receive/routes/told.ts";
import type { BorderRequest, BorderRoute } from "../../types/border.ts";
import type { HttpAnswer, Incoming, Known } from "../../types/chain.ts";
import type { BorderTools } from "../routes.ts";
import { REST } from "./described.ts";
import type { RestDocument } from "./document.ts";
import { askerOf, libraryOf, NOTHING } from "./library.ts";
import { isJson, questionOf } from "./question.ts";
import { createRows } from "./rows.ts";
import { problem, restAnswer } from "./told.ts";
import { variablesIn, variablesOf } from "./variables.ts";

/** A question by the name of its document, ready to be asked. */
export interface Ready {
  /** Asks the hub in the name of who asks. Never rejects. */
  readonly ask: (question: Incoming) => Promise<HttpAnswer>;
  readonly asker: Pick<Known, "caller" | "documents">;
  readonly document: RestDocument;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly request: BorderRequest;
  readonly publicUrl: string;
  /** A refusal that is none of a question's, on record. Never rejects. */
  readonly refused: (error: unknown) => Promise<HttpAnswer>;
}

/** `/rest/<name>`: trusted documents by their names. What is asked is the document itself, as its agreement registered it or as the hub ships it. */
export function rest({ current, config: { publicUrl } }: BorderTools): readonly BorderRoute[] {
  const rows = createRows();
  const whole = async (ready: Ready): Promise<HttpAnswer> => {
    const { ask, document, variables, request, asker } = ready;
    const { asked } = request;
    const reply = told(await ask(questionOf({ asked, asker, document }, variables)), asked);
    return restAnswer(reply, { ...request, document, publicUrl });
  };
  const by =
    <A extends object, Rest extends readonly unknown[]>(work: (ready: Ready, ...rest: Rest) => Promise<A>) =>
    (request: BorderRequest, ...rest: Rest): Promise<A | HttpAnswer> =>
      current.by((hub: Hub) => async (_: Incoming): Promise<A | HttpAnswer> => {
        const turn = hub.rates.open();
        try {
          const ready = await readied({ request, publicUrl, turn }, hub);
          return "body" in ready ? ready : await work(ready, ...rest);
        } catch (error) {
          return failed(error, request, publicUrl);
        } finally {
          turn.end();
        }
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
  problem(told(refuse(error, asGraphql(asked)), asked), publicUrl);

interface Readying extends Pick<Ready, "request" | "publicUrl"> {
  readonly turn: Turn;
}

/** Who asks takes the turn of their question before anything of theirs is read; what asks wrongly is on record, too. */
async function readied({ request, publicUrl, turn }: Readying, hub: Hub): Promise<Ready | HttpAnswer> {
  const { asked } = request;
  const asker = await askerOf(asked, hub);
  if (!asker) return problem(told(await answer(asQuestion(asked, NOTHING), hub), asked), publicUrl);
  const entry = hub.record.open();
  entry.saw(asker);
  const refused = async (error: unknown) => failed(await entry.fail(error), request, publicUrl);
  try {
    await turn.of(asker);
    const document = documentIn(await libraryOf(asker, hub), request);
    const variables = givenIn(request, document);
    return { ask: pacedOnce(hub), asker, document, variables, request, publicUrl, refused };
  } catch (error) {
    return refused(error);
  }
}

/** Asks, the first time in the turn that was taken already. */
function pacedOnce(hub: Hub): Ready["ask"] {
  let hasTurn = true;
  return (question) => {
    const paced = hasTurn && { isPaced: true as const };
    hasTurn = false;
    return answer({ ...question, ...paced }, hub);
  };
}

function documentIn(library: Awaited<ReturnType<typeof libraryOf>>, { asked, params, query }: BorderRequest): RestDocument {
  const document = library.get(params["name"] ?? "");
  if (document === undefined) throw new Refusal({ code: "NOT_FOUND" });
  if (document === null) throw new Refusal({ code: "CONFLICT", detail: SEVERAL });
  const isGet = asked.method === "GET";
  if (isGet && !document.byGet) throw new Refusal({ code: "METHOD_NOT_ALLOWED" }); // says Allow: POST, as GET /graphql does
  if (!isGet && !isJson(asked)) throw new Refusal({ code: "UNSUPPORTED_MEDIA_TYPE" });
  if (!isGet && query.size > 0) throw new Refusal({ code: "BAD_REQUEST", detail: IN_THE_BODY });
  return document;
}

function givenIn({ asked, query }: BorderRequest, document: RestDocument): Ready["variables"] {
  const given = asked.method === "GET" ? variablesIn(query, document) : variablesOf(asked.body, document);
  if (given.faults) throw new Refusal({ code: "BAD_USER_INPUT", detail: given.faults.join("; ") });
  return given.variables;
}

const SEVERAL = "several documents in use are named so; retire all but one";
const IN_THE_BODY = "by POST the body holds the parameters, and the address none";
