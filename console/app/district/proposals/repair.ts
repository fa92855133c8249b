import { type Act, type Field, given, seenOne, type Values } from "../acts/act.ts";
import type { Moved } from "./acts.ts";
import { CLAIM } from "./claim.ts";
import { REPAIR } from "./questions.ts";
import type { Candidate, Whole } from "./types.ts";

const MENDS = new Set(["EDIT", "REPAIR"]);
const BY = ["NEIGHBOURHOOD", "VILLAGE_OPERATOR"];
const fits = ({ acts }: Moved) => acts?.some((act) => MENDS.has(act)) ?? false;

/** A candidate claimed anew: what stands is there to be mended. */
export const repairOf = (candidate: Candidate): Act<Moved> => ({
  ...{ name: "repair", document: REPAIR, by: BY, fits },
  preset: Object.fromEntries(CLAIM.map(({ name }) => [name, candidate[name as keyof Candidate]?.toString() ?? ""])),
  fields: CLAIM,
  variables: (rows, values: Values) => ({
    input: { proposal: seenOne(rows), candidates: [{ id: candidate.id, claim: given(values) }] },
  }),
});

const ADDRESS: Field = { name: "address", kind: "line" };

/** Another address; who was proposed stays. */
export const readdressOf = ({ address }: Whole): Act<Moved> => ({
  ...{ name: "readdress", document: REPAIR, by: BY, fits },
  preset: { address: address ?? "" },
  fields: [ADDRESS],
  variables: (rows, values) => ({ input: { proposal: seenOne(rows), address: values["address"], candidates: [] } }),
});
