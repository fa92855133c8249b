import { day } from "../../kit/format.ts";
import { wibDay } from "../drafts/draft.ts";

/** From when to before when something holds: days of agreements are WIB wherever they are read. */
export const period = (from: string, to: string): string => `${day(wibDay(from))} – ${day(wibDay(to))}`;
