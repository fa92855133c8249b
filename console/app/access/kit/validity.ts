import { day } from "../../kit/format.ts";
import { wibDay } from "../drafts/draft.ts";

/** The first day of something that begins at an instant: days of agreements are days in WIB. */
export const firstDay = (from: string): string => day(wibDay(from));

/** The last day of something that ends before an instant. */
export const lastDay = (to: string): string => day(wibDay(new Date(Date.parse(to) - 1).toISOString()));
