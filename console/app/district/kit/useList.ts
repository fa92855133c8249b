import { useSearchParams } from "react-router";
import { useAnswer } from "../../kit/use/useAnswer.ts";

export interface Connection<Row> {
  readonly nodes: readonly Row[] | null;
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly totalCount?: number | null;
}

/** A filter of a queue; chosen in the address. `region`: a region below those on duty. */
export type Filter =
  | { readonly name: string; readonly kind: "region" }
  | {
      readonly name: string;
      readonly kind: "choice";
      readonly type: string;
      readonly values: readonly string[];
      readonly preset?: string;
      readonly isNeeded?: boolean;
    };

/** What the address chooses, by the filters' names; nothing where nothing is chosen. `-`: everything, though there is a preset. */
export function useFilters(filters: readonly Filter[]) {
  const [params, setParams] = useSearchParams();
  const chosen = Object.fromEntries(
    filters.map((filter) => {
      const value = params.get(filter.name) ?? ("preset" in filter ? filter.preset : undefined);
      return [filter.name, value === "-" || value === "" ? undefined : value] as const;
    }),
  );
  const put = (part: Readonly<Record<string, string | null>>) =>
    setParams((before) => {
      const next = new URLSearchParams(before);
      for (const [name, value] of Object.entries(part))
        if (value === null) next.delete(name);
        else next.set(name, value);
      return next;
    });
  return { chosen, put, after: params.get("after"), opened: params.get("open") };
}

interface Asked {
  readonly query: string;
  /** The field that answers. */
  readonly root: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly pause?: boolean;
}

/** One page of a queue. */
export function useList<Row>({ query, root, variables, pause = false }: Asked) {
  const { data, error, isLoading, again } = useAnswer<Readonly<Record<string, Connection<Row> | null>>>(query, variables, {
    pause,
  });
  const found = data?.[root];
  return {
    rows: found?.nodes ?? [],
    page: found?.pageInfo,
    total: found?.totalCount ?? null,
    error,
    isLoading,
    again,
  };
}
