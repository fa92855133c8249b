import { Alert, Checkbox, Group, NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "urql";
import { STEWARD_ROLES } from "../../../../../schema/policy/words.ts";
import { Act } from "../../../kit/parts/Act.tsx";
import { Section } from "../../../kit/parts/Section.tsx";
import { useText } from "../../../kit/text.tsx";
import { useDraft } from "../../../kit/use/useDraft.ts";
import { usePermissions } from "../../../kit/use/usePermissions.ts";
import { AGENCIES, ENROL } from "../questions.ts";

interface Enrolment {
  readonly id: string;
  readonly agency: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly kind: string;
  readonly publicKey: string;
}

const BLANK: Enrolment = { id: "", agency: "", name: "", roles: ["STEWARD"], kind: "ED25519", publicKey: "" };

/** Makes a person a steward, or gives one a further key. */
export function Enrol({ again }: { readonly again: () => void }) {
  const { t } = useText();
  const because = usePermissions()("enrolSteward");
  const [draft, change, clear] = useDraft<Enrolment>("enrol", BLANK);
  const [, enrol] = useMutation(ENROL);
  const run = async () => {
    const { error } = await enrol({ input: draft });
    if (error) return error;
    clear();
    again();
    return undefined;
  };
  if (because !== undefined)
    return (
      <Alert variant="outline" title={t("steward.enrol")}>
        {because}
      </Alert>
    );
  const isWhole =
    [draft.id, draft.agency, draft.name, draft.publicKey].every((text) => text.trim() !== "") && draft.roles.length > 0;
  return (
    <Section title={t("steward.enrol")} lead={t("steward.enrolLead")}>
      <Fields draft={draft} change={change} />
      <Act
        label={t("steward.enrolDo")}
        tells={t("steward.enrolTells", { name: draft.name, agency: draft.agency })}
        because={isWhole ? undefined : t("steward.enrolMissing")}
        act={run}
      />
    </Section>
  );
}

interface FieldsProps {
  readonly draft: Enrolment;
  readonly change: (part: Partial<Enrolment>) => void;
}

const TEXTS = ["id", "name", "publicKey"] as const;

function Fields({ draft, change }: FieldsProps) {
  const { t, enumLabel } = useText();
  const [{ data }] = useQuery<{ readonly agencies: readonly { readonly code: string; readonly name: string }[] }>({
    query: AGENCIES,
  });
  return (
    <Stack gap="sm">
      <Group align="flex-start" grow preventGrowOverflow={false}>
        {TEXTS.map((place) => (
          <TextInput
            key={place}
            label={t(`steward.enrol.${place}`)}
            value={draft[place]}
            spellCheck={false}
            required
            onChange={({ currentTarget: { value } }) => change({ [place]: value })}
          />
        ))}
        <NativeSelect
          label={t("steward.agency")}
          value={draft.agency}
          data={[
            { value: "", label: t("steward.choose") },
            ...(data?.agencies ?? []).map(({ code, name }) => ({ value: code, label: name })),
          ]}
          onChange={({ currentTarget: { value } }) => change({ agency: value })}
        />
      </Group>
      <Checkbox.Group label={t("steward.roles")} value={[...draft.roles]} onChange={(roles) => change({ roles })}>
        <Group mt={4}>
          {STEWARD_ROLES.map((role) => (
            <Checkbox key={role} value={role} label={enumLabel("StewardRole", role)} />
          ))}
        </Group>
      </Checkbox.Group>
      <Text size="sm" c="dimmed">
        {t("steward.enrolKeyLead")}
      </Text>
    </Stack>
  );
}
