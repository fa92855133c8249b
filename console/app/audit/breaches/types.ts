import type { Said } from "../kit/said.ts";

/** A case in the list. */
export interface Listed {
  readonly number: string;
  readonly title: string;
  readonly isDrill: boolean;
  readonly state: string;
  readonly detectedAt: string;
  readonly dueAt: string;
  readonly secondsLeft: number | null;
  readonly searchedAt: string | null;
  readonly entries: number | null;
}

/** A case whole. */
export interface BreachCase extends Listed {
  readonly windowFrom: string;
  readonly windowTo: string;
  readonly client: string | null;
  readonly coordinates: readonly string[] | null;
  readonly disclosed: readonly string[] | null;
  readonly description: string;
  readonly handling: string;
  readonly openedBy: string;
  readonly searchedTo: string | null;
  readonly counts: readonly { readonly type: string; readonly subjects: number }[] | null;
  readonly unnamed: number | null;
  readonly noticeToSubjects: Said | null;
  readonly noticeToAuthority: Said | null;
  readonly subjectsNotifiedAt: string | null;
  readonly authorityNotifiedAt: string | null;
  readonly closedBy: string | null;
  readonly closedAt: string | null;
}
