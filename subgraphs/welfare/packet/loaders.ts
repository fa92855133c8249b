import { byKey, manyByKey } from "../../kit/byKey.ts";
import { regionsAsked } from "../../kit/data.ts";
import { type Page, type Paging, pageOf } from "../../kit/page.ts";
import type { Asking } from "../../kit/serve/context.ts";
import type { Desk } from "../held.ts";
import { transitionsOf } from "../office/data.ts";
import { packetActs } from "./acts.ts";
import * as data from "./data.ts";

export type PacketChangePage = Page<data.PacketChangeRow>;

interface WaitingAsked extends Paging {
  readonly region?: string | null;
}
type Ids = readonly string[];

export const packet = (asking: Asking, desk: Desk) => {
  const { db, caller, cursors } = asking;
  return {
    acts: packetActs(asking, desk),
    signingKey: desk.attestation.signer.publicKey,
    mine: async () => (caller.officer === null ? [] : data.packetsOf(db, caller.officer)),
    change: byKey(
      (ids: Ids) => data.changesById(db, ids),
      (row) => row.id,
    ),
    changes: manyByKey(
      (ids: Ids) => data.changesOfPackets(db, ids),
      (row) => row.packetId,
    ),
    history: manyByKey(
      (ids: Ids) => transitionsOf(db, "PACKET", ids),
      (row) => row.subjectId,
    ),
    waiting({ region, ...paging }: WaitingAsked): PacketChangePage {
      const regions = regionsAsked(caller.rows, region);
      return pageOf(paging, {
        of: "packetChanges",
        cursors,
        positionOf: (row) => [row.id],
        rows: (window) => data.listWaiting(db, regions, window),
        count: () => data.countWaiting(db, regions),
      });
    },
  };
};
