import type { Catalogue } from "../../../sdl/catalogue.ts";

/** Official Indonesian term of a coordinate: the first words of its description; its own name where nothing is said. */
export function termOf({ entries }: Catalogue, coordinate: string): string {
  const [first = ""] = (entries.get(coordinate)?.description ?? "").split(/\s[—–]\s|\.(?:\s|$)|\n/);
  return first.trim() || memberOf(coordinate);
}

/** `nik` of `Person.nik`, `personByNik(nik:)` of `Query.personByNik(nik:)`. */
export const memberOf = (coordinate: string): string => coordinate.slice(coordinate.indexOf(".") + 1);

export const typeOf = (coordinate: string): string => coordinate.slice(0, coordinate.indexOf("."));

/** `Person.nik (NIK)`. */
export const named = (catalogue: Catalogue, coordinate: string): string => `${coordinate} (${termOf(catalogue, coordinate)})`;

/** `nik (NIK), fullName (Nama lengkap)`: members of one type, in order. */
export const membersNamed = (catalogue: Catalogue, coordinates: readonly string[]): string =>
  coordinates.map((coordinate) => `${memberOf(coordinate)} (${termOf(catalogue, coordinate)})`).join(", ");
