import { Group, NativeSelect, Stack, Switch, Text, TextInput } from "@mantine/core";
import { LIMITS } from "../../kit/limits.ts";
import { Lines } from "../../kit/parts/Lines.tsx";
import { Section } from "../../kit/parts/Section.tsx";
import { useText } from "../../kit/text.tsx";
import { faultAt } from "./draft.ts";
import { fieldId } from "./FaultSummary.tsx";
import type { FieldsProps } from "./ScopeFields.tsx";

/** How much, from where, and what becomes of what is denied. */
export function LimitFields(fields: FieldsProps) {
  const { t } = useText();
  const { draft, change, faults } = fields;
  return (
    <Section title={t("steward.limits")}>
      <Group align="flex-start" grow preventGrowOverflow={false}>
        <Whole
          place="quota"
          label={t("steward.quota")}
          description={t("steward.quotaLead")}
          value={draft.quota}
          error={faultAt(faults, "quota")}
          onWhole={(quota) => change({ quota })}
        />
        <Choice {...fields} place="onDenied" type="DeniedRule" values={["NULL", "REJECT"]} />
        <Choice {...fields} place="documents" type="DocumentRule" values={["OPEN", "REPORT", "TRUSTED"]} />
        <Lines
          id={fieldId("addresses")}
          label={t("steward.addresses")}
          description={t("steward.addressesLead")}
          lines={draft.addresses}
          error={faultAt(faults, "addresses", true)}
          onLines={(addresses) => change({ addresses })}
        />
      </Group>
      <Verification {...fields} />
      <OwnLimits {...fields} />
      <Armed {...fields} />
    </Section>
  );
}

interface ChoiceProps extends FieldsProps {
  readonly place: "onDenied" | "documents";
  readonly type: string;
  readonly values: readonly string[];
}

function Choice({ place, type, values, draft, change, faults }: ChoiceProps) {
  const { t, enumLabel } = useText();
  return (
    <NativeSelect
      id={fieldId(place)}
      label={t(`steward.term.${place}`)}
      value={draft[place]}
      error={faultAt(faults, place)}
      data={values.map((value) => ({ value, label: enumLabel(type, value) }))}
      onChange={({ currentTarget: { value } }) => change({ [place]: value })}
    />
  );
}

const TERMS = ["floor", "attemptsOnSubject", "attemptsOfClient"] as const;

function Verification({ draft, change, faults }: FieldsProps) {
  const { t } = useText();
  const { verification } = draft;
  return (
    <Group align="flex-start" grow preventGrowOverflow={false}>
      {TERMS.map((term) => (
        <Whole
          key={term}
          place={`verification.${term}`}
          label={t(`steward.term.${term}`)}
          value={verification[term]}
          error={faultAt(faults, `verification.${term}`)}
          onWhole={(value) => change({ verification: { ...verification, [term]: value ?? 0 } })}
        />
      ))}
    </Group>
  );
}

const NO_LIMITS = Object.fromEntries(LIMITS.map((name) => [name, null])) as Record<(typeof LIMITS)[number], null>;

function OwnLimits({ draft, change, faults }: FieldsProps) {
  const { t } = useText();
  const limits = draft.limits ?? NO_LIMITS;
  return (
    <Stack gap="xs" id={fieldId("limits")} role="group" aria-label={t("steward.ownLimits")}>
      <Text size="sm">{t("steward.ownLimitsLead")}</Text>
      <Text size="sm" c="var(--negative)">
        {faultAt(faults, "limits")}
      </Text>
      <Group align="flex-start" grow preventGrowOverflow={false}>
        {LIMITS.map((name) => (
          <Whole
            key={name}
            place={`limits.${name}`}
            label={t(`steward.limit.${name}`)}
            value={limits[name]}
            error={faultAt(faults, `limits.${name}`)}
            onWhole={(value) => change({ limits: { ...limits, [name]: value } })}
          />
        ))}
      </Group>
    </Stack>
  );
}

const ARMED = { minutes: 30, persons: 100 };
const ARMED_TERMS = ["minutes", "persons"] as const;

function Armed({ draft, change, faults }: FieldsProps) {
  const { t } = useText();
  const { armed } = draft;
  return (
    <Stack gap="xs">
      <Switch
        label={t("steward.armed")}
        description={t("steward.armedLead")}
        checked={armed !== null}
        onChange={({ currentTarget: { checked } }) => change({ armed: checked ? ARMED : null })}
      />
      {armed && (
        <Group align="flex-start">
          {ARMED_TERMS.map((term) => (
            <Whole
              key={term}
              place={`armed.${term}`}
              label={t(`steward.armed.${term}`)}
              value={armed[term]}
              error={faultAt(faults, `armed.${term}`)}
              onWhole={(value) => change({ armed: { ...armed, [term]: value ?? 0 } })}
            />
          ))}
        </Group>
      )}
    </Stack>
  );
}

interface WholeProps {
  readonly place: string;
  readonly label: string;
  readonly description?: string;
  readonly value: number | null;
  readonly error: string | undefined;
  readonly onWhole: (value: number | null) => void;
}

function Whole({ place, value, onWhole, ...field }: WholeProps) {
  return (
    <TextInput
      {...field}
      id={fieldId(place)}
      inputMode="numeric"
      value={value ?? ""}
      onChange={({ currentTarget: { value: text } }) => onWhole(/^\d{1,9}$/.test(text) ? Number(text) : null)}
    />
  );
}
