import type { Group, Rows } from "./row.ts";
import { DATA } from "./rows/data.ts";
import { MACHINE } from "./rows/machine.ts";
import { PARTNERS } from "./rows/partners.ts";
import { RECORD } from "./rows/record.ts";
import { RUNNING } from "./rows/running.ts";

/** All commands, as `npx hub help` lists them. */
export const GROUPS: readonly Group[] = [RUNNING, PARTNERS, DATA, RECORD, MACHINE];

export const COMMANDS: Rows = Object.assign({}, ...GROUPS.map(({ rows }) => rows));
