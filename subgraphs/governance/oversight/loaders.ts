import { newestSupergraph, type Published } from "../../../drizzle/policy/ground.ts";
import { byKey, manyByKey } from "../../kit/byKey.ts";
import type { Asking } from "../../kit/serve/context.ts";
import { agenciesByCode, stewardsById } from "../data.ts";
import type { Office } from "../held.ts";
import { accountability } from "./accountability.ts";
import { breaches } from "./breach.ts";
import { affectedByType, type BreachRow } from "./data.ts";
import type { Surroundings } from "./notices.ts";
import { processing } from "./processing.ts";
import { sanctions } from "./sanctions.ts";
import { watching } from "./watching.ts";

export const oversight = (asking: Asking, _office: Office) => ({
  sanctions: sanctions(asking),
  watching: watching(asking),
  breaches: breaches(asking),
  ...surroundings(asking),
  accountability: accountability(asking),
  processing: processing(asking),
});

/** What cases and their notices tell beside them. */
function surroundings({ db }: Asking) {
  let newest: Promise<Published> | undefined;
  const counts = manyByKey(
    (ids: readonly string[]) => affectedByType(db, ids),
    (row) => row.breachId,
  );
  const officer = byKey(
    (ids: readonly string[]) => stewardsById(db, ids),
    (row) => row.id,
  );
  const agencyBy = byKey(
    (codes: readonly string[]) => agenciesByCode(db, codes),
    (row) => row.code,
  );
  return {
    counts,
    /** The contact is that of who opened the case. */
    async around({ id, openedBy }: BreachRow): Promise<Surroundings> {
      newest ??= newestSupergraph(db);
      const agency = await agencyBy.load((await officer.load(openedBy))?.agencyCode ?? "");
      if (!agency) throw new Error("a breach case was opened by nobody's officer");
      return { agency, counts: await counts.load(id), catalogue: (await newest).catalogue };
    },
  };
}
