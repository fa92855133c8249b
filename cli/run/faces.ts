import { createFaces } from "../../console/door.ts";
import type { GatewayConfig } from "../../gateway/config.ts";
import type { Overrides } from "../../gateway/main.ts";

/** What a gateway with these settings serves to people; nothing where they cannot sign in. */
export const facesOf = ({ issuer, publicUrl, signIn }: GatewayConfig): Pick<Overrides, "faces"> =>
  signIn === null ? {} : { faces: createFaces({ issuer, publicUrl, ...signIn }) };
