import type { CombinedError } from "urql";
import { useAnswer } from "../../kit/use/useAnswer.ts";
import { CELLS } from "../questions.ts";
import { type Asked, variablesOf } from "./asked.ts";
import type { Cell } from "./cells.ts";

/** What the hub answered about a cube, and where that is on record. */
export interface Answer {
  readonly asked: Asked;
  readonly cells: readonly Cell[];
  /** There are more rows than a page has. */
  readonly isCut: boolean;
  readonly isLoading: boolean;
  /** The figures are not there. Names of regions that are missing are no error here: the codes stand in for them. */
  readonly error: CombinedError | undefined;
  readonly record: OnRecord;
}

export interface OnRecord {
  readonly agreement?: string;
  readonly version?: number;
  readonly receipt?: { readonly id: string };
}

interface Answered {
  readonly statistics: {
    readonly nodes: readonly Cell[] | null;
    readonly pageInfo: { readonly hasNextPage: boolean } | null;
  } | null;
}

/** Asks anew when the question changes. */
export function useCells(asked: Asked): Answer {
  const { data, error, isLoading, extensions } = useAnswer<Answered>(CELLS, variablesOf(asked));
  const { nodes = null, pageInfo = null } = data?.statistics ?? {};
  return {
    asked,
    cells: nodes ?? [],
    isCut: pageInfo?.hasNextPage ?? false,
    isLoading,
    error: nodes === null ? error : undefined,
    record: (extensions?.["governance"] ?? {}) as OnRecord,
  };
}
