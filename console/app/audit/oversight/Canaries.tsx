import { Code, TextInput } from "@mantine/core";
import { useState } from "react";
import { useMutation, useQuery } from "urql";
import { moment } from "../../kit/format.ts";
import { Problem } from "../../kit/Problem.tsx";
import { Act } from "../../kit/parts/Act.tsx";
import { Sheet } from "../../kit/parts/Sheet.tsx";
import { Empty, Loading, Page } from "../../kit/States.tsx";
import { useText } from "../../kit/text.tsx";
import { usePermissions } from "../../kit/use/usePermissions.ts";
import { CANARIES, PLANT, RETIRE } from "./questions.ts";

interface Canary {
  readonly person: string;
  readonly plantedBy: string;
  readonly plantedAt: string;
  readonly retiredAt: string | null;
}

/** Planted persons, who belong to nobody: whoever is shown one raises an alert. */
export default function Canaries() {
  const { t } = useText();
  const [{ data, error }, ask] = useQuery<{ readonly canaries: readonly Canary[] | null }>({ query: CANARIES });
  const again = () => ask({ requestPolicy: "network-only" });
  const rows = data?.canaries;
  return (
    <Page title={t("audit.part.canaries")} lead={t("audit.canariesLead")} actions={<PlantAct onDone={again} />}>
      <Problem error={error} />
      {!data && !error && <Loading />}
      {rows?.length === 0 && <Empty>{t("audit.noCanaries")}</Empty>}
      {rows && rows.length > 0 && (
        <Sheet
          caption={t("audit.part.canaries")}
          heads={["person", "plantedBy", "plantedAt", "state", "acts"].map((head) => t(`audit.canary.${head}`))}
          rows={rows}
          keyOf={({ person }) => person}
          cells={(row) => [
            <Code key="person">{row.person}</Code>,
            row.plantedBy,
            moment(row.plantedAt),
            row.retiredAt ? t("audit.retiredAt", { at: moment(row.retiredAt) }) : t("audit.inUse"),
            row.retiredAt === null && <RetireAct key="acts" person={row.person} onDone={again} />,
          ]}
        />
      )}
    </Page>
  );
}

function PlantAct({ onDone }: { readonly onDone: () => void }) {
  const { t } = useText();
  const lack = usePermissions();
  const [person, setPerson] = useState("");
  const [, plant] = useMutation(PLANT);
  return (
    <Act
      label={t("audit.plant")}
      tells={t("audit.plantTells")}
      because={lack("plantCanary")}
      act={async () => {
        const { error } = await plant({ person: person.trim() });
        if (!error) onDone();
        return error;
      }}
    >
      <TextInput
        label={t("audit.canary.person")}
        required
        spellCheck={false}
        value={person}
        onChange={({ currentTarget: { value } }) => setPerson(value)}
      />
    </Act>
  );
}

function RetireAct({ person, onDone }: { readonly person: string; readonly onDone: () => void }) {
  const { t } = useText();
  const lack = usePermissions();
  const [, retire] = useMutation(RETIRE);
  return (
    <Act
      label={t("audit.retire")}
      tells={t("audit.retireTells")}
      because={lack("retireCanary")}
      isGrave
      act={async () => {
        const { error } = await retire({ person });
        if (!error) onDone();
        return error;
      }}
    />
  );
}
