import { portionOf } from "../../../schema/values/rupiah.ts";
import type { Component } from "../model.ts";

/** Yearly amounts of PKH 2024–2025, whole rupiah, in the order of the decree's table. */
export const PKH_YEAR: Readonly<Partial<Record<Component, number>>> = {
  PREGNANCY: 3_000_000,
  EARLY_CHILDHOOD: 3_000_000,
  PRIMARY: 900_000,
  JUNIOR: 1_500_000,
  SENIOR: 2_000_000,
  ELDERLY: 2_400_000,
  SEVERE_DISABILITY: 2_400_000,
};

const MEMBERS_A_FAMILY = 4;
const SMALL_CHILDREN = 2;

/** Components that count for a family: dearest first, at most four people, two of them small children. */
export function countedComponents(components: readonly Component[]): Component[] {
  const year = (component: Component) => PKH_YEAR[component] ?? 0;
  const small = components.filter((component) => component === "EARLY_CHILDHOOD").slice(0, SMALL_CHILDREN);
  const others = components.filter((component) => component !== "EARLY_CHILDHOOD");
  return [...small, ...others].sort((a, b) => year(b) - year(a)).slice(0, MEMBERS_A_FAMILY);
}

/** What a family gets for some months: each component rounded down by itself, as in the decree's table. */
export const pkhAmount = (counted: readonly Component[], months: number): number =>
  counted.reduce((sum, component) => sum + portionOf(PKH_YEAR[component] ?? 0, months), 0);
