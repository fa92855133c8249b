import { apiOf, newestSupergraph } from "../../../drizzle/policy/ground.ts";
import { knownMetadata } from "../../../schema/metadata/metadata.ts";
import type { Metadata } from "../../../schema/metadata/words.ts";
import type { Asking } from "../../kit/serve/context.ts";

/** Metadata of the schema published last; the same for everybody. */
export const metadata = ({ db }: Asking) => ({
  async ofNewest(): Promise<Metadata> {
    const published = await newestSupergraph(db);
    return knownMetadata({ catalogue: published.catalogue, api: apiOf(published) });
  },
});
