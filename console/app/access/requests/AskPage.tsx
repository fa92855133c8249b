import { Anchor, Button, Group, NativeSelect, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { Link, useNavigate } from "react-router";
import { useMutation, useQuery } from "urql";
import { Problem } from "../../kit/Problem.tsx";
import { Lines } from "../../kit/parts/Lines.tsx";
import { Page } from "../../kit/States.tsx";
import { useText } from "../../kit/text.tsx";
import { useDraft } from "../../kit/use/useDraft.ts";
import { REQUEST_ACCESS, REQUEST_GROUND } from "./questions.ts";

interface Purpose {
  readonly code: string;
  readonly name: string;
  readonly legalBasis: string;
  readonly citation: string;
}

interface Asked {
  readonly purpose: string;
  readonly coordinates: readonly string[];
  readonly regions: readonly string[];
  readonly days: number;
  readonly justification: string;
}

const BLANK: Asked = { purpose: "", coordinates: [], regions: ["0"], days: 365, justification: "" };

/** Asks for access: what for, which fields, where, how long, and why. */
export function AskPage() {
  const { t } = useText();
  const navigate = useNavigate();
  const [draft, change, clear] = useDraft<Asked>("request", BLANK);
  const [{ error, fetching }, ask] = useMutation(REQUEST_ACCESS);
  const send = async () => {
    const { error: failed } = await ask({ input: draft });
    if (failed) return;
    clear();
    await navigate("/access/requests");
  };
  const isWhole =
    draft.purpose !== "" && draft.coordinates.length > 0 && draft.regions.length > 0 && draft.justification.trim() !== "";
  return (
    <Page
      title={t("steward.askAccess")}
      lead={t("steward.askLead")}
      actions={
        <Anchor component={Link} to="/access/requests">
          {t("steward.requestList")}
        </Anchor>
      }
    >
      <Stack maw="44rem">
        <Fields draft={draft} change={change} />
        <Problem error={error} />
        <Group>
          <Button disabled={!isWhole} loading={fetching} onClick={() => void send()}>
            {t("steward.sendRequest")}
          </Button>
          {!isWhole && (
            <Text size="sm" c="dimmed">
              {t("steward.askMissing")}
            </Text>
          )}
        </Group>
      </Stack>
    </Page>
  );
}

interface FieldsProps {
  readonly draft: Asked;
  readonly change: (part: Partial<Asked>) => void;
}

function Fields({ draft, change }: FieldsProps) {
  const { t, enumLabel } = useText();
  const [{ data }] = useQuery<{ readonly purposes: readonly Purpose[] }>({ query: REQUEST_GROUND });
  const purposes = data?.purposes ?? [];
  const chosen = purposes.find(({ code }) => code === draft.purpose);
  return (
    <>
      <NativeSelect
        label={t("steward.purpose")}
        description={chosen ? `${enumLabel("LegalBasis", chosen.legalBasis)} (${chosen.citation})` : t("steward.purposeLead")}
        value={draft.purpose}
        required
        data={[{ value: "", label: t("steward.choose") }, ...purposes.map(({ code, name }) => ({ value: code, label: name }))]}
        onChange={({ currentTarget: { value } }) => change({ purpose: value })}
      />
      <Lines
        label={t("steward.columns")}
        description={t("steward.columnsLead")}
        lines={draft.coordinates}
        onLines={(coordinates) => change({ coordinates })}
      />
      <Lines
        label={t("steward.regions")}
        description={t("steward.regionsLead")}
        lines={draft.regions}
        onLines={(regions) => change({ regions })}
      />
      <TextInput
        label={t("steward.duration")}
        description={t("steward.durationLead")}
        inputMode="numeric"
        value={draft.days}
        onChange={({ currentTarget: { value } }) => change({ days: Number(value.replace(/\D/g, "")) })}
      />
      <Textarea
        label={t("steward.justification")}
        description={t("steward.justificationLead")}
        value={draft.justification}
        autosize
        minRows={3}
        required
        onChange={({ currentTarget: { value } }) => change({ justification: value })}
      />
    </>
  );
}
