import { readFileSync } from "node:fs";
import { createFaces } from "../../console/door.ts";
import type { OwnDigests } from "../../gateway/authenticate/ownDocuments.ts";
import type { Overrides } from "../../gateway/main.ts";
import type { GatewayConfig } from "../../gateway/runtime/config.ts";

/** What a gateway with these settings serves to people, nothing where they cannot sign in; and what that and the hub's commands ask. */
export const facesOf = ({ issuer, publicUrl, signIn }: GatewayConfig): Pick<Overrides, "faces" | "ownDocuments"> => ({
  ...(signIn !== null && { faces: createFaces({ issuer, publicUrl, ...signIn }) }),
  ownDocuments: ownDigests(),
});

/** The manifest that `npx hub documents own` prints. */
function ownDigests(): OwnDigests {
  const manifest = JSON.parse(readFileSync(new URL("ownDocuments.json", import.meta.url), "utf8"));
  return { pages: Object.values(manifest.pages), commands: Object.values(manifest.commands) };
}
