import { DERIVATIONS, type DerivationName, type Expression } from "../../spec.ts";
import { type At, fault } from "./shape.ts";

/** Which names an expression may use. */
export interface Names {
  readonly columns: ReadonlyMap<string, { readonly as: string }>;
  readonly derived: ReadonlySet<string>;
}

const MOST_NESTED = 20;
const WITH_LENGTH: readonly DerivationName[] = ["prefix", "suffix"];
const OF_SEVERAL: readonly DerivationName[] = ["sorted", "concat"];
/** They let one row ask for values that the other has: nothing to compare. */
const FOR_KEYS: readonly DerivationName[] = ["swapDayMonth", "eitherDayMonth", "nearYear"];
const OF_DATE: readonly DerivationName[] = ["year", "month", "day", ...FOR_KEYS];

/** `firstSkeleton(name)`, `sorted(given,surname)`, `prefix(sorted(given,surname),3)`; null, and faults told, when it is none. */
export function expressionAt(at: At, names: Names): Expression | null {
  if (typeof at.value !== "string") {
    fault(at, "must be a text such as firstSkeleton(name)");
    return null;
  }
  const tokens =
    at.value
      .match(/[(),]|[^(),]+/g)
      ?.map((token) => token.trim())
      .filter((token) => token !== "") ?? [];
  const count = at.faults.length;
  const expression = new ExpressionReader(tokens, at, names).whole();
  return at.faults.length === count ? expression : null;
}

class ExpressionReader {
  readonly #tokens: readonly string[];
  readonly #place: At;
  readonly #names: Names;
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly string[], place: At, names: Names) {
    this.#tokens = tokens;
    this.#place = place;
    this.#names = names;
  }

  whole(): Expression | null {
    const expression = this.#expression();
    if (this.#at < this.#tokens.length) this.#fail(`has “${this.#tokens[this.#at]}” too much`);
    return expression;
  }

  #expression(): Expression | null {
    const name = this.#tokens[this.#at] ?? "";
    if (name === "" || /^[(),]$/.test(name)) return this.#fail("lacks the name of a column or function");
    this.#at += 1;
    if (this.#tokens[this.#at] === "(") return this.#call(name);
    const { columns, derived } = this.#names;
    if (columns.has(name) || derived.has(name)) return { column: name };
    return this.#fail(`names “${name}”, which is neither in columns nor in derive`);
  }

  #call(name: string): Expression | null {
    const call = DERIVATIONS.find((known) => known === name);
    if (!call) return this.#fail(`names the function “${name}”; there are ${DERIVATIONS.join(", ")}`);
    if (this.#depth === MOST_NESTED) return this.#fail(`nests more than ${MOST_NESTED} functions`);
    this.#depth += 1;
    const { of, length } = this.#arguments(WITH_LENGTH.includes(call));
    this.#depth -= 1;
    if (this.#tokens[this.#at] === ")") this.#at += 1;
    else return this.#fail(`lacks a closing bracket of ${name}(`);
    if (WITH_LENGTH.includes(call) && length === 0) return this.#fail(`must say how many characters: ${name}(column,3)`);
    if (of.length > 1 && !OF_SEVERAL.includes(call)) return this.#fail(`gives ${name} more than one value`);
    const [first] = of;
    if (OF_DATE.includes(call) && first && !this.#isDate(first)) return this.#fail(`gives ${name} what is not a date column`);
    return { call, of, length };
  }

  #arguments(mayEndInLength: boolean): { of: Expression[]; length: number } {
    const of: Expression[] = [];
    do {
      this.#at += 1;
      const token = this.#tokens[this.#at] ?? "";
      if (mayEndInLength && of.length > 0 && /^[1-9][0-9]{0,3}$/.test(token)) {
        this.#at += 1;
        return { of, length: Number(token) };
      }
      const expression = this.#expression();
      if (!expression) break;
      of.push(expression);
    } while (this.#tokens[this.#at] === ",");
    return { of, length: 0 };
  }

  #isDate(expression: Expression): boolean {
    return "column" in expression && this.#names.columns.get(expression.column)?.as === "date";
  }

  /** The first fault tells; what follows from it would only confuse. */
  #fail(message: string): null {
    if (!this.#isFaulty) fault(this.#place, message);
    this.#isFaulty = true;
    return null;
  }

  #isFaulty = false;
}

/** Whether an expression is for keys only. */
export const isForKeys = (expression: Expression): boolean =>
  !("column" in expression) && (FOR_KEYS.includes(expression.call) || expression.of.some(isForKeys));

/** Derivations that stand for themselves, by way of others or directly. */
export function cyclic(derive: ReadonlyMap<string, Expression>): string[] {
  const reaches = (from: Expression, name: string, seen: Set<string>): boolean => {
    if (!("column" in from)) return from.of.some((inner) => reaches(inner, name, seen));
    const meant = derive.get(from.column);
    if (from.column === name) return true;
    if (!meant || seen.has(from.column)) return false;
    seen.add(from.column);
    return reaches(meant, name, seen);
  };
  return [...derive].filter(([name, expression]) => reaches(expression, name, new Set())).map(([name]) => name);
}
