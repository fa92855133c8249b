import { expect } from "vitest";
import type { Hub } from "../../kit/hub.ts";
import type { SliceUnderTest } from "../../kit/slice.ts";
import { actsOf, asSteward, outcomeOf } from "../../subgraphs/governance/lifecycle/kit.ts";

type Json = Record<string, unknown>;

export interface Which {
  readonly agreement: string;
  readonly version: number;
}

/** Stewards ask the gateway, with tokens of their own: it, not the test, says to governance who they are. Its messages end with the detail. */
const gatewayOf = (hub: Hub) =>
  ({
    async ask(query: string, { variables = {}, caller }: { variables?: Json; caller: { client: string } }) {
      const answered = await hub.as(caller.client).ask(query, variables);
      const errors = answered.errors.map(({ message, extensions }) => ({ extensions: { ...extensions, detail: message } }));
      return { ...answered, errors };
    },
  }) as unknown as SliceUnderTest;

export function stewardsOf(hub: Hub) {
  const by = (id: string) => actsOf(gatewayOf(hub), id);
  const asked = async (id: string, query: string, variables: Json = {}): Promise<any> =>
    outcomeOf(await asSteward(gatewayOf(hub), id)(query, variables));
  return {
    by,
    /** What a steward is answered on the one field of a question, or the code and detail of the refusal. */
    asked,
    /** What a version grants, as a form sends it back to draft from it. */
    async grantsOf(which: Which): Promise<Json[]> {
      const fields = "selector topic use effect mask thresholds { argument values } clause widenReason home elsewhere";
      const version = await asked(
        "auditor.bpk",
        `query ($agreement: ID!, $version: Int!) { agreementVersion(agreement: $agreement, version: $version) { grants { ${fields} } } }`,
        { ...which },
      );
      return version.grants;
    },
    /** Drafted, submitted, approved by the stewards named (the last as data protection officer), and put in force. */
    async brought(which: Which, draft: Json, [author, ...approvers]: readonly [string, ...string[]]): Promise<void> {
      expect(await by(author).draft({ agreement: which.agreement, ...draft })).toMatchObject({ number: which.version });
      expect(await by(author).submit({ ...which })).toMatchObject({ state: "IN_REVIEW" });
      for (const id of approvers) await by(id).sign({ ...which }, id.startsWith("dpo.") ? "DPO" : "OWNER");
      expect(await by(author).activate({ ...which }, true)).toMatchObject({ state: "ACTIVE" });
    },
  };
}

/** An instant so many days from now. */
export const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();
