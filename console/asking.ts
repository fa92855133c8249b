import type { Incoming } from "../gateway/types/chain.ts";
import type { OwnHub, OwnRequest } from "../gateway/types/faces.ts";
import type { CitizenOptions, Question, Told } from "./citizen/types.ts";
import type { IssuerClient } from "./session/issuer.ts";
import type { Sessions } from "./session/session.ts";

interface AskingOptions {
  readonly hub: OwnHub;
  /** The portal, at the issuer. */
  readonly issuer: IssuerClient;
  readonly sessions: Sessions;
  /** Agreement that the portal asks under in nobody's name. */
  readonly agreement: string;
  /** Told of outages. */
  readonly onFault: (error: unknown) => void;
}

const UNAUTHENTICATED: Told = { data: null, errors: [{ message: "", extensions: { code: "UNAUTHENTICATED" } }] };
const UNAVAILABLE: Told = { data: null, errors: [{ message: "", extensions: { code: "OVERLOADED" } }] };

/** Asks the hub for a page of citizens as any client of it asks: with a token of the portal, or of whoever is signed in there. */
export function createAsking({
  hub,
  issuer,
  sessions,
  agreement,
  onFault,
}: AskingOptions): Pick<CitizenOptions, "ask" | "bring"> {
  const credentialOf = async (request: Incoming, as: Question["as"]): Promise<Record<string, string> | null> => {
    if (as === "portal") return { authorization: `Bearer ${await issuer.ownToken()}`, "hub-agreement": agreement };
    const held = await sessions.of(request);
    return held && { authorization: `Bearer ${held.session.accessToken}` };
  };
  const sent = async (request: Incoming, { as, ...asked }: Sent): Promise<Told> => {
    try {
      const credential = await credentialOf(request, as);
      if (credential === null) return UNAUTHENTICATED;
      const { address, requestId } = request;
      const headers = { ...asked.headers, ...credential, ...languageOf(request), "x-request-id": requestId };
      const answer = await hub({ ...asked, headers, address });
      const { data = null, errors = [] } = JSON.parse(answer.body.toString("utf8"));
      return { data, errors };
    } catch (error) {
      onFault(error);
      return UNAVAILABLE; // the issuer or the hub itself: to ask again later is all there is to say
    }
  };
  return {
    ask: (request, { query, variables, as }) =>
      sent(request, { as, method: "POST", url: "/graphql", headers: HEADERS, body: JSON.stringify({ query, variables }) }),
    bring: (request, { id, mediaType, bytes }) => {
      const headers = { "content-type": mediaType, "content-length": String(bytes.length) };
      return sent(request, { as: "person", method: "PUT", url: `/evidence/${id}`, headers, body: bytes });
    },
  };
}

type Sent = Omit<OwnRequest, "address"> & Pick<Question, "as">;

const HEADERS = { "content-type": "application/json", accept: "application/graphql-response+json" };

const languageOf = ({ headers }: Incoming): Record<string, string> => {
  const language = headers["accept-language"];
  return typeof language === "string" ? { "accept-language": language } : {};
};
