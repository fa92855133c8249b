/**
 * Whether somebody born on `birthDate` has reached `age` on `today` (ISO days). Born on 29 February, a year is completed on
 * 1 March where there is no 29th. Pure.
 */
export function isAtLeast(birthDate: string, age: number, today: string): boolean {
  const year = String(Number(birthDate.slice(0, 4)) + age).padStart(4, "0");
  return `${year}${birthDate.slice(4)}` <= today;
}
