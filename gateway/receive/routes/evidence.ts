import type { FastifyInstance, FastifyRequest } from "fastify";
import { Refusal } from "../../../schema/errors.ts";
import type { Delivering, HttpAnswer, Incoming, Sending, StreamedAnswer } from "../../types/chain.ts";
import { refuse } from "../respond.ts";
import { askerOf, handlerOf, hangUpSoon, inTurn, type JobOptions, NO_HEAD, SLOWLY, within } from "./jobs.ts";

/** What the gateway does with bytes of evidence; none of it rejects. */
export interface EvidenceDoor {
  upload(request: Incoming, sending: Sending): Promise<HttpAnswer>;
  deliver(request: Incoming, delivering: Delivering): Promise<HttpAnswer | StreamedAnswer>;
}

interface EvidenceOptions extends Pick<JobOptions, "incoming" | "upload"> {
  readonly evidence: EvidenceDoor;
}

const MOST_BYTES = 20 * 1024 * 1024;

const BRING = {
  operation: "BringEvidence",
  document: "mutation BringEvidence($input: BringEvidenceInput!) { bringEvidence(input: $input) { id bytes } }",
  stream: "evidenceUpload",
  field: "bringEvidence",
};
const FETCH = {
  operation: "Evidence",
  document: "query Evidence($id: ID!) { evidence(id: $id) { path } }",
  stream: "evidenceBytes",
  type: "Evidence",
  needs: "Evidence.path",
};

/** Bytes of evidence over HTTP: in with `PUT /evidence/<id>`, out with `GET`. What they must be was announced over GraphQL. */
export function addEvidence(app: FastifyInstance, { evidence, upload, incoming }: EvidenceOptions): void {
  const [filed, fetched] = [handlerOf({ incoming }), handlerOf({ incoming })];
  const files = new Map<string, number>();
  const idOf = ({ params }: FastifyRequest): string => String((params as { id?: unknown }).id);
  const limits = { ...upload, maxBytes: Math.min(upload.maxBytes, MOST_BYTES) };
  app.register((door, _, done) => {
    door.removeAllContentTypeParsers();
    door.addContentTypeParser("*", (_request, _body, read) => read(null)); // bytes are read as they are wanted
    door.put(
      "/evidence/:id",
      { config: SLOWLY },
      filed(async (asked, request) => {
        if (Number(request.headers["content-length"] ?? 0) > limits.maxBytes)
          return refuse(new Refusal({ code: "PAYLOAD_TOO_LARGE" }), asked);
        const id = idOf(request);
        const file = inTurn(within(request.raw, limits), askerOf(asked), files);
        const errand = { ...BRING, variables: { input: { id, content: "" } }, head: { evidence: id }, file };
        const answer = await evidence.upload(asked, errand);
        if (!request.raw.complete) hangUpSoon(request.raw);
        return answer;
      }),
    );
    door.get(
      "/evidence/:id",
      NO_HEAD,
      fetched((asked, request) => {
        const id = idOf(request);
        return evidence.deliver(asked, { ...FETCH, variables: { id }, head: { evidence: id } });
      }),
    );
    done();
  });
}
