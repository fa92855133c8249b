import type { CombinedError } from "@urql/core";
import { useEffect, useState } from "react";
import { useClient } from "urql";

interface Page<Node> {
  readonly nodes: readonly Node[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

interface Asked<Node> {
  /** Undefined while they are asked for. */
  readonly nodes: readonly Node[] | undefined;
  readonly error: CombinedError | undefined;
}

/** All nodes of a connection, page after page. `document` takes `$after` and has the connection as its one field. */
export function usePages<Node>(document: string): Asked<Node> {
  const client = useClient();
  const [answered, setAnswered] = useState<{ readonly by: typeof client; readonly document: string } & Asked<Node>>();
  useEffect(() => {
    let isWanted = true;
    const all = async (): Promise<Asked<Node>> => {
      const nodes: Node[] = [];
      for (let after: string | null | undefined = null; after !== undefined; ) {
        const { data, error } = await client
          .query<Readonly<Record<string, Page<Node> | null>>, { after: string | null }>(
            document,
            { after },
            { requestPolicy: "network-only" },
          )
          .toPromise();
        const page: Page<Node> | null | undefined = Object.values(data ?? {})[0];
        if (!page) return { nodes: undefined, error };
        nodes.push(...page.nodes);
        after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : undefined;
      }
      return { nodes, error: undefined };
    };
    void all().then((found) => isWanted && setAnswered({ ...found, by: client, document }));
    return () => {
      isWanted = false;
    };
  }, [client, document]);
  return answered?.by === client && answered.document === document ? answered : { nodes: undefined, error: undefined };
}
