import { expect, test } from "vitest";
import type { Hub } from "../../../gateway/answer.ts";
import { inNameOf, OPEN_DATA } from "../../../gateway/border/export/inName.ts";
import type { Incoming } from "../../../gateway/types/chain.ts";

const headers = {
  ...{ authorization: "Bearer x", "hub-try-as": "kemensos", "hub-agreement": "PKS-2025-001", "hub-case": "PERKARA/1" },
  ...{ "content-encoding": "gzip", "content-type": "text/plain", "accept-language": "en", "x-anything": "1" },
};
const asked = { headers } as unknown as Incoming;
const hub = {} as Hub;

test("of who asks for open data only the language is heard: no header of theirs refuses it to everybody or stands on record", () => {
  const { request } = inNameOf(asked, OPEN_DATA, hub);
  expect(request.headers).toEqual({ "accept-language": "en", "hub-agreement": OPEN_DATA.agreement });
});

test("who showed a key may say the case they ask for, too", async () => {
  const named = inNameOf(asked, { client: "bappenas", agreement: "PKS-2025-005", admit: async () => undefined }, hub);
  expect(named.request.headers).toEqual({ "accept-language": "en", "hub-case": "PERKARA/1", "hub-agreement": "PKS-2025-005" });
});
