import { createContext, type ReactNode, useContext, useMemo } from "react";
import { useQuery } from "urql";
import { Problem } from "../../kit/Problem.tsx";
import { Loading } from "../../kit/States.tsx";
import { mayEnter, useMe } from "../../shell/me.ts";
import { DUTIES } from "./questions.ts";

/** A duty held today. `region`: it and all below; null: the whole country. */
interface Held {
  readonly role: string;
  readonly region: string | null;
}

export interface Duties {
  readonly registry: readonly Held[];
  readonly aid: readonly Held[];
  /** Holds one of these anywhere. */
  has(roles: readonly string[]): boolean;
  /** Holds one of these over a region; of an unknown region: anywhere. */
  over(roles: readonly string[], region: string | undefined): boolean;
  /** The widest region on duty; null: the whole country, or no duty at all. */
  readonly root: string | null;
  /** Agreements of offices open names of persons; of banks, treasury, education and health fund they do not. */
  readonly readsNames: boolean;
}

interface Answer {
  readonly myDuties?: readonly Held[] | null;
  readonly myAidDuties?: readonly Held[] | null;
}

const Context = createContext<Duties | null>(null);

/** Asks once which duties the person holds, for all pages of the desk. */
export function DutiesProvider({ children }: { readonly children: ReactNode }) {
  const { me } = useMe();
  const [registry, aid] = [mayEnter(["OFFICER"], me), mayEnter(["PROGRAM_OFFICER"], me)];
  const [{ data, error, fetching }] = useQuery<Answer>({ query: DUTIES, variables: { registry, aid }, pause: !registry && !aid });
  const duties = useMemo(() => dutiesOf(data), [data]);
  if (fetching && !data) return <Loading />;
  return (
    <Context value={duties}>
      <Problem error={error} />
      {children}
    </Context>
  );
}

const OTHER_HOUSES = ["BANK", "TREASURY", "EDUCATION", "HEALTH"];

function dutiesOf(answer: Answer | undefined): Duties {
  const registry = answer?.myDuties ?? [];
  const aid = answer?.myAidDuties ?? [];
  const all = [...registry, ...aid];
  const over: Duties["over"] = (roles, region) =>
    all.some((held) => roles.includes(held.role) && (region ?? "").startsWith(region === undefined ? "" : (held.region ?? "")));
  const regions = all.map(({ region }) => region ?? "").sort((a, b) => a.length - b.length);
  const readsNames = all.some(({ role }) => !OTHER_HOUSES.includes(role));
  return { registry, aid, over, has: (roles) => over(roles, undefined), root: regions[0] || null, readsNames };
}

/** Throws outside of a DutiesProvider. */
export function useDuties(): Duties {
  const duties = useContext(Context);
  if (duties === null) throw new Error("no duties around this component");
  return duties;
}
