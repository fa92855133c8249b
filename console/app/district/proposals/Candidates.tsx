import { Button, Group, Stack, Table, Text } from "@mantine/core";
import { useState } from "react";
import { day } from "../../kit/format.ts";
import { useText } from "../../kit/text.tsx";
import { ActDialog } from "../acts/ActDialog.tsx";
import { useDuties } from "../kit/duties.tsx";
import { State } from "../kit/Facts.tsx";
import { useNames } from "../kit/names.ts";
import { repairOf } from "./repair.ts";
import type { Candidate, Whole } from "./types.ts";

/** Those proposed: what is claimed beside what the register says, and the register's verdict in words. */
export function Candidates({ proposal, again }: { readonly proposal: Whole; readonly again: () => void }) {
  const { t } = useText();
  const { over } = useDuties();
  const [mended, mend] = useState<Candidate | null>(null);
  const act = mended && repairOf(mended);
  const done = () => {
    mend(null);
    again();
  };
  const mayRepair = (candidate: Candidate) => {
    const { by, fits } = repairOf(candidate);
    return fits(proposal) && over(by, proposal.region?.code);
  };
  return (
    <Stack gap="md">
      {proposal.candidates?.map((candidate) => (
        <div key={candidate.id}>
          <Group justify="space-between">
            <Verdict candidate={candidate} />
            {mayRepair(candidate) && (
              <Button size="xs" variant="default" onClick={() => mend(candidate)}>
                {t("district.act.repair")}
                <span className="desk-hidden"> {candidate.claimedName}</span>
              </Button>
            )}
          </Group>
          <Compared candidate={candidate} />
        </div>
      ))}
      {act && (
        <ActDialog
          act={act}
          rows={[proposal]}
          nameOf={() => mended.claimedName ?? ""}
          about={{ id: mended.id, region: proposal.region?.code ?? "" }}
          onClose={() => mend(null)}
          onDone={done}
        />
      )}
    </Stack>
  );
}

function Verdict({
  candidate: { claimedName, relation, matchStatus, matchReasons, validatedAt },
}: {
  readonly candidate: Candidate;
}) {
  const { t } = useText();
  const name = useNames();
  const why = (matchReasons ?? []).map((one) => t("district.proposal.differs", { element: name("PersonElement", one) }));
  return (
    <div>
      <Text fw={600}>
        {claimedName} · {name("FamilyRelation", relation)}
      </Text>
      <Text size="sm">
        {validatedAt ? (
          <>
            <State type="MatchStatus" value={matchStatus} />. {t(`district.verdict.${matchStatus}`)}
          </>
        ) : (
          t("district.proposal.waits")
        )}{" "}
        {why.join("; ")}
      </Text>
    </div>
  );
}

/** A NIK is shown masked: whether it is the same only the verdict tells. */
const isUnlike = (element: string, claimed: string | null, registered: string | null | undefined): boolean =>
  element !== "nik" && claimed !== null && registered != null && claimed.trim().toUpperCase() !== registered.trim().toUpperCase();

function Compared({ candidate }: { readonly candidate: Candidate }) {
  const { t } = useText();
  const name = useNames();
  const { person } = candidate;
  const rows = [
    ["name", candidate.claimedName, person?.fullName],
    ["birthDate", candidate.claimedBirthDate && day(candidate.claimedBirthDate), person?.birthDate && day(person.birthDate)],
    ["birthPlace", candidate.claimedBirthPlace, person?.birthPlace],
    ["sex", name("Sex", candidate.claimedSex), person?.sex && name("Sex", person.sex)],
    ["nik", candidate.claimedNik, person?.nik],
    ["cardNumber", candidate.claimedCardNumber, undefined],
  ] as const;
  return (
    <Table className="desk-compare" verticalSpacing={2}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("district.column.element")}</Table.Th>
          <Table.Th>{t("district.column.claimed")}</Table.Th>
          <Table.Th>{t("district.column.registered")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map(([element, claimed, registered]) => (
          <Table.Tr key={element} className={isUnlike(element, claimed, registered) ? "desk-unlike" : undefined}>
            <Table.Th scope="row">{t(`district.column.${element}`)}</Table.Th>
            <Table.Td>{claimed || "–"}</Table.Td>
            <Table.Td>
              {registered || "–"} {isUnlike(element, claimed, registered) && <strong>≠ {t("district.kit.differs")}</strong>}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
