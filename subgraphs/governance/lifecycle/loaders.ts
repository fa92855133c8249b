import type { Db } from "../../../drizzle/client.ts";
import type { Asking } from "../../kit/serve/context.ts";
import { ruled } from "../faults.ts";
import type { Office } from "../held.ts";
import { mustHold } from "../steward.ts";
import { type Act, activate, askToResume, resume, revoke, submit, suspend, withdraw } from "./acts.ts";
import { decideVersion } from "./decide.ts";
import { readsOf } from "./desk/reads.ts";
import { enrolSteward, retireStewardKey } from "./enrol.ts";
import { DECIDERS, type Mutation, stewardFor } from "./needs.ts";
import { createAgreement, draftVersion } from "./write.ts";

/** Agreements as stewards govern them: `reads`, and acts, each one transaction. What is read after an act knows of it. */
export const lifecycle = (asking: Asking, { compiler }: Office) => {
  const { write, caller, now } = asking;
  let reads = readsOf(asking);
  const act = async <T>(mutation: Mutation, work: (act: Act) => Promise<T>): Promise<T> => {
    const done = await ruled(write(async (db: Db) => work({ db, steward: await stewardFor(db, caller, mutation), now })));
    reads = readsOf(asking);
    return done;
  };
  /** An act that takes what was sent as it is. */
  const doing =
    <Sent, Done>(mutation: Mutation, work: (act: Act, sent: Sent) => Promise<Done>) =>
    (sent: Sent): Promise<Done> =>
      act(mutation, (at) => work(at, sent));
  return {
    get reads() {
      return reads;
    },
    create: doing("createAgreement", createAgreement),
    draft: doing("draftVersion", draftVersion),
    submit: doing("submitVersion", submit),
    withdraw: doing("withdrawVersion", withdraw),
    decide: (input: Parameters<typeof decideVersion>[1]) =>
      act("decideVersion", (at) => {
        mustHold(at.steward, ...DECIDERS[input.capacity]);
        return decideVersion(at, input, compiler);
      }),
    activate: (which: Parameters<typeof activate>[1]) => act("activateVersion", (at) => activate(at, which, compiler)),
    suspend: doing("suspendVersion", suspend),
    askToResume: doing("askToResume", askToResume),
    resume: doing("resumeVersion", resume),
    revoke: doing("revokeVersion", revoke),
    enrol: (input: Parameters<typeof enrolSteward>[1]) => act("enrolSteward", (at) => enrolSteward(at, input, compiler)),
    retireKey: (keyId: string) => act("retireStewardKey", (at) => retireStewardKey(at, keyId, compiler)),
  };
};
