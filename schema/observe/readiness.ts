export interface Readiness {
  /** What is not ready, in words for operators; empty: all is. */
  readonly unready?: () => readonly string[];
  /** What somebody is to look at although all is ready. */
  readonly alarms?: () => readonly string[];
}

/** What `/ready` answers, on whichever port. */
export function readinessOf({ unready, alarms }: Readiness): { readonly status: 200 | 503; readonly body: object } {
  const [missing, alarming] = [unready?.() ?? [], alarms?.() ?? []];
  const state = missing.length === 0 ? { status: "ready" } : { status: "unready", missing };
  return { status: missing.length === 0 ? 200 : 503, body: { ...state, ...(alarming.length > 0 && { alarms: alarming }) } };
}
