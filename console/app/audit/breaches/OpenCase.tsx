import { Checkbox, SimpleGrid, Stack, Textarea, TextInput } from "@mantine/core";
import { useNavigate } from "react-router";
import { useMutation } from "urql";
import { Act } from "../../kit/parts/Act.tsx";
import { Lines } from "../../kit/parts/Lines.tsx";
import { Page } from "../../kit/States.tsx";
import { useText } from "../../kit/text.tsx";
import { useDraft } from "../../kit/use/useDraft.ts";
import { usePermissions } from "../../kit/use/usePermissions.ts";
import { OPEN } from "./questions.ts";

const EMPTY = {
  ...{ title: "", isDrill: false, from: "", to: "", client: "", coordinates: [] as readonly string[] },
  ...{ detectedAt: "", description: "", handling: "" },
};
type Draft = typeof EMPTY;
type Change = (part: Partial<Draft>) => void;

/** Opens a case: what the record is searched for, and what is known so far. */
export function OpenCase() {
  const { t } = useText();
  const lack = usePermissions();
  const go = useNavigate();
  const [draft, change, clear] = useDraft<Draft>("audit.breach", EMPTY);
  const [, open] = useMutation<{ readonly openBreach: { readonly number: string } | null }>(OPEN);
  const needed = [draft.title, draft.from, draft.to, draft.detectedAt, draft.description, draft.handling];
  return (
    <Page title={t("audit.openCase")} lead={t("audit.openCaseLead")}>
      <Stack maw="52rem">
        <SearchFields draft={draft} change={change} />
        <StoryFields draft={draft} change={change} />
        <Act
          label={t("audit.openCase")}
          tells={t("audit.openCaseTells")}
          because={lack("openBreach") ?? (needed.includes("") ? t("audit.fillAll") : undefined)}
          act={async () => {
            const { data, error } = await open({ input: inputOf(draft) });
            if (data?.openBreach) {
              clear();
              await go(`/audit/breaches/${data.openBreach.number}`);
            }
            return error;
          }}
        />
      </Stack>
    </Page>
  );
}

/** Times are typed in western Indonesian time. */
const inputOf = ({ from, to, detectedAt, client, ...rest }: Draft) => ({
  ...rest,
  ...{ from: inWib(from), to: inWib(to), detectedAt: inWib(detectedAt), client: client.trim() || null },
});
const inWib = (local: string): string => `${local.padEnd("YYYY-MM-DDTHH:MM:00".length, ":00")}+07:00`;

interface FieldsProps {
  readonly draft: Draft;
  readonly change: Change;
}

function SearchFields({ draft, change }: FieldsProps) {
  const { t } = useText();
  const time = (name: "from" | "to" | "detectedAt") => (
    <TextInput
      type="datetime-local"
      step={1}
      label={t(`audit.breach.${name}`)}
      required
      value={draft[name]}
      onChange={({ currentTarget: { value } }) => change({ [name]: value })}
    />
  );
  return (
    <>
      <TextInput
        label={t("audit.case.title")}
        required
        maxLength={200}
        value={draft.title}
        onChange={({ currentTarget: { value } }) => change({ title: value })}
      />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        {time("from")}
        {time("to")}
        {time("detectedAt")}
        <TextInput
          label={t("audit.client")}
          description={t("audit.anyClient")}
          inputWrapperOrder={["label", "input", "description", "error"]}
          value={draft.client}
          onChange={({ currentTarget: { value } }) => change({ client: value })}
        />
      </SimpleGrid>
      <Lines
        label={t("audit.breach.coordinates")}
        description={t("audit.breach.coordinatesLead")}
        lines={draft.coordinates}
        onLines={(coordinates) => change({ coordinates })}
      />
    </>
  );
}

function StoryFields({ draft, change }: FieldsProps) {
  const { t } = useText();
  const text = (name: "description" | "handling") => (
    <Textarea
      label={t(`audit.breach.${name}`)}
      description={t("audit.noPersonalData")}
      required
      autosize
      minRows={3}
      maxLength={2000}
      value={draft[name]}
      onChange={({ currentTarget: { value } }) => change({ [name]: value })}
    />
  );
  return (
    <>
      {text("description")}
      {text("handling")}
      <Checkbox
        label={t("audit.drillLead")}
        checked={draft.isDrill}
        onChange={({ currentTarget: { checked } }) => change({ isDrill: checked })}
      />
    </>
  );
}
