import { hubAt } from "../../../remote/hub.ts";
import { provenBy } from "../../../remote/receipts.ts";
import type { PartnerCheck } from "./partner.ts";

/** Whether the first answer's receipt stands in the log. */
export const receipt: PartnerCheck = async ({ url, token, asked, answer, logKey }, said) => {
  const own = answer?.receipt;
  if (!own || token === undefined)
    return said.skipped(
      "receipt",
      answer ? "the answer came without one: the record is away, or nothing was answered" : "nothing was asked",
    );
  const hub = hubAt(url, async () => token, asked.agreement);
  const proven = await provenBy(hub, own, logKey);
  if (proven.verdict === "PENDING") return said.note("receipt", "not in the tree yet: ask for it later (GET /receipts/<id>)");
  if (proven.verdict === "UNKNOWN")
    return said.note("receipt", "the hub names no key of its log: give the one you hold with --log-key VKEY");
  if (proven.verdict === "BAD")
    return said.bad(
      "receipt",
      proven.fault,
      "keep the answer, and tell the hub's data protection officer: the record does not hold what it says",
    );
  if (proven.isByOwnKey) said.good("receipt", `entry ${proven.index} of the log, proved by the key you hold`);
  else said.note("receipt", `entry ${proven.index} of the log, by the key the hub itself names: hold one with --log-key VKEY`);
};
