import { readFileSync } from "node:fs";

const LARGE = readFileSync("docs/questions/households.graphql", "utf8");
const SMALL = "query Person($nik: String!) { personByNik(nik: $nik) { fullName enrolments { program { code } state } } }";

/** The bodies both gateways are asked: the README's question, and one person with enrolments over two fetches. */
export const bodies = (nik: string) => ({
  large: JSON.stringify({ query: LARGE, variables: { first: 50 } }),
  small: JSON.stringify({ query: SMALL, variables: { nik } }),
});
