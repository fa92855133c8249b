import { lookup } from "node:dns/promises";
import { connect } from "node:tls";
import { messageOf } from "../finding.ts";
import { type PartnerCheck, TIMEOUT_MS } from "./partner.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
/** A certificate that ends sooner is told. */
const SOON_DAYS = 14;
/** Tokens live five minutes; clocks that differ more make them too young or too old. */
const MOST_SKEW_MS = 30_000;

export const name: PartnerCheck = async ({ url }, said) => {
  const { hostname, host } = new URL(url);
  try {
    const found = await lookup(hostname.replace(/^\[|\]$/g, ""), { all: true });
    said.good("name", `${host} is ${found.map(({ address }) => address).join(", ")}`);
  } catch (error) {
    said.bad("name", `${host}: ${messageOf(error)}`, "see the address given with --hub, and this host's DNS");
  }
};

export const certificate: PartnerCheck = async ({ url, now }, said) => {
  const { protocol, hostname, port } = new URL(url);
  if (protocol !== "https:") return said.skipped("certificate", "this machine's own hub is asked without TLS");
  try {
    const { end, version } = await handshake(hostname.replace(/^\[|\]$/g, ""), Number(port || 443));
    const days = Math.floor((end - now()) / DAY_MS);
    const seen = `${version}, good for ${days} days`;
    if (days < SOON_DAYS) said.bad("certificate", seen, "tell the hub's operator to renew it");
    else said.good("certificate", seen);
  } catch (error) {
    said.bad(
      "certificate",
      messageOf(error),
      "believe the hub's authority (NODE_EXTRA_CA_CERTS), or tell its operator; a proxy in between shows its own",
    );
  }
};

function handshake(host: string, port: number): Promise<{ readonly end: number; readonly version: string }> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, servername: host, timeout: TIMEOUT_MS }, () => {
      const { valid_to: until } = socket.getPeerCertificate();
      resolve({ end: Date.parse(until), version: socket.getProtocol() ?? "TLS" });
      socket.end();
    });
    socket.once("timeout", () => socket.destroy(new Error(`no TLS within ${TIMEOUT_MS / 1000} s`)));
    socket.once("error", reject);
  });
}

export const clock: PartnerCheck = async ({ url, now }, said) => {
  const response = await fetch(`${url}/health`, { signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(() => null);
  const told = Date.parse(response?.headers.get("date") ?? "");
  if (Number.isNaN(told)) return said.skipped("clock", "the hub does not say what time it is");
  const away = Math.abs(now() - told);
  const seen = `${(away / 1000).toFixed(0)} s from the hub's`;
  if (away > MOST_SKEW_MS) said.bad("clock", seen, "set this host's clock by NTP: tokens are good for minutes");
  else said.good("clock", seen);
};

export const ready: PartnerCheck = async ({ url }, said) => {
  const response = await fetch(`${url}/ready`, { signal: AbortSignal.timeout(TIMEOUT_MS) }).catch((error: unknown) =>
    messageOf(error),
  );
  if (typeof response === "string")
    return said.bad(
      "ready",
      `nobody answers at ${new URL(url).host}: ${response}`,
      "see the address, the firewall and any proxy between",
    );
  const told = (await response.json().catch(() => null)) as { status?: string; missing?: string[]; alarms?: string[] } | null;
  if (!told?.status)
    return said.note("ready", `${new URL(url).host} does not show whether it is ready (status ${response.status})`);
  if (response.status !== 200)
    return said.bad(
      "ready",
      `not ready: ${(told.missing ?? [told.status]).join(", ")}`,
      "try again in a minute; then ask the hub's operator",
    );
  if (told.alarms?.length) return said.note("ready", `ready, with alarms: ${told.alarms.join(", ")}`);
  said.good("ready", "ready");
};
