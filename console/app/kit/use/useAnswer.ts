import type { RequestPolicy } from "@urql/core";
import { useMemo } from "react";
import { type AnyVariables, createRequest, useClient, useQuery } from "urql";

interface Options {
  /** Nothing is asked yet. */
  readonly pause?: boolean;
  readonly policy?: RequestPolicy;
}

/** As `useQuery`; but what was answered to another question, or under another agreement, is about something else and is no data here. */
export function useAnswer<T>(query: string, variables: AnyVariables & object = {}, { pause = false, policy }: Options = {}) {
  const client = useClient();
  const context = useMemo(() => ({ askedBy: client, ...(policy && { requestPolicy: policy }) }), [client, policy]);
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
