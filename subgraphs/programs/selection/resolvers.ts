import type { ProgramCode, Resolvers } from "../generated.ts";

/** Of the whole country no region is named. */
const regionOf = ({ region }: { readonly region: string }) => (region === "" ? null : region);

export const selectionResolvers: Resolvers = {
  Query: {
    quotas: (_, asked, { load }) => load.selection.quotas(asked),
    selections: (_, { program }, { load }) => load.selection.runs(program),
    selection: (_, { id }, { load }) => load.selection.run.load(id),
    policySimulation: (_, { id }, { load }) => load.selection.simulation.load(id),
  },
  Mutation: {
    draftQuota: (_, { input }, { load }) => load.selection.quotaActs.draft(input),
    proposeSeats: (_, { input }, { load }) => load.selection.quotaActs.propose(input),
    approveQuota: (_, read, { load }) => load.selection.quotaActs.approve(read),
    withdrawQuota: (_, read, { load }) => load.selection.quotaActs.withdraw(read),
    prepareSelection: (_, { input }, { load }) => load.selection.runActs.prepare(input),
    startSelection: (_, read, { load }) => load.selection.runActs.start(read),
    discardSelection: (_, { reason, ...read }, { load }) => load.selection.runActs.discard(read, reason),
    signSelection: (_, { input }, { load }) => load.selection.runActs.sign(input),
    simulatePolicy: (_, { input }, { load }) => load.selection.simulate(input),
  },
  Enrolment: {
    waitingBand: ({ id }, _, { load }) => load.selection.band(id),
    waitingPosition: ({ id }, _, { load }) => load.selection.position(id),
    selectionEntry: ({ id }, _, { load }) => load.selection.entryOf.load(id),
  },
  Quota: {
    __resolveReference: ({ id }, { load }) => load.selection.quota.load(id),
    program: ({ program }) => program as ProgramCode,
    region: regionOf,
    history: ({ id }, _, { load }) => load.selection.quotaHistory.load(id),
  },
  Selection: {
    __resolveReference: ({ id }, { load }) => load.selection.run.load(id),
    program: ({ program }) => program as ProgramCode,
    knownAt: ({ known }) => known,
    seats: ({ id }, { region }, { load }) => load.selection.seatsOf(id, region),
    entries: ({ id }, asked, { load }) => load.selection.entries(id, asked),
    history: ({ id }, _, { load }) => load.selection.runHistory.load(id),
  },
  SelectionSeats: { region: regionOf },
  SelectionEntry: {
    id: ({ unitId }) => unitId,
    person: ({ personId }) => ({ id: personId }),
    region: ({ region }) => ({ code: region }),
    rank: ({ rank }) => (rank === null ? null : Number(rank)),
    firstDeterminedOn: ({ firstOn }) => firstOn,
    fullRegion: (entry, _, { load }) => load.selection.fullRegion(entry),
    seats: (entry, _, { load }) => load.selection.levelsOf(entry),
  },
  PolicySimulation: {
    program: ({ program }) => program as ProgramCode,
    isDone: ({ state }) => state === "DONE",
    entering: (simulation, { province }, { load }) => load.selection.change(simulation, { province, isEntering: true }),
    leaving: (simulation, { province }, { load }) => load.selection.change(simulation, { province, isEntering: false }),
  },
};
