import type { Resolvers } from "../generated.ts";
import { criteriaOf } from "./kinds.ts";
import { enumKindOf } from "./psks.ts";

const regionOf = ({ region }: { readonly region: string }) => ({ code: region });
const areasOf = ({ areas }: { readonly areas: readonly string[] }) => areas.map((code) => ({ code }));

export const needsResolvers: Resolvers = {
  Query: {
    needs: (_, asked, { load }) => load.needs.list(asked),
    needCounts: (_, { region }, { load }) => load.needs.counts(region),
    psks: (_, asked, { load }) => load.needs.psks(asked),
    psksKinds: (_, { region }, { load }) => load.needs.kinds(region ?? null),
  },
  Mutation: {
    registerNeed: (_, { input }, { load }) => load.needs.acts.register(input),
    endNeed: (_, { input }, { load }) => load.needs.acts.end(input),
    recordService: (_, { input }, { load }) => load.needs.acts.serve(input),
    addLocalPsksKind: (_, { input }, { load }) => load.needs.psksActs.addKind(input),
    registerPsks: (_, { input }, { load }) => load.needs.psksActs.register(input),
  },
  Member: { handledNeeds: ({ id }, _, { load }) => load.needs.ofMember.load(id) },
  Person: {
    async isSocialWorkforce({ id }, _, { load }) {
      const roles = await load.psksRoles.load(id);
      const kinds = await Promise.all(roles.map(({ kind }) => load.needs.kind.load(kind)));
      return kinds.some((kind) => kind?.isWorkforce === true);
    },
  },
  Need: {
    __resolveReference: ({ id }, { load }) => load.needs.need.load(id),
    criteria: ({ kind }) => criteriaOf(kind),
    member: ({ memberId }, _, { load }) => (memberId === null ? null : load.member.load(memberId)),
    family: ({ familyId }, _, { load }) => (familyId === null ? null : load.family.load(familyId)),
    group: ({ groupId }, _, { load }) => (groupId === null ? null : load.needs.group.load(groupId)),
    region: regionOf,
    handlingUnit: ({ unit }) => unit,
    services: ({ id }, _, { load }) => load.needs.services.load(id),
    history: ({ id }, _, { load }) => load.needs.history.load(id),
  },
  NeedCounts: { region: regionOf },
  PsksRole: {
    kind: ({ kind }) => enumKindOf(kind),
    entry: ({ kind }, _, { load }) => load.needs.kind.load(kind),
    areas: areasOf,
  },
  PsksInstitution: {
    kind: ({ kind }) => enumKindOf(kind),
    entry: ({ kind }, _, { load }) => load.needs.kind.load(kind),
    areas: areasOf,
  },
  Psks: {
    entry: ({ kind }, _, { load }) => load.needs.kind.load(kind),
    institution: ({ institution }, _, { load }) => (institution === null ? null : load.psksInstitution.load(institution)),
    person: ({ person }) => (person === null ? null : { id: person }),
    region: regionOf,
    areas: areasOf,
  },
  PsksKindEntry: { region: ({ region }) => (region === null ? null : { code: region }) },
};
