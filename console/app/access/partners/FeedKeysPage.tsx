import { Alert, Code, Group, Stack, TextInput } from "@mantine/core";
import { useCallback, useState } from "react";
import { useMutation, useQuery } from "urql";
import { moment } from "../../kit/format.ts";
import { Problem } from "../../kit/Problem.tsx";
import { Act } from "../../kit/parts/Act.tsx";
import { Facts } from "../../kit/parts/Facts.tsx";
import { Lines } from "../../kit/parts/Lines.tsx";
import { Section } from "../../kit/parts/Section.tsx";
import { Sheet } from "../../kit/parts/Sheet.tsx";
import { CopyButton, Empty, Loading, Page } from "../../kit/States.tsx";
import { useText } from "../../kit/text.tsx";
import { useDraft } from "../../kit/use/useDraft.ts";
import { usePermissions } from "../../kit/use/usePermissions.ts";
import { OwnAgreement } from "./OwnAgreement.tsx";
import { CLOSE_FEED_KEY, FEED_KEYS, OPEN_FEED_KEY } from "./questions.ts";

interface FeedKey {
  readonly id: string;
  readonly agreement: { readonly number: string };
  readonly client: string;
  readonly cubes: readonly string[];
  readonly label: string;
  readonly madeBy: string;
  readonly madeAt: string;
  readonly expiresAt: string;
  readonly closedAt: string | null;
}

/** Keys by which spreadsheets and BI tools poll released figures. */
export function FeedKeysPage() {
  const { t } = useText();
  const [{ data, error }, again] = useQuery<{ readonly feedKeys: readonly FeedKey[] | null }>({ query: FEED_KEYS });
  const reload = () => again({ requestPolicy: "network-only" });
  return (
    <Page title={t("steward.feedKeys")} lead={t("steward.feedKeysLead")}>
      <Open again={reload} />
      <Problem error={error} />
      {!data && !error && <Loading />}
      {data?.feedKeys && <Keys keys={data.feedKeys} again={reload} />}
    </Page>
  );
}

function Keys({ keys, again }: { readonly keys: readonly FeedKey[]; readonly again: () => void }) {
  const { t, enumLabel } = useText();
  const because = usePermissions()("closeFeedKey");
  const [, close] = useMutation(CLOSE_FEED_KEY);
  const run = async (id: string) => {
    const { error } = await close({ id });
    if (!error) again();
    return error;
  };
  if (keys.length === 0) return <Empty>{t("steward.noFeedKeys")}</Empty>;
  return (
    <Sheet
      caption={t("steward.feedKeys")}
      heads={[t("steward.feedLabel"), t("steward.agreement"), t("steward.client"), t("steward.cubes"), t("steward.expires"), ""]}
      rows={keys}
      keyOf={({ id }) => id}
      cells={({ id, label, agreement, client, cubes, expiresAt, closedAt, madeBy }) => [
        <div key="label">
          {label} <Code>{id}</Code>
        </div>,
        agreement.number,
        `${client} (${madeBy})`,
        cubes.map((cube) => enumLabel("CubeCode", cube)).join(", "),
        closedAt === null ? moment(expiresAt) : t("steward.closedAt", { at: moment(closedAt) }),
        closedAt === null && (
          <Act
            key="close"
            label={t("steward.closeKey")}
            tells={t("steward.closeKeyTells", { label })}
            because={because}
            isGrave
            act={() => run(id)}
          />
        ),
      ]}
    />
  );
}

interface Opened {
  readonly openFeedKey: { readonly key: { readonly id: string }; readonly secret: string; readonly token: string } | null;
}

const BLANK = { agreement: "", client: "", cubes: [] as readonly string[], label: "", days: 365 };

function Open({ again }: { readonly again: () => void }) {
  const { t } = useText();
  const because = usePermissions()("openFeedKey");
  const [draft, change, clear] = useDraft("feed", BLANK);
  const [secret, tell] = useState<Opened["openFeedKey"]>(null);
  const [, open] = useMutation<Opened>(OPEN_FEED_KEY);
  const run = async () => {
    const { data, error } = await open({ input: draft });
    if (error) return error;
    tell(data?.openFeedKey ?? null);
    clear();
    again();
    return undefined;
  };
  const isWhole = draft.agreement !== "" && draft.client !== "" && draft.cubes.length > 0 && draft.label.trim().length >= 5;
  return (
    <Section title={t("steward.openKey")}>
      {secret && <Secret secret={secret} />}
      <Stack maw="44rem" gap="sm">
        <Fields draft={draft} change={change} />
        <Act
          label={t("steward.openKey")}
          tells={t("steward.openKeyTells")}
          because={because ?? (isWhole ? undefined : t("steward.formIncomplete"))}
          act={run}
        />
      </Stack>
    </Section>
  );
}

interface FieldsProps {
  readonly draft: typeof BLANK;
  readonly change: (part: Partial<typeof BLANK>) => void;
}

function Fields({ draft, change }: FieldsProps) {
  const { t } = useText();
  const pick = useCallback((agreement: string) => change({ agreement }), [change]);
  return (
    <>
      <OwnAgreement value={draft.agreement} onPick={pick} />
      <Group grow align="flex-start" preventGrowOverflow={false}>
        <TextInput
          label={t("steward.client")}
          description={t("steward.clientLead")}
          value={draft.client}
          required
          spellCheck={false}
          onChange={({ currentTarget: { value } }) => change({ client: value })}
        />
        <TextInput
          label={t("steward.feedLabel")}
          description={t("steward.feedLabelLead")}
          value={draft.label}
          required
          maxLength={100}
          onChange={({ currentTarget: { value } }) => change({ label: value })}
        />
        <TextInput
          label={t("steward.keyDays")}
          inputMode="numeric"
          value={draft.days}
          onChange={({ currentTarget: { value } }) => change({ days: Number(value.replace(/\D/g, "")) })}
        />
      </Group>
      <Lines
        label={t("steward.cubes")}
        description={t("steward.cubesLead")}
        lines={draft.cubes}
        onLines={(cubes) => change({ cubes })}
      />
    </>
  );
}

function Secret({ secret: { key, secret, token } }: { readonly secret: NonNullable<Opened["openFeedKey"]> }) {
  const { t } = useText();
  return (
    <Alert color="red" variant="outline" role="status" title={t("steward.secretOnce")}>
      <Facts
        facts={[
          [t("steward.keyId"), <Code key="id">{key.id}</Code>],
          [t("steward.secret"), <Code key="secret">{secret}</Code>],
          ["Bearer", <Code key="token">{token}</Code>],
        ]}
      />
      <Group mt="sm">
        <CopyButton text={secret} label={t("steward.copySecret")} />
        <CopyButton text={token} label={t("steward.copyToken")} />
      </Group>
    </Alert>
  );
}
