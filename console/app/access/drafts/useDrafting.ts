import { useAnswer } from "../../kit/use/useAnswer.ts";
import { usePages } from "../kit/usePages.ts";
import type { Content, DataClass } from "./draft.ts";
import { DRAFT_BASE, DRAFT_GROUND, OPEN_DRAFTS } from "./questions.ts";

interface VersionLine {
  readonly number: number;
  readonly state: string;
  readonly validFrom: string;
  readonly validTo: string;
  readonly author: { readonly id: string; readonly name: string } | null;
}

/** An agreement with how far each of its versions has come. */
export interface Governed {
  readonly number: string;
  readonly title: string;
  readonly consumer: { readonly code: string; readonly name: string };
  readonly versions: readonly VersionLine[];
}

/** Agreements of all agencies, page after page. */
export function useGoverned() {
  const { nodes: agreements, error } = usePages<Governed>(OPEN_DRAFTS);
  return { agreements, error };
}

export interface Ground {
  readonly agreementVersions:
    | readonly {
        readonly number: number;
        readonly state: string;
        readonly agreement: {
          readonly title: string;
          readonly consumer: { readonly code: string; readonly name: string };
          readonly purpose: { readonly code: string; readonly name: string; readonly citation: string };
          readonly agreement: { readonly reportDue: string | null } | null;
        };
      }[]
    | null;
  readonly dataClasses: readonly DataClass[];
}

export interface Based {
  readonly base: Content | null;
  /** In force now, with which the draft is compared; null: none is. */
  readonly active: Content | null;
}

const IN_FORCE = ["ACTIVE", "SUSPENDED"];

/** Number of the version in force or suspended; 0: none is. */
export const inForceOf = (ground: Ground | undefined): number =>
  ground?.agreementVersions?.find(({ state }) => IN_FORCE.includes(state))?.number ?? 0;

/**
 * What a draft of an agreement begins with. `from`: number of the version taken over; 0: none, from scratch; null: the one in force, else the newest.
 */
export function useDraftGround(agreement: string, from: number | null) {
  const ground = useAnswer<Ground>(DRAFT_GROUND, { agreement });
  const versions = ground.data?.agreementVersions ?? [];
  const active = inForceOf(ground.data);
  const base = from ?? (active || (versions[0]?.number ?? 0));
  const based = useAnswer<Based>(DRAFT_BASE, { agreement, base, active }, { pause: !ground.data });
  const isReady = ground.data !== undefined && based.data !== undefined;
  return { ground: ground.data, based: based.data, base, isReady, error: ground.error ?? based.error };
}
