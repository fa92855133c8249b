import type { Attestation } from "../../kit/serve/config.ts";
import type { HoldOptions } from "../../kit/serve/serve.ts";
import { type JobDoor, openDoor } from "../jobs/door/door.ts";

/** What population keeps while it runs: the door to matching jobs, and the key it attests with. */
export interface Register extends JobDoor {
  readonly attestation: Attestation;
}

export function openRegister({ attestation, ...options }: HoldOptions): Register {
  if (!attestation) throw new Error("population needs HUB_ATTESTATION_KEY_POPULATION");
  return { ...openDoor(options), attestation };
}
