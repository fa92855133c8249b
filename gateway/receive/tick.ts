/** Found and not found differ by a few statements, far less than this. */
const LOOKUP_TICK_MS = 25;
/** Timers may fire this much early. */
const TIMER_ERROR_MS = 1;

/**
 * Resolves on the next tick, counted from `startedAtMs` on performance.now()'s clock: of what leaves then, the time tells only how many ticks
 * it took. MUST be waited for after the last work that depends on whether somebody was found. Costs half a tick on average.
 */
export async function untilTick(startedAtMs: number, tickMs = LOOKUP_TICK_MS): Promise<void> {
  const tookMs = performance.now() - startedAtMs;
  const leavesAt = startedAtMs + Math.max(1, Math.ceil(tookMs / tickMs)) * tickMs;
  for (let left = leavesAt - performance.now(); left > 0; left = leavesAt - performance.now())
    await new Promise((resolve) => setTimeout(resolve, Math.max(TIMER_ERROR_MS, left)));
}
