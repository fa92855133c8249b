import { Button, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { day } from "../../kit/format.ts";
import { useText } from "../../kit/text.tsx";
import { ActBar } from "../acts/ActBar.tsx";
import { ActDialog } from "../acts/ActDialog.tsx";
import { useDuties } from "../kit/duties.tsx";
import { Facts } from "../kit/Facts.tsx";
import { useNames } from "../kit/names.ts";
import type { Visit, Whole } from "../proposals/types.ts";
import { recordOf, VISIT_ACTS } from "./acts.ts";

interface VisitsProps {
  readonly proposal: Whole;
  readonly again: () => void;
}

/** Visits to the household, and what came of them. */
export function Visits({ proposal, again }: VisitsProps) {
  const { t } = useText();
  const { over } = useDuties();
  const [isRecording, record] = useState(false);
  const returned = proposal.visits?.find(({ code }) => code === "P3a");
  const isOpen = proposal.acts?.includes("MATCH") || proposal.acts?.includes("RETURN") || proposal.acts?.includes("FINALISE");
  const mayRecord = isOpen && over(["ENUMERATOR", "VILLAGE_OPERATOR"], proposal.region?.code);
  const done = () => {
    record(false);
    again();
  };
  return (
    <Stack>
      {proposal.visits?.map((visit) => (
        <One key={visit.id} visit={visit} again={again} />
      ))}
      {!proposal.visits?.length && <Text c="dimmed">{t("district.visit.none")}</Text>}
      {mayRecord && (
        <Group>
          <Button variant="default" onClick={() => record(true)}>
            {t("district.act.recordVisit")}
          </Button>
        </Group>
      )}
      {isRecording && (
        <ActDialog
          act={recordOf(proposal, returned)}
          rows={(proposal.candidates ?? []).map(({ id, claimedName }) => ({ id, claimedName, region: proposal.region }))}
          nameOf={({ claimedName }) => claimedName ?? ""}
          about={{ id: proposal.id, region: proposal.region?.code ?? "" }}
          onClose={() => record(false)}
          onDone={done}
        />
      )}
    </Stack>
  );
}

function One({ visit, again }: { readonly visit: Visit; readonly again: () => void }) {
  const { t } = useText();
  const name = useNames();
  const found = visit.presences?.map(
    ({ candidate, presence, code }) => `${candidate.claimedName}: ${name("Presence", presence)} (${code})`,
  );
  return (
    <Stack gap="xs">
      <Facts
        of={[
          ["visitedOn", day(visit.visitedOn)],
          ["result", name("VisitResult", visit.result)],
          ["method", name("CollectionMethod", visit.method)],
          ["code", t("district.visit.code", { code: visit.code })],
          ["enumerator", visit.enumerator],
          ["approvedBy", visit.approvedBy],
          ["place", visit.latitude && `${visit.latitude}, ${visit.longitude}`],
          ["photos", visit.photoSha256?.length],
          ["presences", found?.join("; ")],
        ]}
      />
      <ActBar acts={VISIT_ACTS} rows={[visit]} nameOf={({ visitedOn }) => day(visitedOn)} onDone={again} />
    </Stack>
  );
}
