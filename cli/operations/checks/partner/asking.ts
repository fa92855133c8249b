import { issuerOf, tokenEndpointOf, tokenOf } from "../../../remote/credentials.ts";
import { messageOf } from "../finding.ts";
import { type FirstAnswer, headersOf, type Partner, type PartnerCheck, TIMEOUT_MS } from "./partner.ts";

export const issuer: PartnerCheck = async ({ asked }, said) => {
  if (asked["token-file"] !== undefined) return said.skipped("issuer", "a token is given");
  const todo = "name yours with --issuer URL or HUB_OIDC_ISSUER, and see that this host reaches it";
  try {
    const url = issuerOf(asked);
    if ((await tokenEndpointOf(url)) === null)
      return said.bad("issuer", `no issuer of tokens answers at ${new URL(url).host}`, todo);
    said.good("issuer", url);
  } catch (error) {
    said.bad("issuer", messageOf(error), todo);
  }
};

export const token: PartnerCheck = async (partner, said) => {
  try {
    partner.token = await tokenOf(partner.asked);
    said.good("token", "one was given");
  } catch (error) {
    said.bad("token", messageOf(error), "see the client's id and secret; ask the issuer's operator whether the client is there");
  }
};

const FIRST = "query HubDoctor { me { client agreement { number validTo } } }";

export const question: PartnerCheck = async (partner, said) => {
  if (partner.token === undefined) return said.skipped("agreement", "there is no token to ask with");
  const answer = await askFirst(partner);
  partner.answer = answer;
  const { agreement, validTo, errors, status } = answer;
  if (agreement === null)
    return said.bad(
      "agreement",
      errors.join("; ") || `the hub answers ${status}`,
      "name one with --agreement N; a stopped or ended one is a matter of your steward's (docs/faces/access.md)",
    );
  said.good("agreement", `${agreement}, until ${validTo ?? "further notice"}`);
};

interface Body {
  readonly data?: {
    readonly me?: { readonly agreement?: { readonly number: string; readonly validTo: string | null } | null } | null;
  } | null;
  readonly errors?: readonly { readonly message: string }[];
  readonly extensions?: { readonly governance?: { readonly receipt?: FirstAnswer["receipt"] } };
}

async function askFirst(partner: Partner): Promise<FirstAnswer> {
  const response = await fetch(`${partner.url}/graphql`, {
    method: "POST",
    redirect: "error",
    signal: AbortSignal.timeout(TIMEOUT_MS),
    headers: headersOf(partner),
    body: JSON.stringify({ query: FIRST }),
  });
  const { data, errors = [], extensions } = ((await response.json().catch(() => null)) ?? {}) as Body;
  return {
    headers: response.headers,
    status: response.status,
    agreement: data?.me?.agreement?.number ?? null,
    validTo: data?.me?.agreement?.validTo ?? null,
    errors: errors.map(({ message }) => message),
    receipt: extensions?.governance?.receipt ?? null,
  };
}

export const limits: PartnerCheck = async ({ answer }, said) => {
  if (!answer) return said.skipped("limits", "nothing was asked");
  const [policy, left] = ["ratelimit-policy", "ratelimit"].map((name) => answer.headers.get(name));
  if (policy && left) said.good("limits", `${policy}; now ${left}`);
  else said.note("limits", "the answer says no limits: a proxy between takes the RateLimit headers away");
};
