import { foldRollups } from "../kit/figures/rollup.ts";
import { type Occupation, startWorkerOf, type Tick, tickOf, type Worker, type WorkerOptions } from "../kit/worker.ts";
import { determineTask, previewTask } from "./determination/task.ts";
import { freshenScores, qualityTask } from "./quality/task.ts";
import { rankTask } from "./ranking/task.ts";

const REGISTRAR: Occupation = {
  tasks: (work) => ({
    registry_preview: ({ job }) => previewTask(work, job),
    registry_determine: ({ job }) => determineTask(work, job),
    registry_rank: ({ job }) => rankTask(work, job),
    registry_quality: ({ job }) => qualityTask(work.pool, job, work.now()),
  }),
  byCalendar: ["welfare.expire_proposals", "welfare.lapse_objections", "welfare.draft_changes", "welfare.wait_a_day"],
  steadily: { scorecards: freshenScores, rollups: foldRollups("welfare") },
};

/** Works for the registry until stopped: determinations, ranks, scorecards, and what the calendar does by itself. */
export const startRegistrar = (options: WorkerOptions): Promise<Worker> => startWorkerOf(REGISTRAR, options);

/** One round of what nobody asks for. */
export const tick = (round: Tick): Promise<void> => tickOf(REGISTRAR, round);
