import { createHmac } from "node:crypto";

/** Secret of a ready-made client of the embedded issuer: derived, so that nothing has to be handed around on one machine. */
export const devClientSecret = (clientId: string): string =>
  createHmac("sha256", "dtks-hub development clients").update(clientId).digest("base64url");
