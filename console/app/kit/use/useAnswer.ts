import type { RequestPolicy } from "@urql/core";
import { useMemo } from "react";
import { type AnyVariables, createRequest, useClient, useQuery } from "urql";

interface Options {
  /** Nothing is asked yet. */
  readonly pause?: boolean;
  readonly policy?: RequestPolicy;
  /** Types of which a mutation may make the first: until then the answer holds none, and nothing else would tell that it is to be asked anew. A constant. */
  readonly mayHold?: readonly string[];
}

/** As `useQuery`; but what was answered to another question, or under another agreement, is about something else and is no data here. */
export function useAnswer<T>(
  query: string,
  variables: AnyVariables & object = {},
  { pause = false, policy, mayHold }: Options = {},
) {
  const client = useClient();
  const context = useMemo(
    () => ({
      askedBy: client,
      ...(policy && { requestPolicy: policy }),
      ...(mayHold && { additionalTypenames: [...mayHold] }),
    }),
    [client, policy, mayHold],
  );
  const [{ data, error, fetching, extensions, operation }, again] = useQuery<T>({ query, variables, pause, context });
  const isAnswer = operation?.key === createRequest(query, variables).key && operation.context["askedBy"] === client;
  const isLoading = !pause && (!isAnswer || (fetching && data === undefined));
  return {
    data: isAnswer ? data : undefined,
    error: isAnswer && !isLoading ? error : undefined,
    isLoading,
    /** Also while what is shown is asked anew. */
    isAsking: fetching,
    extensions,
    again: () => again({ ...context, requestPolicy: "network-only" }),
  };
}
