/** A distributed table and its column. */
interface Spread {
  readonly name: string;
  readonly by: string;
}

/**
 * What the text of a function says that Citus refuses, or answers many times slower, of distributed tables: by words, not by parsing, so
 * a statement built at run time is not seen. Pure; each saying once, in order.
 */
export function sayings(source: string, spread: readonly Spread[]): string[] {
  const statements = withoutComments(source).split(";");
  const found = statements.flatMap((statement) => spread.flatMap((table) => ofStatement(statement, table)));
  return [...new Set(found)];
}

const withoutComments = (source: string) => source.replace(/--[^\n]*/g, "").replace(/\/\*[\s\S]*?\*\//g, "");

function ofStatement(statement: string, { name, by }: Spread): string[] {
  const table = tablePattern(name);
  const said = [moves(statement, table, by) && `moves ${by} of ${name}`];
  const whole = name.replace(".", "\\.");
  const alias = new RegExp(`(?:\\b(?:from|join)\\s+(?:only\\s+)?${table}|,\\s*${whole}\\b)(?:\\s+(?:as\\s+)?(\\w+))?`, "i").exec(
    statement,
  ); // after a comma only with its schema: else any column of that name would count
  if (alias) {
    const names = [alias[1], name.split(".")[1]].filter((known) => known !== undefined);
    said.push(
      locks(statement, names, by) && `locks rows of ${name} without its ${by}`,
      /\bskip\s+locked\b/i.test(statement) && `skips locked rows beside ${name}`,
      /\bwith\s+recursive\b/i.test(statement) && `asks ${name} in a recursive question`,
      /\bleft\s+(?:outer\s+)?join\s+(?:lateral\s+)?unnest\s*\(/i.test(statement) && `left join unnest beside ${name}`,
    );
  }
  return said.filter((saying) => saying !== false);
}

/** With its schema or, under a search path, without; quoted or not. */
function tablePattern(name: string): string {
  const [schema, table] = name.split(".");
  return `(?:"?${schema}"?\\.)?"?\\b${table}\\b"?`;
}

/** Whether an update, or the update of an upsert, assigns the distribution column. */
function moves(statement: string, table: string, by: string): boolean {
  const update = new RegExp(`\\bupdate\\s+(?:only\\s+)?${table}[^=]*?\\bset\\b([\\s\\S]*)`, "i").exec(statement);
  const upsert = new RegExp(`\\binsert\\s+into\\s+${table}[\\s\\S]*\\bdo\\s+update\\s+set\\b([\\s\\S]*)`, "i").exec(statement);
  const assigned = (update ?? upsert)?.[1]?.split(/\b(?:where|from|returning)\b/i)[0] ?? "";
  return new RegExp(`(?:^|,|\\()\\s*"?${by}"?\\s*(?:=|,[^=]*\\)\\s*=|\\)\\s*=)`, "i").test(assigned);
}

/** Whether rows are locked without saying which one by the column: that may be a lock over several shards. */
function locks(statement: string, names: readonly string[], by: string): boolean {
  const lock = /\bfor\s+(?:no\s+key\s+update|key\s+share|update|share)\b(?:\s+of\s+(\w+))?/i.exec(statement);
  if (!lock || (lock[1] !== undefined && !names.includes(lock[1]))) return false;
  const fixed = new RegExp(`(?:\\b(?:${names.join("|")})\\.|[\\s(])"?${by}"?\\s*=(?!\\s*(?:any|all)\\b)`, "i");
  return !fixed.test(statement);
}
