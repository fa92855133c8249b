import {
  type Account,
  type Configuration,
  errors,
  interactionPolicy,
  type JWK,
  type JWTStructured,
  type KoaContextWithOIDC,
} from "oidc-provider";
import { loginPath } from "./login.ts";
import { CITIZENS_PORTAL, CONSOLE, subjectOf } from "./people.ts";
import { createStore } from "./store.ts";

export interface IssuerClient {
  readonly id: string;
  readonly secret: string;
}

interface Settings {
  readonly clients: readonly IssuerClient[];
  readonly audience: string;
  readonly key: JWK;
  readonly nameOf: (subject: string) => Promise<string>;
}

const MINUTE_S = 60;
const HOUR_S = 60 * MINUTE_S;
const TOKEN_S = 5 * MINUTE_S;
const SESSION_S = 8 * HOUR_S;
/** Of one port or another: on one machine a redirect URI may name any (RFC 8252 §7.3). */
const CALLBACKS = ["127.0.0.1", "localhost"].map((host) => `http://${host}/sign-in/callback`);
const SCOPE = "openid profile";
const LIVES_S = {
  ...{ AccessToken: TOKEN_S, ClientCredentials: TOKEN_S, IdToken: TOKEN_S },
  ...{ AuthorizationCode: MINUTE_S, Interaction: HOUR_S },
  ...{ RefreshToken: SESSION_S, Grant: SESSION_S, Session: SESSION_S },
};

/** Access tokens are signed JWT (RFC 9068); people sign in by code and PKCE, and through the hub's own clients only. */
export function configurationOf({ clients, audience, key, nameOf }: Settings): Configuration {
  return {
    adapter: createStore(),
    clients: clients.map(clientOf),
    clientDefaults: { id_token_signed_response_alg: "ES256" },
    jwks: { keys: [key] },
    cookies: { keys: ["dtks-hub development cookies"] },
    responseTypes: ["code"],
    pkce: { methods: ["S256"], required: () => true },
    scopes: ["openid"],
    claims: { openid: ["sub"], profile: ["name"] },
    conformIdTokenClaims: false,
    findAccount: (_, id): Account => ({ accountId: id, claims: async () => ({ sub: id, name: await nameOf(id) }) }),
    interactions: { policy: withoutConsent(), url: (_, { uid }) => loginPath(uid) },
    renderError: async (ctx, { error, error_description: description }) => {
      ctx.type = "text/plain; charset=utf-8";
      ctx.body = `${error}: ${description ?? ""}\n`;
    },
    loadExistingGrant: (ctx) => grantOf(ctx, audience),
    issueRefreshToken: async () => true,
    expiresWithSession: async () => false,
    rotateRefreshToken: false,
    ttl: LIVES_S,
    formats: { customizers: { jwt: nameSubject } },
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      clientCredentials: { enabled: true },
      revocation: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => audience,
        getResourceServerInfo: (_, resource) => {
          if (resource !== audience) throw new errors.InvalidTarget("the only resource here is the hub");
          const jwt = { sign: { alg: "ES256" } } as const;
          return { scope: "", audience, accessTokenTTL: TOKEN_S, accessTokenFormat: "jwt", jwt };
        },
      },
    },
  };
}

function clientOf({ id, secret }: IssuerClient): NonNullable<Configuration["clients"]>[number] {
  const isForPeople = id === CONSOLE || id === CITIZENS_PORTAL;
  return {
    client_id: id,
    client_secret: secret,
    application_type: isForPeople ? "native" : "web",
    grant_types: ["client_credentials", ...(isForPeople ? ["authorization_code", "refresh_token"] : [])],
    redirect_uris: isForPeople ? CALLBACKS : [],
    response_types: isForPeople ? ["code"] : [],
    token_endpoint_auth_method: "client_secret_basic",
  };
}

/** These are the hub's own faces, on the machine of whoever signs in. */
function withoutConsent() {
  const policy = interactionPolicy.base();
  policy.remove("consent");
  return policy;
}

async function grantOf({ oidc }: KoaContextWithOIDC, audience: string) {
  const grant = new oidc.provider.Grant({
    accountId: oidc.account?.accountId ?? "",
    clientId: oidc.client?.clientId ?? "",
  });
  grant.addOIDCScope(SCOPE);
  grant.addResourceScope(audience, "");
  await grant.save();
  return grant;
}

/**
 * Stands in for the national identity provider, where a person signs in: here the portal may just say who it is. Anybody on this machine can be
 * anybody, as anybody can be any client: their people are made up.
 */
function nameSubject(
  { oidc }: KoaContextWithOIDC,
  { clientId }: { readonly clientId?: string | undefined },
  token: JWTStructured,
): JWTStructured {
  const { person } = (oidc.body ?? {}) as { readonly person?: unknown };
  if (person === undefined) return token;
  const subject = clientId === CITIZENS_PORTAL && typeof person === "string" ? subjectOf(clientId, person) : null;
  if (subject === null) throw new errors.InvalidRequest(`only ${CITIZENS_PORTAL} asks for a person, by the id of one`);
  token.payload["sub"] = subject;
  return token;
}
