import { foldRollups } from "../kit/figures/rollup.ts";
import { type Occupation, startWorkerOf, type Worker, type WorkerOptions } from "../kit/worker.ts";
import { exchangeTask, replacementTask } from "./contribution/task.ts";
import { findErrorsTask } from "./families/task.ts";
import { carryOrderTask, openPeriodTask } from "./payments/task.ts";
import { promoteTask, publishTask, selectTask, simulateTask } from "./selection/task.ts";

const ALLOCATOR: Occupation = {
  tasks: (work) => ({
    aid_find_errors: async ({ job }) => void (await findErrorsTask(work.pool, job, work.now())),
    aid_open_period: ({ job }) => openPeriodTask(work, job),
    aid_carry_order: ({ job }) => carryOrderTask(work, job),
    aid_pbi_exchange: ({ job }) => exchangeTask(work, job),
    aid_pbi_replacement: ({ job }) => replacementTask(work, job),
    aid_promote: ({ job }) => promoteTask(work, job),
    aid_publish: ({ job }) => publishTask(work, job),
    aid_select: ({ job }) => selectTask(work, job),
    aid_simulate: ({ job }) => simulateTask(work, job),
  }),
  byCalendar: [
    "programs.cancel_school_aids",
    "programs.end_withdrawals",
    "programs.forget_events",
    "programs.search_errors",
    "programs.lapse_pbi_requests",
  ],
  steadily: { rollups: foldRollups("programs") },
};

/** Works for the aid programs until stopped: selections, simulations, payment periods, and what the calendar does by itself. */
export const startAllocator = (options: WorkerOptions): Promise<Worker> => startWorkerOf(ALLOCATOR, options);
