import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { type Receipt as Given, HubError } from "../src/errors.ts";
import { connect, type Hub } from "../src/hub.ts";
import { pages } from "../src/pages.ts";
import { tilesAt, type Verified, verifyReceipt } from "../src/receipts/verify.ts";
import { clientCredentials } from "../src/token.ts";
import { Households, type HouseholdsData, Receipt } from "./documents.ts";

// Token → registered document → pages → receipt verified → a table. What it needs stands in the environment, as in README.md.

function setting(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`set ${name}`);
  return value;
}

const hub = connect({
  url: setting("DTKS_HUB"),
  agreement: setting("DTKS_AGREEMENT"),
  language: "en",
  token: clientCredentials({
    tokenUrl: setting("DTKS_TOKEN_URL"),
    clientId: setting("DTKS_CLIENT"),
    secret: setting("DTKS_CLIENT_SECRET"),
  }),
});

type Connection = NonNullable<HouseholdsData["households"]>;
type Household = NonNullable<NonNullable<Connection["nodes"]>[number]>;

const line = ({ region, deciles, members }: Household): string =>
  [
    (region?.code ?? "–").padEnd(12),
    (region?.name ?? "–").padEnd(24),
    String(deciles?.at(0)?.decile ?? "–").padStart(6),
    String(members?.length ?? "–").padStart(8),
  ].join(" ");

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** The checkpoint kept from one run to the next: what proves that the log was not rewritten between them. */
const KEPT = process.env["DTKS_KEPT"] ?? "checkpoint.txt";

/** A state that covers an answer is signed about a second after it. */
async function verified(asking: Hub, given: Given): Promise<Verified> {
  for (let tries = 0; ; tries++) {
    const { data } = await asking.ask(Receipt, { id: given.id });
    const found = await verifyReceipt(given, data.receipt ?? {}, {
      logKey: setting("DTKS_LOG_KEY"),
      tiles: tilesAt(setting("DTKS_LOG")),
      ...(existsSync(KEPT) && { kept: readFileSync(KEPT, "utf8") }),
    });
    if (found.verdict !== "PENDING" || tries === 60) return found;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function main(): Promise<number> {
  const given: Given[] = [];
  say("region       name                     decile  members");
  for await (const { nodes, answer } of pages(hub, Households, { variables: { first: 20 }, list: (data) => data.households })) {
    for (const household of nodes) say(line(household));
    if (answer.masked.length > 0) say(`masked: ${answer.masked.join(", ")}`);
    if (answer.receipt) given.push(answer.receipt);
  }
  let isAllVerified = true;
  for (const receipt of given) {
    const { verdict, because, keep } = await verified(hub, receipt);
    say(`receipt ${receipt.id} ${verdict}${because && `: ${because}`}`);
    if (keep !== null) writeFileSync(KEPT, keep);
    isAllVerified &&= verdict === "VERIFIED";
  }
  return isAllVerified ? 0 : 1;
}

process.exitCode = await main().catch((error: unknown) => {
  if (!(error instanceof HubError)) throw error;
  process.stderr.write(`${error.explain}\n`);
  return 1;
});
