import { Text } from "@mantine/core";
import { useText } from "../../kit/text.tsx";
import { ActBar } from "../acts/ActBar.tsx";
import type { Act, Seen } from "../acts/act.ts";
import { IDENTIFY_OBJECTION } from "./questions.ts";

interface Recipient {
  readonly id: string;
  readonly claimedName: string | null;
  readonly household: { readonly address: string | null } | null;
}
/** An objection to somebody who is named. */
export interface Named extends Seen {
  readonly state: string;
  readonly claimedName: string | null;
  readonly candidates: readonly Recipient[] | null;
  readonly member: object | null;
  readonly region: { readonly code: string } | null;
}

const ANOTHER = "ANOTHER";

/** Those of the village whose names are like it, or anybody of a household on duty. */
const identifying = (by: readonly string[], candidates: readonly Recipient[]): Act<Named> => ({
  ...{ name: "identifyObjection", document: IDENTIFY_OBJECTION, by },
  fits: () => true,
  fields: [
    {
      ...{ name: "candidate", kind: "pick" },
      options: [
        ...candidates.map(({ id, claimedName, household }) => ({
          value: id,
          label: [claimedName, household?.address].join(" · "),
        })),
        { value: ANOTHER },
      ],
    },
    { name: "member", kind: "member", when: ({ candidate }) => candidate === ANOTHER },
  ],
  variables: ([one], { candidate, member }) => ({ id: one?.id, member: candidate === ANOTHER ? member : candidate }),
});

interface IdentifyProps {
  readonly of: Named;
  /** Duties of which it takes one. */
  readonly by: readonly string[];
  readonly again: () => void;
}

/** Whom an objection by name is about: said once by whoever reviews it, and never to who objects. */
export function Identify({ of, by, again }: IdentifyProps) {
  const { t } = useText();
  if (of.member !== null || of.claimedName === null) return null;
  return (
    <>
      <Text c="dimmed">{t("district.objection.named", { name: of.claimedName })}</Text>
      {(of.state === "UNDER_REVIEW" || of.state === "APPEALED") && (
        <ActBar acts={[identifying(by, of.candidates ?? [])]} rows={[of]} nameOf={() => of.claimedName ?? ""} onDone={again} />
      )}
    </>
  );
}
