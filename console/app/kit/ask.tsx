import { Client, cacheExchange, fetchExchange } from "@urql/core";
import { createContext, type ReactNode, useContext, useMemo } from "react";
import { Provider } from "urql";
import { useStored } from "./use/useStored.ts";

interface Asking {
  /** Number of the agreement that questions are asked under; null: the only one there is. */
  readonly agreement: string | null;
  /** Case that questions are asked for; null: none. */
  readonly caseNumber: string | null;
  choose(agreement: string | null): void;
  name(caseNumber: string | null): void;
}

const Context = createContext<Asking | null>(null);

/** Asks the hub this page comes from, by the session of the browser, under the agreement chosen. */
export function AskProvider({ children }: { readonly children: ReactNode }) {
  const [agreement, choose] = useStored("agreement");
  const [caseNumber, name] = useStored("case");
  const client = useMemo(() => clientUnder(agreement, caseNumber), [agreement, caseNumber]);
  const asking = useMemo(() => ({ agreement, caseNumber, choose, name }), [agreement, caseNumber, choose, name]);
  return (
    <Context value={asking}>
      <Provider value={client}>{children}</Provider>
    </Context>
  );
}

/** Throws outside of an AskProvider. */
export function useAsking(): Asking {
  const asking = useContext(Context);
  if (asking === null) throw new Error("nothing is asked around this component");
  return asking;
}

const clientUnder = (agreement: string | null, caseNumber: string | null): Client =>
  new Client({
    url: "/graphql",
    preferGetMethod: false,
    exchanges: [cacheExchange, fetchExchange],
    requestPolicy: "cache-and-network",
    fetchOptions: { headers: headersUnder(agreement, caseNumber) },
  });

/** Of requests to the hub that are no GraphQL, too. */
export const headersUnder = (agreement: string | null, caseNumber: string | null): Record<string, string> => ({
  "accept-language": document.documentElement.lang,
  ...(agreement !== null && { "hub-agreement": agreement }),
  ...(caseNumber !== null && { "hub-case": caseNumber }),
});
