import { createContext, type ReactNode, useContext, useMemo } from "react";
import { useQuery } from "urql";
import { Problem } from "../../kit/Problem.tsx";
import { Loading } from "../../kit/States.tsx";
import { GROUND } from "../questions.ts";
import { COUNTRY } from "./asked.ts";
import type { Cube } from "./cells.ts";

interface Ground {
  /** Throws where no cube is registered by the code. */
  cubeOf(code: string): Cube;
  readonly cubes: readonly Cube[];
  /** Regions of the agreement; `0`: the whole country. */
  readonly regions: readonly string[];
  /** Where whoever asks begins. */
  readonly home: string;
}

interface Answered {
  readonly cubes: readonly Cube[] | null;
  readonly me: { readonly agreement: { readonly regions: readonly string[] | null } | null } | null;
}

const Context = createContext<Ground | null>(null);

/** What there is to ask, and where the agreement's regions lie: known before any view. */
export function GroundProvider({ children }: { readonly children: ReactNode }) {
  const [{ data, error }] = useQuery<Answered>({ query: GROUND });
  const ground = useMemo(() => (data?.cubes ? groundOf(data.cubes, data.me?.agreement?.regions ?? [COUNTRY]) : null), [data]);
  if (ground) return <Context value={ground}>{children}</Context>;
  return error ? <Problem error={error} /> : <Loading />;
}

function groundOf(cubes: readonly Cube[], regions: readonly string[]): Ground {
  const byCode = new Map(cubes.map((cube) => [cube.code, cube]));
  const cubeOf = (code: string): Cube => {
    const cube = byCode.get(code);
    if (!cube) throw new Error(`no cube is registered as ${code}`);
    return cube;
  };
  return { cubes, cubeOf, regions, home: regions.includes(COUNTRY) ? COUNTRY : (regions[0] ?? COUNTRY) };
}

/** Throws outside of a GroundProvider. */
export function useGround(): Ground {
  const ground = useContext(Context);
  if (ground === null) throw new Error("no cubes are known around this component");
  return ground;
}
