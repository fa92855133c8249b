import { parseArgs } from "node:util";
import { issuerUrl } from "../../gateway/runtime/config.ts";
import { devClientSecret } from "../../schema/devClients.ts";
import { askForToken } from "../run/issuer.ts";
import { plain, shown } from "./plain.ts";

export const help = `
Usage: npx hub token CLIENT [--person ID] [--json]

Prints an access token for a client of the embedded issuer (npx hub start runs it), good for five minutes:

  curl -H "authorization: Bearer $(npx hub token bpjs-kesehatan)" …

  --person ID   of portal-warga: for the person of that id, as if they had signed in there
  --json        print { access_token, expires_in, token_type }
HUB_OIDC_ISSUER or HUB_ISSUER_PORT name an issuer that does not stand at http://127.0.0.1:4005.
`;

/** Exit codes: 0 a token was printed, 1 there is none to be had, 2 wrong usage. */
export async function token(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { json: { type: "boolean", default: false }, person: { type: "string" } },
  });
  const [client, ...rest] = positionals;
  const issuer = issuerUrl();
  if (client === undefined || rest.length > 0)
    return complain(2, `name one client: npx hub token CLIENT.${await knownClients(issuer)}`);
  try {
    const answer = await askForToken(issuer, { id: client, secret: devClientSecret(client) }, values.person);
    if ("error" in answer && answer.error === "invalid_request")
      return complain(2, "--person takes the id of a person (a UUID), and only of portal-warga");
    if ("error" in answer) return complain(1, `the issuer has no client "${client}".${await knownClients(issuer)}`);
    process.stdout.write(shown(`${values.json ? JSON.stringify(answer) : answer.access_token}\n`));
    return 0;
  } catch {
    return complain(1, `no issuer answers at ${issuer}. Start the hub first: npm start (or set HUB_OIDC_ISSUER).`);
  }
}

async function knownClients(issuer: string): Promise<string> {
  try {
    const response = await fetch(`${issuer}/clients`);
    return ` Its clients: ${((await response.json()) as string[]).join(", ")}.`;
  } catch {
    return "";
  }
}

function complain(code: number, text: string): number {
  process.stderr.write(plain(`hub token: ${text}\n`));
  return code;
}
