import type { Loader } from "../../../drizzle/copy.ts";
import { JobConflict } from "./upload/upload.ts";

/**
 * Freezes what a job that is DONE has learned: jobs of its source use it from now on, unless a newer one is frozen. For the workers' role, and for
 * people who have read the job's report. Answers the version.
 */
export async function freezeModel(loader: Loader, job: string): Promise<number> {
  const [frozen] = await loader.query<{ version: number }>(
    `insert into match.artefact (source, version, model, hash)
     select source, 1 + coalesce((select max(version) from match.artefact a where a.source = j.source), 0), model,
       encode(sha256(convert_to(model::text, 'UTF8')), 'hex')
     from match.job j where id = $1 and state = 'DONE' and model is not null returning version`,
    [job],
  );
  if (!frozen) throw new JobConflict("only a job that is DONE, and learned a model of its own, has one to freeze");
  return frozen.version;
}
