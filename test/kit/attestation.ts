import { attestationSigner, devAttestationSecret } from "../../schema/attestation.ts";
import { devAttestationKeys } from "../../subgraphs/kit/serve/config.ts";

/** What a slice attests with in tests, and whom it believes: the keys everybody knows. */
export const devAttestationOf = (slice: string) => ({
  attestation: { signer: attestationSigner(devAttestationSecret(slice)), keys: devAttestationKeys() },
});
