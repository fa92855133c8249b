import type { Loader } from "../../copy.ts";
import type { MadeFamily, MadeHousehold, MadeMember } from "../model.ts";
import { VERSIONS } from "../ranks.ts";
import { componentsOf, drawerOf, isServed } from "./components.ts";

/** The delivery in which the synthetic households stand. */
export const SYNTHETIC_DELIVERY = 1;
const [NEWEST] = VERSIONS;
/** The "new DTKS" began with Kepmensos 12/HUK/2021. */
const FIRST_DETERMINED = "2021-04-01";

type Row = readonly (string | number | null)[];
const listed = (words: readonly string[]): string => `{${words.join()}}`;

/** Decile, rank (by percentile: many share one) and first determination of a household, or nulls where it was never ranked. */
function standingOf({ rankings }: MadeHousehold): Row {
  const newest = rankings.find(({ versionId }) => versionId === NEWEST.id);
  if (!newest) return [null, null, null];
  const isOld = rankings.some(({ versionId, decile }) => versionId.startsWith("DTKS") && decile !== null);
  return [newest.decile, newest.percentile + 1, isOld ? FIRST_DETERMINED : NEWEST.publishedOn];
}

const bySuffix = (a: MadeMember, b: MadeMember) => (a.suffix < b.suffix ? -1 : 1);

/** What bars a family whoever of it brings it, and that nobody of it is left in the registry. */
function barsOf({ members }: MadeFamily): string[] {
  const isDead = ({ matchStatus, state }: MadeMember) => matchStatus === "DECEASED" || state === "DECEASED";
  const living = members.filter((member) => !isDead(member));
  return [
    ...(living.length === 0 ? ["DECEASED"] : []),
    ...(living.length > 0 && living.every(({ state }) => state !== "ACTIVE") ? ["NOT_REGISTERED"] : []),
    ...(members.some((member) => isServed(member) && member.psks !== null) ? ["SOCIAL_WORKFORCE"] : []),
  ];
}

const FAMILIES = {
  table: "programs.candidate_family",
  fixed: { delivery: String(SYNTHETIC_DELIVERY) },
  columns: ["family_id", "region", "person_id", "decile", "rank", "first_on", "components", "barred"],
  rowsOf: (home: MadeHousehold): Row[] =>
    home.families.map((family) => {
      const served = family.members.filter(isServed).sort(bySuffix);
      const components = served.flatMap((member) => componentsOf(member).slice(0, 1));
      const drawer = drawerOf(served)?.person.id ?? null;
      return [family.id, home.region, drawer, ...standingOf(home), listed(components), listed(barsOf(family))];
    }),
};

const MEMBERS = {
  table: "programs.candidate_member",
  fixed: { delivery: String(SYNTHETIC_DELIVERY) },
  columns: [
    ...["member_id", "family_id", "suffix", "person_id", "match_status", "state", "region", "components", "barred"],
    ...["decile", "rank", "first_on"],
  ],
  rowsOf: (home: MadeHousehold): Row[] =>
    home.families.flatMap((family) =>
      family.members.map((member): Row => {
        const { id, suffix, matchStatus, state, person, psks } = member;
        const personId = matchStatus === "MATCHED" ? person.id : null;
        const bars = listed(psks === null ? [] : ["SOCIAL_WORKFORCE"]);
        const components = listed(isServed(member) ? componentsOf(member) : []);
        return [id, family.id, suffix, personId, matchStatus, state, home.region, components, bars, ...standingOf(home)];
      }),
    ),
};

export const CANDIDATES = [FAMILIES, MEMBERS];

/** The delivery of the synthetic registry, in force unless a real one is. Nobody attested it. Repeatable. */
export const loadSyntheticDelivery = (loader: Loader) =>
  loader.query(
    `insert into programs.target_delivery (number, basis, version, determined_on, received_at, families, members, sha256, state)
     select $1, $2, $3, $4, $4::date, 0, 0, '', case when exists (select from programs.target_delivery where state = 'IN_FORCE') then 'SUPERSEDED' else 'IN_FORCE' end
     on conflict do nothing`,
    [SYNTHETIC_DELIVERY, NEWEST.basis, NEWEST.id, NEWEST.publishedOn],
  );

/** What is true of a whole delivery only: who stands in it twice, and how many there are. */
export const settleSyntheticDelivery = (loader: Loader) =>
  loader.query("select programs.settle_delivery($1)", [SYNTHETIC_DELIVERY]);
