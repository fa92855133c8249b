import { randomUUID } from "node:crypto";
import { type Code, Refusal } from "../../../schema/errors.ts";
import { parseNik } from "../../../schema/nik.ts";
import { refuse } from "../../receive/respond.ts";
import { type ErrorEntry, type Told, told, withReceipt } from "../../receive/routes/told.ts";
import type { BorderRoute } from "../../types/border.ts";
import type { HttpAnswer, Incoming } from "../../types/chain.ts";
import type { BorderTools } from "../routes.ts";
import { framed, NO_NIK, responseRow, rowOf, type Verification } from "./answer.ts";
import { OPERATION, SCHEMAS } from "./described.ts";
import { type ClaimRead, ParameterFault, readClaim } from "./request.ts";

const PATH = "/dukcapil/get_json/{institution}/CALL_VERIFY_BY_ELEMEN";
const NOTHING = { operation: "CallVerifyByElemen", document: "query CallVerifyByElemen { __typename }", variables: {} };
/** Fields that an agreement may leave out and the question still means the same. */
const OPTIONAL = ["IdentityVerification.isRegistered", "ElementVerification.similarity"];

const questionWithout = (denied: readonly string[]): string => {
  const [existence, similarity] = OPTIONAL.map((one) => (denied.includes(one) ? "" : one.replace(/^.*\./, "")));
  return `query CallVerifyByElemen($input: VerifyIdentityInput!) {
    verifyIdentity(input: $input) { status ${existence} elements { element result ${similarity} } } }`;
};

/**
 * `CALL_VERIFY_BY_ELEMEN` as partners of Dukcapil's web service speak it, over `verifyIdentity`: the same verdicts, attempts, quota and record. Who
 * asks shows a token; an account in the body is never read.
 */
export function dukcapil({ ask }: BorderTools): readonly BorderRoute[] {
  const verify = async (asked: Incoming, { claim }: ClaimRead): Promise<Told> => {
    const without = async (denied: readonly string[]) => {
      const errand = { operation: "CallVerifyByElemen", document: questionWithout(denied), variables: { input: claim } };
      return told(await ask({ ...asked, receiptId: randomUUID() }, errand), asked);
    };
    const whole = await without([]);
    const denied = deniedOptions(whole);
    return denied.length > 0 ? without(denied) : whole; // refused whole, so nothing was looked up or counted
  };
  const answer = async (request: Incoming): Promise<HttpAnswer> => {
    const asked = { ...request, headers: { ...request.headers, "accept-language": "id" } }; // the words of this service are Indonesian
    try {
      const read = readClaim(asked.body);
      return answered(await verify(asked, read), read);
    } catch (error) {
      if (!(error instanceof ParameterFault)) return refuse(error, asked);
      const who = told(await ask(asked, NOTHING), asked); // the service is told to those who may ask, as often as they may
      if (who.http.status !== 200) return refusedAs(who);
      const http = refuse(new Refusal({ code: "BAD_REQUEST" }), asked);
      return inJson({ http, receipt: who.receipt }, responseRow("BAD_REQUEST", error.message));
    }
  };
  return [{ method: "POST", path: PATH, describes: OPERATION, schemas: SCHEMAS, answer: ({ asked }) => answer(asked) }];
}

/** Agreements that refuse a question of which any part is denied get the one without what may be left out; empty: that would change nothing. */
function deniedOptions(answer: Told): readonly string[] {
  const denied = answer.errors.map(({ extensions }) => extensions.coordinate).filter((one) => one !== undefined);
  return answer.http.status === 403 && denied.every((one) => OPTIONAL.includes(one)) ? denied : [];
}

function answered(answer: Told, read: ClaimRead): HttpAnswer {
  const { http, data } = answer;
  const verification = data?.["verifyIdentity"] as Verification | null | undefined;
  const row = verification && rowOf(verification, read);
  const untested = read.untested.length > 0 && { "hub-not-tested": read.untested.join(", ") };
  if (row) return inJson({ ...answer, http: { ...http, headers: { ...http.headers, ...untested } } }, row);
  const isUnread = faultOf(answer).extensions.code === "BAD_USER_INPUT";
  return isUnread && isNoNik(read.claim.nik) ? inJson({ ...answer, http: { ...http, status: 200 } }, NO_NIK) : refusedAs(answer);
}

function refusedAs(answer: Told): HttpAnswer {
  const { http } = answer;
  const fault = faultOf(answer);
  const { code } = fault.extensions;
  const status = http.status === 200 ? new Refusal({ code }).status : http.status;
  return inJson({ ...answer, http: { ...http, status } }, responseRow(code, WORDS[code] ?? fault.message));
}

const faultOf = ({ errors }: Told): ErrorEntry =>
  errors.find(({ extensions }) => !OPTIONAL.includes(extensions.coordinate ?? "")) ?? FORBIDDEN;
const FORBIDDEN: ErrorEntry = { message: "Tidak Diizinkan", extensions: { code: "FORBIDDEN" } };

/** Words of this service for what the hub refuses; for all else the hub's own. */
const WORDS: Partial<Record<Code, string>> = {
  UNAUTHENTICATED: "Login Gagal",
  AGREEMENT_SUSPENDED: "Instansi Tidak Aktif",
  AGREEMENT_EXPIRED: "Instansi Tidak Aktif",
  BAD_USER_INPUT: "Parameter Tidak Valid",
};

const isNoNik = (nik: string): boolean =>
  "fault" in parseNik(nik, { referenceDate: new Date().toISOString().slice(0, 10), allowSynthetic: true });

/** Each answer names its entry of the record, refusals too. */
const inJson = ({ http, receipt }: Pick<Told, "http" | "receipt">, row: Readonly<Record<string, string>>): HttpAnswer => ({
  ...http,
  headers: { ...withReceipt(http, receipt), "content-type": "application/json; charset=utf-8" },
  body: JSON.stringify(framed(row)),
});
