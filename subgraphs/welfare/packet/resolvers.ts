import type { Resolvers } from "../generated.ts";

const regionOf = ({ region }: { readonly region: string }) => ({ code: region });

export const packetResolvers: Resolvers = {
  Query: {
    myPackets: (_, _args, { load }) => load.packet.mine(),
    packetChanges: (_, asked, { load }) => load.packet.waiting(asked),
  },
  Mutation: {
    issuePacket: (_, { input }, { load, envelope }) => load.packet.acts.issue(input, envelope.mayRead),
    returnPacket: (_, { input }, { load }) => load.packet.acts.takeBack(input.text),
    decidePacketChange: (_, { input }, { load }) => load.packet.acts.decide(input),
  },
  Packet: {
    region: regionOf,
    memberCount: ({ members }) => members,
    members: ({ held }) => held ?? null,
    sealed: ({ sealed }) => sealed ?? null,
    signingKey: (_, _args, { load }) => load.packet.signingKey,
    changes: ({ id }, _, { load }) => load.packet.changes.load(id),
    history: ({ id }, _, { load }) => load.packet.history.load(id),
  },
  PacketChange: {
    member: ({ memberId }, _, { load }) => load.member.load(memberId),
    region: regionOf,
  },
};
