import { buildSchema, type GraphQLSchema } from "graphql";
import { useEffect, useState } from "react";
import { headersUnder, useAsking } from "../../kit/ask.tsx";

interface Told {
  readonly schema: GraphQLSchema | null;
  /** The hub would not tell it. */
  readonly isMissing: boolean;
}

/** The schema as the chosen agreement shows it. */
export function useSchema(): Told {
  const { agreement, caseNumber } = useAsking();
  const [told, tell] = useState<Told>({ schema: null, isMissing: false });
  useEffect(() => {
    const leaving = new AbortController();
    fetch("/schema.graphql", { headers: headersUnder(agreement, caseNumber), signal: leaving.signal })
      .then(async (answer) =>
        tell(answer.ok ? { schema: schemaOf(await answer.text()), isMissing: false } : { schema: null, isMissing: true }),
      )
      .catch(() => leaving.signal.aborted || tell({ schema: null, isMissing: true }));
    return () => leaving.abort();
  }, [agreement, caseNumber]);
  return told;
}

const schemaOf = (sdl: string): GraphQLSchema => buildSchema(sdl, { assumeValid: true });
