import { dayInWib } from "../../../schema/values/wib.ts";
import { acting } from "../../kit/acts/acting.ts";
import { badInput } from "../../kit/errors.ts";
import type { Asking } from "../../kit/serve/context.ts";
import type { CalendarWindowInput } from "../generated.ts";
import { onDuty } from "../office/duty.ts";
import { insertWindows, type WindowRow, windowsOn } from "./data.ts";

const MOST = 10;
const LAST_DAY = 31;

/** The calendar of proposals: windows of days of each month, by step. */
export const calendar = (asking: Asking) => ({
  windowsOn: (day: string | null): Promise<WindowRow[]> => windowsOn(asking.db, day ?? dayInWib(asking.now)),
  set: (windows: readonly CalendarWindowInput[]): Promise<WindowRow[]> =>
    acting(asking)(async (act) => {
      await onDuty(act, ["MINISTRY"], "");
      const faults = windows.length >= 1 && windows.length <= MOST ? windows.flatMap(faultsOf) : [`windows must be 1 to ${MOST}`];
      if (faults.length > 0) throw badInput(faults.join("; "));
      return insertWindows(act.db, [...windows]);
    }),
});

function faultsOf({ era, fromDay, toDay, source }: CalendarWindowInput, at: number): string[] {
  const rules: readonly (readonly [isMet: boolean, fault: string])[] = [
    [/^[\w.-]{1,20}$/.test(era), "era must have 1 to 20 letters, digits and . _ -"],
    [fromDay >= 1 && fromDay <= toDay && toDay <= LAST_DAY, `fromDay and toDay must be days from 1 to ${LAST_DAY}, in order`],
    [source.trim().length >= 1 && source.length <= 200, "source must have 1 to 200 characters"],
  ];
  return rules.filter(([isMet]) => !isMet).map(([, fault]) => `windows[${at}].${fault}`);
}
