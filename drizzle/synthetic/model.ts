import type { NikSex } from "../../schema/nik.ts";
import type { disability } from "../tables/population/population.ts";
import type { enrolmentComponent, enrolmentState, PAYMENT_STATES, paymentChannel } from "../tables/programs/programs.ts";
import type { familyRelation, matchStatus, memberState, PSKS_KINDS, ppksKind } from "../tables/welfare/welfare.ts";

type ValueOf<E extends { enumValues: readonly string[] }> = E["enumValues"][number];
export type MatchStatus = ValueOf<typeof matchStatus>;
export type Component = ValueOf<typeof enrolmentComponent>;
export type EnrolmentState = ValueOf<typeof enrolmentState>;
export type PaymentState = (typeof PAYMENT_STATES)[number];
export type Channel = ValueOf<typeof paymentChannel>;
export type PpksKind = ValueOf<typeof ppksKind>;
export type PsksKind = (typeof PSKS_KINDS)[number];
export type Disability = ValueOf<typeof disability>;

export interface MadePerson {
  readonly id: string;
  readonly nik: string;
  readonly fullName: string;
  readonly sex: NikSex;
  readonly birthDate: string;
  readonly birthPlace: string;
  readonly motherName: string;
  readonly isAlive: boolean;
  readonly disability: Disability;
}

/** A registry member and who it really is. */
export interface MadeMember {
  readonly id: string;
  readonly suffix: string;
  readonly relation: ValueOf<typeof familyRelation>;
  readonly matchStatus: MatchStatus;
  readonly claimedName: string;
  readonly claimedNik: string | null;
  readonly state: ValueOf<typeof memberState>;
  readonly ppks: readonly PpksKind[];
  readonly psks: PsksKind | null;
  readonly person: MadePerson;
}

export interface MadeFamily {
  readonly id: string;
  readonly registryNumber: string;
  readonly card: { readonly id: string; readonly number: string; readonly issuedOn: string };
  readonly members: readonly MadeMember[];
}

export interface MadeRanking {
  readonly versionId: string;
  readonly percentile: number;
  readonly decile: number | null;
}

export interface MadePayment {
  readonly id: string;
  readonly period: string;
  readonly startsOn: string;
  readonly endsOn: string;
  readonly amount: number;
  readonly state: PaymentState;
  readonly creditedOn: string | null;
  readonly channel: Channel;
  /** Why it does not go on, or did not arrive: a code of `payment_failure`. */
  readonly failure?: string;
}

export interface MadeEnrolment {
  readonly id: string;
  readonly personId: string;
  readonly program: string;
  readonly state: EnrolmentState;
  readonly component: Component | null;
  readonly startedOn: string;
  readonly endedOn: string | null;
  readonly payments: readonly MadePayment[];
}

/** One household as all slices know it. `rankings`: newest DTSEN version first. `enrolments` follow from it. */
export interface MadeHousehold {
  readonly id: string;
  readonly region: string;
  readonly address: string;
  readonly monthlyIncome: number | null;
  readonly floorArea: number | null;
  readonly surveyedOn: string | null;
  /** Newest DTSEN decile. */
  readonly decile: number | null;
  readonly rankings: readonly MadeRanking[];
  readonly families: readonly MadeFamily[];
  readonly enrolments: readonly MadeEnrolment[];
}
