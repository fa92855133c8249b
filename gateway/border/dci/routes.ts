import type { BorderRequest, BorderRoute } from "../../types/border.ts";
import type { HttpAnswer } from "../../types/chain.ts";
import type { BorderTools } from "../routes.ts";
import { seenBy } from "./envelope/seen.ts";
import { messageSigner } from "./envelope/signature.ts";
import { facadeOf } from "./facade.ts";
import { laterRoutes, sweepLater } from "./later/later.ts";
import { describes, KEYS_OPERATION, SCHEMAS } from "./openapi.ts";
import { syncSearch } from "./search/sync.ts";
import { IS_DISABLED, IS_ENROLLED, syncYesNo } from "./search/yesNo.ts";
import { type Asking, addressOf, type RegistryName } from "./types.ts";

/**
 * The Digital Convergence Initiative's API 1.0.0 (SPDCI): social registry and integrated beneficiary registry. Every answer is that of a question of
 * whoever asks. Without a key of its own the hub does not speak it.
 */
export function dciRoutes(tools: BorderTools): readonly BorderRoute[] {
  const { current, config, atEnd } = tools;
  const { dci, databaseUrl } = config;
  if (dci === null) {
    sweepLater(tools);
    return [];
  }
  const seen = seenBy(databaseUrl);
  atEnd(() => seen.close());
  const signer = messageSigner(dci.key, dci.id);
  const facade = facadeOf({ dci, seen, signer });
  const by = (registry: RegistryName, work: (asking: Asking) => Promise<HttpAnswer>): BorderRoute["answer"] => {
    const door = current.by((hub) => (request) => work({ registry, request, hub }));
    return ({ asked }: BorderRequest) => door(asked);
  };
  const search = (registry: RegistryName, operationId: string, summary: string): BorderRoute => ({
    method: "POST",
    path: addressOf(registry, "/registry/sync/search"),
    describes: describes(operationId, summary, "DciSearchRequest"),
    schemas: SCHEMAS,
    answer: by(registry, (asking) => syncSearch(asking, facade)),
  });
  return [
    ...laterRoutes(facade, dci.key, tools),
    search("sr", "dciSocialSearch", "Pencarian registri sosial / search the social registry"),
    search("ibr", "dciBeneficiarySearch", "Pencarian registri penerima / search the beneficiary registry"),
    {
      method: "POST",
      path: addressOf("ibr", "/registry/sync/enrolled"),
      describes: describes("dciEnrolled", "Apakah terdaftar sebagai penerima / is somebody enrolled", "DciEnrolledRequest"),
      schemas: SCHEMAS,
      answer: by("ibr", (asking) => syncYesNo(asking, facade, IS_ENROLLED)),
    },
    {
      method: "POST",
      path: addressOf("sr", "/registry/sync/disabled"),
      describes: describes("dciDisabled", "Apakah penyandang disabilitas / is somebody disabled", "DciDisabledRequest"),
      schemas: SCHEMAS,
      answer: by("sr", (asking) => syncYesNo(asking, facade, IS_DISABLED)),
    },
    {
      method: "GET",
      path: "/registry/.well-known/jwks.json",
      describes: KEYS_OPERATION,
      schemas: SCHEMAS,
      answer: async ({ asked }) => facade.told(JSON.stringify({ keys: [signer.jwk] }), asked),
    },
  ];
}
