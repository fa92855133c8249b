import type { Resolvers } from "../generated.ts";
import { missingIn } from "./input.ts";
import { TELLS_HEALTH } from "./preview/components.ts";
import { textOf } from "./preview/texts.ts";
import type { ShownChange } from "./previewing.ts";

const ofSeats = ({ told }: ShownChange) => told.filter(({ consequence }) => consequence.code.startsWith("SEAT_"));
const ofComponents = ({ told }: ShownChange, tellsHealth: boolean) =>
  told.filter(({ consequence }) => "component" in consequence && TELLS_HEALTH.has(consequence.component) === tellsHealth);
const claimed = (input: unknown, name: "name" | "nik") =>
  (input as { readonly [key in typeof name]?: string | null })[name] ?? null;

export const changesResolvers: Resolvers = {
  Query: {
    changeRequests: (_, asked, { load }) => load.changes.list(asked),
    changeRequest: (_, { id }, { load }) => load.changes.request.load(id),
    myChangeRequests: (_, _args, { load }) => load.changes.mine(),
    previewChange: (_, { input }, { load }) => load.changes.previewInput(input),
    registryEvents: (_, asked, { load }) => load.changes.events(asked),
  },
  Mutation: {
    submitNewCard: (_, { input }, { load }) => load.changes.enter(input),
    submitChange: (_, { input }, { load }) => load.changes.submit(input),
    withdrawChange: (_, { input }, { load }) => load.changes.withdraw(input),
    approveChange: (_, { input }, { load }) => load.changes.approve(input),
    rejectChange: (_, { input }, { load }) => load.changes.reject(input),
  },
  ChangeRequest: {
    __resolveReference: ({ id }, { load }) => load.changes.request.load(id),
    region: ({ region }) => ({ code: region }),
    household: ({ householdId }, _, { load }) => load.household.load(householdId),
    person: ({ personId }) => (personId === null ? null : { id: personId }),
    claimedName: ({ input }) => claimed(input, "name"),
    claimedNik: ({ input }) => claimed(input, "nik"),
    missing: ({ input }) => missingIn(input),
    preview: async ({ id }, _, { load }) => (await load.changes.preview.load(id))?.preview ?? null,
    history: ({ id }, _, { load }) => load.changes.history.load(id),
  },
  ChangePreview: {
    consequences: ({ told }) => told.filter(({ consequence: one }) => !("component" in one) && !one.code.startsWith("SEAT_")),
    pkh: (preview) => ofComponents(preview, false),
    pkhOfHealth: (preview) => ofComponents(preview, true),
    seats: ofSeats,
    pkhDifference: ({ pkhDifference }) => String(pkhDifference),
  },
  PreviewMember: {
    member: ({ rowId }, _, { load }) => (rowId === null ? null : load.member.load(rowId)),
    suffix: ({ kin }) => kin.suffix,
    relation: ({ kin }) => kin.relation,
  },
  ChangeConsequence: {
    code: ({ consequence }) => consequence.code,
    member: ({ rowId }, _, { load }) => (rowId === null ? null : load.member.load(rowId)),
    indonesian: ({ consequence }) => textOf(consequence, "id"),
    english: ({ consequence }) => textOf(consequence, "en"),
  },
  RegistryEvent: { id: ({ id }) => String(id), attestation: (row, _, { load }) => load.changes.attested(row) },
};
