import type { Db } from "../../../drizzle/client.ts";
import type { Asking } from "../../kit/context.ts";
import { ruled } from "../faults.ts";
import type { StewardAction } from "../generated.ts";
import type { Office } from "../held.ts";
import { stewardAsking } from "../steward.ts";
import { mustDo } from "./actions.ts";
import { type Act, activate, askToResume, resume, revoke, submit, suspend, withdraw } from "./acts.ts";
import { decideVersion } from "./decide.ts";
import { readsOf } from "./desk/reads.ts";
import { enrolSteward, retireStewardKey } from "./enrol.ts";
import { createAgreement, draftVersion } from "./write.ts";

/** Agreements as stewards govern them: `reads`, and acts, each one transaction. What is read after an act knows of it. */
export const lifecycle = (asking: Asking, { compiler }: Office) => {
  const { write, caller, now } = asking;
  let reads = readsOf(asking);
  const act = async <T>(action: StewardAction, work: (act: Act) => Promise<T>): Promise<T> => {
    const done = await ruled(
      write(async (db: Db) => {
        const steward = await stewardAsking(db, caller);
        mustDo(steward, action);
        return work({ db, steward, now });
      }),
    );
    reads = readsOf(asking);
    return done;
  };
  /** An act that takes what was sent as it is. */
  const doing =
    <Sent, Done>(action: StewardAction, work: (act: Act, sent: Sent) => Promise<Done>) =>
    (sent: Sent): Promise<Done> =>
      act(action, (at) => work(at, sent));
  return {
    get reads() {
      return reads;
    },
    create: doing("CREATE_AGREEMENT", createAgreement),
    draft: doing("DRAFT", draftVersion),
    submit: doing("SUBMIT", submit),
    withdraw: doing("WITHDRAW", withdraw),
    decide: (input: Parameters<typeof decideVersion>[1]) =>
      act(input.capacity === "OWNER" ? "DECIDE_AS_OWNER" : "DECIDE_AS_DPO", (at) => decideVersion(at, input, compiler)),
    activate: (which: Parameters<typeof activate>[1]) => act("ACTIVATE", (at) => activate(at, which, compiler)),
    suspend: doing("SUSPEND", suspend),
    askToResume: doing("RESUME", askToResume),
    resume: doing("RESUME", resume),
    revoke: doing("REVOKE", revoke),
    enrol: (input: Parameters<typeof enrolSteward>[1]) => act("ENROL", (at) => enrolSteward(at, input, compiler)),
    retireKey: (keyId: string) => act("ENROL", (at) => retireStewardKey(at, keyId, compiler)),
  };
};
