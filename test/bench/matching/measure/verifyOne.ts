import { readClaim } from "../../../../subgraphs/population/matching/verify/claim.ts";
import { type Identity, verifyElements } from "../../../../subgraphs/population/matching/verify/verify.ts";
import type { Claimed } from "../data/world.ts";

export interface VerifyFigures {
  readonly claims: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly worstMs: number;
}

const WARM = 2000;
const TODAY = "2026-11-21";

/** How long one verification takes within the process, without the database: claims are what a file says, identities what the register has. */
export function measureVerify(claimed: readonly Claimed[]): VerifyFigures {
  for (const one of claimed.slice(0, WARM)) verify(one);
  const times: number[] = [];
  for (const one of claimed) {
    const startedAt = performance.now();
    verify(one);
    times.push(performance.now() - startedAt);
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
  return { claims: times.length, p50Ms: at(0.5), p99Ms: at(0.99), worstMs: at(1) };
}

function verify({ person, row }: Claimed): void {
  const { claim } = readClaim(inputOf(row), TODAY);
  verifyElements(identityOf(person), claim, { threshold: 80, tellsExistence: false });
}

const inputOf = ({ nik, name, birthPlace, birthDate, sex, motherName, familyCard, village }: Claimed["row"]) => ({
  nik,
  fullName: name,
  birthPlace,
  birthDate,
  sex,
  motherName,
  familyCardNumber: familyCard,
  address: "JL MERDEKA NO 1 RT 001 RW 002",
  region: village,
});

const identityOf = (person: Claimed["person"]): Identity => ({
  nik: person.nik,
  fullName: person.name,
  birthPlace: person.birthPlace,
  birthDate: person.birthDate,
  sex: person.sex,
  motherName: person.motherName,
  address: "JALAN MERDEKA NOMOR 1 RT 001 RW 002",
  region: person.village,
  familyCardNumber: person.familyCard,
  isAlive: person.state !== "DECEASED",
  outOfService: person.state === "INACTIVE" ? "INACTIVE" : null,
});
