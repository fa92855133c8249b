import { Readable } from "node:stream";
import { acting } from "../../kit/acts/acting.ts";
import { byKey, manyByKey } from "../../kit/byKey.ts";
import type { Asking } from "../../kit/serve/context.ts";
import type { AnnounceEvidenceInput, BringEvidenceInput } from "../generated.ts";
import type { Desk } from "../held.ts";
import { transitionsOf } from "../office/data.ts";
import { announce } from "./announce.ts";
import { bring } from "./bring.ts";
import { evidenceById } from "./data.ts";

type Ids = readonly string[];

export const evidence = (asking: Asking, { archive }: Desk) => {
  const { db } = asking;
  return {
    byId: byKey(
      (ids: Ids) => evidenceById(db, ids),
      (row) => row.id,
    ),
    history: manyByKey(
      (ids: Ids) => transitionsOf(db, "EVIDENCE", ids),
      (row) => row.subjectId,
    ),
    announce: (input: AnnounceEvidenceInput) => acting(asking)((act) => announce(act, input)),
    bring: ({ id, content }: BringEvidenceInput) =>
      bring(archive, asking, { id, bytes: Readable.from([Buffer.from(content, "base64")]) }),
  };
};
