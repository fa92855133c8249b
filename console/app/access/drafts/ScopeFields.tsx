import { Group, NativeSelect, TextInput } from "@mantine/core";
import { Lines } from "../../kit/parts/Lines.tsx";
import { Section } from "../../kit/parts/Section.tsx";
import { useText } from "../../kit/text.tsx";
import { beginning, type Draft, type Fault, faultAt, wibDay } from "./draft.ts";
import { fieldId } from "./FaultSummary.tsx";

export interface FieldsProps {
  readonly draft: Draft;
  readonly change: (part: Partial<Draft>) => void;
  readonly faults: readonly Fault[];
}

/** From when to when. */
export function ValidityFields({ draft, change, faults }: FieldsProps) {
  const { t } = useText();
  const days = ["validFrom", "validTo"] as const;
  return (
    <Section title={t("steward.validity")} lead={t("steward.validityLead")}>
      <Group align="flex-start">
        {days.map((place) => (
          <TextInput
            key={place}
            id={fieldId(place)}
            type="date"
            label={t(`steward.term.${place}`)}
            value={dayOf(draft[place])}
            error={faultAt(faults, place)}
            onChange={({ currentTarget: { value } }) => change({ [place]: beginning(value) })}
          />
        ))}
      </Group>
    </Section>
  );
}

/** What is typed and is no instant yet stays as it is. */
const dayOf = (instant: string): string => (Number.isNaN(Date.parse(instant)) ? instant : wibDay(instant));

const DECILES = Array.from({ length: 10 }, (_, at) => String(at + 1));

/** Which rows. */
export function ScopeFields({ draft, change, faults }: FieldsProps) {
  const { t } = useText();
  return (
    <Section title={t("steward.scope")} lead={t("steward.scopeLead")}>
      <Group align="flex-start" grow preventGrowOverflow={false}>
        <Lines
          id={fieldId("regions")}
          label={t("steward.regions")}
          description={t("steward.regionsLead")}
          lines={draft.regions}
          error={faultAt(faults, "regions", true)}
          onLines={(regions) => change({ regions })}
        />
        <Lines
          id={fieldId("programs")}
          label={t("steward.programs")}
          description={t("steward.programsLead")}
          lines={draft.programs ?? []}
          error={faultAt(faults, "programs", true)}
          onLines={(programs) => change({ programs: programs.length === 0 ? null : programs })}
        />
        <NativeSelect
          id={fieldId("decileMax")}
          label={t("steward.decileMax")}
          description={t("steward.decileMaxLead")}
          value={draft.decileMax ?? ""}
          error={faultAt(faults, "decileMax")}
          data={[{ value: "", label: t("steward.anyDecile") }, ...DECILES]}
          onChange={({ currentTarget: { value } }) => change({ decileMax: value === "" ? null : Number(value) })}
        />
      </Group>
    </Section>
  );
}
