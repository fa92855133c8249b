import { expect, test } from "vitest";
import { endOf } from "../../../console/app/audit/kit/days.ts";
import { filterOf, wantedIn } from "../../../console/app/audit/record/filter.ts";

test("what holds until a day holds on all of it in western Indonesia, wherever it is read", () => {
  expect(endOf("2026-11-30")).toBe("2026-11-30T17:00:00.000Z");
  expect(endOf("2026-12-31")).toBe("2026-12-31T17:00:00.000Z");
});

test("a search from a day to the same day finds all of that day, and asks nothing that was not said", () => {
  const wanted = wantedIn(new URLSearchParams("from=2026-11-30&to=2026-11-30&status=QUOTA_EXCEEDED"));
  const { from = "", to = "", ...rest } = filterOf(wanted, "");
  expect(Date.parse(to) - Date.parse(from)).toBe(24 * 60 * 60 * 1000);
  expect(rest).toEqual({ status: "QUOTA_EXCEEDED" });
});
