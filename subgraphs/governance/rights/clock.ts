/** The clock of a data subject's request (UU 27/2022 art. 30, 32, 40, 41: 3 × 24 hours). Pure. */

const HOUR = 60 * 60 * 1000;
const TIME_LIMIT = 3 * 24 * HOUR;
const ESCALATION = 24 * HOUR;

type ClockState = "ON_TIME" | "DUE_SOON" | "OVERDUE";

/** When a request must be answered: hours, so weekends and holidays count. */
export const dueAfter = (receivedAt: Date): Date => new Date(receivedAt.getTime() + TIME_LIMIT);

/** How a request stands at an instant; one that is closed, as it stood when it was. The last instant is still on time. */
export function clockOf(
  { dueAt, closedAt }: { readonly dueAt: string; readonly closedAt: string | null },
  now: Date,
): ClockState {
  const left = Date.parse(dueAt) - (closedAt === null ? now.getTime() : Date.parse(closedAt));
  if (left < 0) return "OVERDUE";
  return closedAt === null && left <= ESCALATION ? "DUE_SOON" : "ON_TIME";
}
