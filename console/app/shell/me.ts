import { useQuery } from "urql";
import { ME } from "./questions.ts";

export interface Me {
  readonly client: string;
  readonly agency: { readonly code: string; readonly name: string };
  readonly agreement: {
    readonly number: string;
    readonly title: string;
    readonly purpose: { readonly code: string; readonly name: string };
  };
  /** Null: a service asks, no person. */
  readonly steward: { readonly id: string; readonly name: string; readonly roles: readonly string[] } | null;
}

/** Who asks, and under which agreement. */
export function useMe() {
  const [{ data, error, fetching, stale }, again] = useQuery<{ readonly me: Me }>({ query: ME });
  return { me: data?.me, error, isLoading: fetching && !stale && !data, again };
}

export const mayEnter = (roles: readonly string[], me: Me | undefined): boolean =>
  roles.length === 0 || (me?.steward?.roles.some((role) => roles.includes(role)) ?? false);
