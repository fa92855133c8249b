import { parseArgs } from "node:util";
import { type LoadPool, openLoadPool } from "../../../drizzle/copy.ts";
import { createLogin, dropLogin, loginOf } from "../../../drizzle/reporting.ts";
import { type Databases, openDatabases } from "../../data/databases.ts";
import { publicationUrl } from "./desks.ts";
import { followAgreements } from "./renewing.ts";

export const help = `
Usage: npx hub reporting open AGENCY --agreement PKS-…
       npx hub reporting close AGENCY
       npx hub reporting list [--json]

Logins of PostgreSQL for BI tools (Superset, Metabase, Grafana, Power BI): one an agency, hub_bi_<agency>, that reads the views of schema reporting in the
database statistics, released figures and nothing else. A login is open while its agreement is in force and a publisher runs (npx hub publisher renews it
every ten seconds); its password is drawn and shown once.

Settings: the databases as for every command; HUB_DATABASE_URL, an administrator's address of the server of statistics, makes and drops the role.
Exit codes: 0 done, 1 refused, 2 wrong usage.
`;

const OPTIONS = { agreement: { type: "string" }, json: { type: "boolean", default: false } } as const;

/** `argv`: what follows `reporting`. */
export async function reporting(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  const [act = "", agency = ""] = positionals;
  const isWhole = act === "list" ? agency === "" : /^[A-Z][A-Z0-9_]{0,49}$/.test(agency);
  const work = { open, close, list }[act];
  if (!work || !isWhole || positionals.length > 2 || (act === "open") !== (values.agreement !== undefined)) {
    process.stderr.write(`${help.trim()}\n`);
    return 2;
  }
  const databases = await openDatabases(process.env, note);
  const statistics = openLoadPool(publicationUrl(databases.urls), { max: 1 });
  try {
    return await work({ agency, agreement: values.agreement ?? "", isJson: values.json, databases, statistics });
  } finally {
    await statistics.end();
    await databases.close();
  }
}

interface Work {
  readonly agency: string;
  readonly agreement: string;
  readonly isJson: boolean;
  readonly databases: Databases;
  readonly statistics: LoadPool;
}

async function open({ agency, agreement, databases, statistics }: Work): Promise<number> {
  const policy = await followAgreements(process.env, databases.urls.gateway);
  try {
    if (policy.termsOf({ agency, agreement }) === null)
      return refused(`${agreement} of ${agency} opens no figures to a login now`);
    const login = loginOf(agency);
    const [taken] = await statistics.load((loader) =>
      loader.query("select agreement from statistics.reader where login = $1", [login]),
    );
    if (taken)
      return refused(
        `${agency} has a login already, for ${taken["agreement"]}: npx hub reporting close ${agency} ends it and its password, then open one anew`,
      );
    const adminUrl = adminOf(databases);
    const { password, open: left } = await createLogin(adminUrl, login);
    const insert =
      "insert into statistics.reader (login, agency, agreement, cubes, regions, open_until) values ($1, $2, $3, '{}', '{}', clock_timestamp())";
    await statistics
      .load((loader) => loader.query(insert, [login, agency, agreement]))
      .catch(async (error: unknown) => {
        await dropLogin(adminUrl, login); // a login nobody knows of must not be left behind
        throw error;
      });
    await policy.renew(statistics);
    for (const one of left) note(one);
    const { hostname, port, pathname } = new URL(adminUrl);
    process.stdout.write(
      `${JSON.stringify({ host: hostname, port: Number(port || 5432), database: pathname.slice(1), user: login, password })}\n`,
    );
    note("the password is shown this once; the login is open while npx hub publisher runs and the agreement is in force");
    return 0;
  } finally {
    await policy.close();
  }
}

async function close({ agency, databases, statistics }: Work): Promise<number> {
  const login = loginOf(agency);
  const gone = await statistics.load((loader) =>
    loader.query("delete from statistics.reader where login = $1 returning login", [login]),
  );
  const isDropped = await dropLogin(adminOf(databases), login);
  return gone.length > 0 || isDropped ? 0 : refused(`${agency} has no login`);
}

async function list({ isJson, statistics }: Work): Promise<number> {
  const rows = await statistics.load((loader) =>
    loader.query(
      `select login, agency, agreement, cubes, regions, open_until > clock_timestamp() as "isOpen" from statistics.reader order by login`,
    ),
  );
  const sentence = (row: (typeof rows)[number]) =>
    `${row["login"]}: ${row["agreement"]} of ${row["agency"]}, ${row["isOpen"] ? "open" : "closed"}; partners' cubes: ${row["cubes"].join(", ") || "none"}`;
  process.stdout.write(isJson ? `${JSON.stringify(rows)}\n` : rows.map((row) => `${sentence(row)}\n`).join(""));
  return 0;
}

/** The administrator's address, at the database of the statistics. */
function adminOf({ adminUrl, urls }: Databases): string {
  if (adminUrl === undefined)
    throw new Error("HUB_DATABASE_URL is missing: an administrator's address of the server of statistics");
  const url = new URL(adminUrl);
  url.pathname = new URL(publicationUrl(urls)).pathname;
  return url.href;
}

function refused(text: string): number {
  note(text);
  return 1;
}

function note(text: string): void {
  process.stderr.write(`hub reporting: ${text}\n`);
}
