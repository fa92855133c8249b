import { randomUUID } from "node:crypto";
import { dayInWib } from "../../../schema/values/wib.ts";
import { type Act, acting, changedMeanwhile } from "../../kit/acts/acting.ts";
import { badInput } from "../../kit/errors.ts";
import type { Asking } from "../../kit/serve/context.ts";
import { familiesById, membersById } from "../data.ts";
import type {
  AddLocalPsksKindInput,
  EndNeedInput,
  RecordServiceInput,
  RegisterNeedInput,
  RegisterPsksInput,
} from "../generated.ts";
import { onDuty } from "../office/duty.ts";
import * as data from "./data.ts";
import { kindFaults, needFaults, psksFaults, refuseFaults, textFault } from "./faults.ts";
import { type PsksRow, psksOfInstitution, psksOfRole } from "./psks.ts";

const HANDLING = ["VERIFIER", "HEAD_OF_OFFICE"] as const;

/** Acts about needs; each in a transaction of its own. */
export const needActs = (asking: Asking) => {
  const act = acting(asking);
  return {
    register: (input: RegisterNeedInput) => act((one) => register(one, input)),
    end: ({ id, version, on, reason }: EndNeedInput) =>
      act(async (one) => {
        refuseFaults([textFault("reason", reason, [3, 1000])]);
        const known = await handled(one, id);
        await onDuty(one, HANDLING, known.region);
        const ended = await data.endNeed(one.db, { id, version }, { until: on, endReason: reason.trim() });
        if (!ended) throw changedMeanwhile("the need");
        return ended;
      }),
    serve: ({ need, service, on, note }: RecordServiceInput) =>
      act(async (one) => {
        refuseFaults([textFault("service", service, [3, 200]), textFault("note", note ?? "", [0, 1000])]);
        const { id, region, unit } = await handled(one, need);
        const officer = await onDuty(one, HANDLING, region);
        const row = { id: randomUUID(), needId: id, service: service.trim(), on, note: note ?? null, officer, region, unit };
        await data.insertService(one.db, row);
        return handled(one, id);
      }),
  };
};

/** A need that the asker's office handles; what another handles is not there. */
async function handled({ db }: Act, id: string): Promise<data.NeedRow> {
  const [known] = await data.needsById(db, [id]);
  if (!known) throw badInput("there is no such need that your office handles");
  return known;
}

async function register(one: Act, input: RegisterNeedInput): Promise<data.NeedRow | null> {
  refuseFaults(needFaults(input));
  const { region, ...subject } = await subjectOf(one, input);
  const registeredBy = await onDuty(one, HANDLING, region);
  const row = { id: randomUUID(), kind: input.kind, since: input.since, region, unit: one.caller.agency, registeredBy };
  if (input.group) {
    const { kind: subjectKind, name, size } = input.group;
    const group = { id: randomUUID(), subjectKind, name: name.trim(), size, region, unit: row.unit };
    await data.insertGroup(one.db, group);
    return (await data.insertNeed(one.db, { ...row, subjectKind, groupId: group.id })) ?? null;
  }
  return (await data.insertNeed(one.db, { ...row, ...subject })) ?? null;
}

async function subjectOf({ db }: Act, { member, family, group }: RegisterNeedInput) {
  if (group) return { region: group.village, subjectKind: group.kind };
  const [row] = member ? await membersById(db, [member]) : await familiesById(db, [family ?? ""]);
  if (!row) throw badInput(`${member ? "member" : "family"}: there is no such one`);
  const { id, region } = row;
  return member
    ? { region, subjectKind: "PERSON" as const, memberId: id }
    : { region, subjectKind: "FAMILY" as const, familyId: id };
}

/** Acts about the social-welfare potential. */
export const psksActs = (asking: Asking) => {
  const act = acting(asking);
  return {
    addKind: (input: AddLocalPsksKindInput) =>
      act(async (one) => {
        refuseFaults(kindFaults(input));
        const addedBy = await onDuty(one, ["HEAD_OF_OFFICE", "MINISTRY"], input.region);
        return (await data.insertPsksKind(one.db, { ...input, isWorkforce: false, addedBy })) ?? null;
      }),
    register: (input: RegisterPsksInput) => act((one) => registerPsks(one, input, asking.keyFor("psks"))),
  };
};

async function registerPsks(one: Act, input: RegisterPsksInput, key: Buffer): Promise<PsksRow | null> {
  refuseFaults(psksFaults(input));
  const { kind, person, institution, village: region, since } = input;
  await onDuty(one, [...HANDLING, "MINISTRY"], region);
  const place = { kind, region, areas: [...new Set(input.areas ?? [])] };
  if (institution != null) {
    const seat = await data.insertInstitution(one.db, { id: randomUUID(), name: institution.trim(), ...place });
    return seat ? psksOfInstitution(seat) : null;
  }
  const home = { personId: person ?? "", since: since ?? dayInWib(one.now), ...place };
  const role = await data.insertRole(one.db, home);
  return role ? psksOfRole(key, role) : null;
}
