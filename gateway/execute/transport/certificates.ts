import { readCredentials, type TlsFiles } from "../../../schema/tls/credentials.ts";
import { type Certificates, type FollowOptions, followCertificates } from "../../../schema/tls/follow.ts";
import { atMostEachSecond } from "../../../schema/tls/seldom.ts";
import { SILENT, type Telemetry } from "../../types/telemetry.ts";
import type { Identity } from "./pools.ts";

export interface IdentityOptions {
  readonly files: TlsFiles | undefined;
  /** Names of certificates that are not those of their subgraphs. */
  readonly names: ReadonlyMap<string, string>;
  readonly log: FollowOptions["log"];
  readonly telemetry?: Telemetry;
  readonly everyMs?: number;
}

/** Who the gateway is to its subgraphs, renewed as its files are. */
export interface FollowedIdentity extends Identity {
  readonly certificates: Certificates;
}

/** Undefined where no files are named. Throws UnfitCertificate for files that cannot be used at the start. */
export function followIdentity(options: IdentityOptions): FollowedIdentity | undefined {
  const { files, names, log, telemetry = SILENT, everyMs } = options;
  if (!files) return undefined;
  const first = readCredentials(files);
  telemetry.certificate(first.endsAt);
  const certificates = followCertificates({
    ...{ files, first, log },
    ...(everyMs !== undefined && { everyMs }),
    onRenewed: ({ endsAt }) => telemetry.certificate(endsAt),
    onLook: (isGood) => telemetry.reloaded({ what: "certificates", isGood }),
  });
  const tell = (service: string) =>
    atMostEachSecond((code) => log.warn({ service, code }, "no TLS with a subgraph; docs/runbook.md has what its code means"));
  const tells = new Map<string, (code: string) => void>();
  return {
    certificates,
    nameOf: (service) => names.get(service) ?? service,
    onFault(service, code) {
      const known = tells.get(service) ?? tell(service);
      tells.set(service, known);
      known(code);
    },
  };
}
