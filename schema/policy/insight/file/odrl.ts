import type { Content } from "../../content.ts";
import type { TableVerdict } from "../../decisionTable.ts";
import type { Grant } from "../../policy.ts";
import type { Use } from "../../words.ts";
import { rulePath } from "../explain/rulePath.ts";
import { type Rules, rulesOf } from "../explain/rules.ts";
import { controllersOf, type InsightGround, tableOf } from "../ground.ts";
import { CONTEXT, constraintsOf, IRI, type OdrlRule, ofCoordinate, party } from "./odrlWords.ts";

const ACTIONS: Readonly<Record<Use, string>> = {
  ...{ OUTPUT: "odrl:read", LOOKUP: "hub:lookup", VERIFY: "hub:verify", FILTER: "hub:filter" },
  ...{ SORT: "hub:sort", GROUP: "hub:group", AGGREGATE: "odrl:aggregate" },
};

/** An ODRL 2.2 agreement in JSON-LD, its context inline, with the purpose as a term of DPV where governance knows one. */
export function odrlOf(content: Content, ground: InsightGround, { dpvIri }: { readonly dpvIri: string | null }): object {
  const rules = rulesOf(content, ground, tableOf(content, ground));
  const shared = { assignee: party(content.consumer), constraint: constraintsOf(content, dpvIri) };
  const permission = permissions(rules).map((one) => ({ ...one, ...shared, assigner: assigners(one, ground) }));
  const prohibition = prohibitions(rules).map((one) => ({ ...one, assignee: shared.assignee, assigner: assigners(one, ground) }));
  return {
    "@context": CONTEXT,
    "@type": "odrl:Agreement",
    uid: `${IRI}agreements/${encodeURIComponent(content.agreement)}/versions/${content.version}`,
    profile: `${IRI}odrl-profile/v1`,
    ...{ permission, prohibition },
    obligation: [{ action: "hub:reportEverySemester", assignee: shared.assignee, assigner: party("HUB") }],
  };
}

/** One a grant and treatment: what is open by it, with the duty that goes with it. */
function permissions(rules: Rules): OdrlRule[] {
  const groups = new Map<string, OdrlRule & { readonly target: string[] }>();
  for (const { coordinate, kind } of rules.catalogue.entries.values()) {
    const verdict = rules.table.verdict(coordinate);
    const { grant } = rulePath(coordinate, rules);
    if (verdict.effect === "deny" || grant === null) continue;
    const number = rules.content.grants.indexOf(grant) + 1;
    const group = groups.get(`${number} ${kind} ${JSON.stringify(verdict)}`) ?? {
      uid: `#grant-${number}`,
      target: [],
      ...actOf(grant, verdict),
    };
    groups.set(`${number} ${kind} ${JSON.stringify(verdict)}`, { ...group, target: [...group.target, ofCoordinate(coordinate)] });
  }
  return [...groups.values()];
}

function actOf(grant: Grant, verdict: Exclude<TableVerdict, { effect: "deny" }>): Omit<OdrlRule, "uid" | "target"> {
  const how =
    verdict.effect === "transform" ? [verdict.kind === "pseudonym" ? "hub:pseudonymise" : `hub:mask-${verdict.kind}`] : [];
  const rows = (verdict.rows ?? []).map(
    ({ kind, flag }) => `hub:${kind === "null" ? "withhold" : kind}${flag ? `-of-${flag.toLowerCase()}` : "-elsewhere"}`,
  );
  const duty = [...new Set([...how, ...rows])].map((action) => ({ action }));
  const values = verdict.effect === "allow" && verdict.values ? { "hub:onlyValues": verdict.values } : {};
  return { action: ACTIONS[grant.use], "dct:source": grant.clause, ...(duty.length > 0 && { duty }), ...values };
}

const prohibitions = ({ content }: Rules): OdrlRule[] =>
  content.grants.flatMap(({ effect, kind, selector, use, clause }, at) =>
    effect !== "deny"
      ? []
      : [
          {
            uid: `#grant-${at + 1}`,
            target: [kind === "coordinate" ? ofCoordinate(selector) : `${IRI}schema/classes#${selector}`],
            action: ACTIONS[use],
            "dct:source": clause,
          },
        ],
  );

const assigners = ({ target }: OdrlRule, ground: InsightGround): string[] => [
  ...new Set(target.flatMap((iri) => controllersOf(ground, decodeURIComponent(iri.slice(iri.indexOf("#") + 1)))).map(party)),
];
