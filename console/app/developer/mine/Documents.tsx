import {
  Anchor,
  Button,
  Code,
  FileInput,
  Group,
  List,
  NativeSelect,
  Table,
  Text,
  Textarea,
  TextInput,
  Title,
} from "@mantine/core";
import { useState } from "react";
import { useMutation, useQuery } from "urql";
import { moment } from "../../kit/format.ts";
import { Problem } from "../../kit/Problem.tsx";
import { Act } from "../../kit/parts/Act.tsx";
import { Empty, Loading, Page } from "../../kit/States.tsx";
import { useText } from "../../kit/text.tsx";
import { useAnswer } from "../../kit/use/useAnswer.ts";
import { useDraft } from "../../kit/use/useDraft.ts";
import { useMe } from "../../shell/me.ts";
import { DOCUMENTS, MINE, REGISTER, RETIRE } from "../questions.ts";
import { documentsIn, type Offered } from "./manifest.ts";

interface Trusted {
  readonly id: string;
  readonly name: string | null;
  readonly document: string;
  readonly registeredAt: string;
  readonly registeredBy: string;
  readonly retiredAt: string | null;
}
interface Rejected {
  readonly id: string;
  readonly name: string | null;
  readonly faults: readonly { readonly coordinate: string; readonly reason: string }[];
}
interface Registration {
  readonly registerDocuments: { readonly registered: readonly Trusted[]; readonly rejected: readonly Rejected[] } | null;
}

/** Trusted documents of one of the own agreements. */
export default function Documents() {
  const { t } = useText();
  const { me } = useMe();
  const [{ data: mine }] = useQuery<{
    readonly agreements: readonly { readonly number: string; readonly title: string }[] | null;
  }>({ query: MINE });
  const [chosen, choose] = useState<string>();
  const agreement = chosen ?? me?.agreement.number ?? "";
  const { data, error, isLoading, again } = useAnswer<{ readonly trustedDocuments: readonly Trusted[] | null }>(
    DOCUMENTS,
    { agreement },
    { pause: agreement === "" },
  );
  return (
    <Page title={t("developer.documents")} lead={t("developer.documentsLead")}>
      <NativeSelect
        label={t("developer.agreement")}
        value={agreement}
        onChange={({ currentTarget: { value } }) => choose(value)}
        data={mine?.agreements?.map(({ number, title }) => ({ value: number, label: `${number} · ${title}` })) ?? []}
        maw={560}
      />
      <Problem error={error} />
      {isLoading && <Loading />}
      {data?.trustedDocuments?.length === 0 && <Empty>{t("developer.noDocuments")}</Empty>}
      <Registered documents={data?.trustedDocuments ?? []} agreement={agreement} again={again} />
      <Register agreement={agreement} done={again} />
    </Page>
  );
}

interface RegisteredProps {
  readonly documents: readonly Trusted[];
  readonly agreement: string;
  readonly again: () => void;
}

function Registered({ documents, agreement, again }: RegisteredProps) {
  const { t } = useText();
  if (documents.length === 0) return null;
  return (
    <Table.ScrollContainer minWidth={640} type="native" tabIndex={0} role="region" aria-label={t("developer.documents")}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("developer.name")}</Table.Th>
            <Table.Th>{t("developer.registered")}</Table.Th>
            <Table.Th>{t("developer.inUse")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {documents.map(({ id, name, document, registeredAt, registeredBy, retiredAt }) => (
            <Table.Tr key={id}>
              <Table.Td>
                <details>
                  <summary>
                    {name ?? id.slice(0, 12)} <Code>{id.slice(0, 12)}</Code>
                  </summary>
                  <Code block>{document}</Code>
                </details>
              </Table.Td>
              <Table.Td>
                {moment(registeredAt)} · {registeredBy}
              </Table.Td>
              <Table.Td>
                {retiredAt ? (
                  t("developer.retired", { at: moment(retiredAt) })
                ) : (
                  <Retire name={name ?? id.slice(0, 12)} agreement={agreement} id={id} again={again} />
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

interface RetireProps {
  readonly name: string;
  readonly agreement: string;
  readonly id: string;
  readonly again: () => void;
}

function Retire({ name, agreement, id, again }: RetireProps) {
  const { t } = useText();
  const [, retire] = useMutation(RETIRE);
  const act = async () => {
    const { error } = await retire({ agreement, id });
    if (!error) again();
    return error;
  };
  return <Act label={t("developer.retire", { name })} tells={t("developer.retireTells", { name })} isGrave act={act} />;
}

const NOTHING = { name: "", document: "" };

function Register({ agreement, done }: { readonly agreement: string; readonly done: () => void }) {
  const { t } = useText();
  const [{ data, error, fetching }, register] = useMutation<Registration>(REGISTER);
  const [draft, change, clear] = useDraft(`documents.${agreement}`, NOTHING);
  const send = async (documents: readonly Offered[]) => {
    if (fetching) return;
    const { data: answer } = await register({ agreement, documents });
    if (answer?.registerDocuments?.rejected.length !== 0) return;
    clear();
    done();
  };
  const [fault, setFault] = useState<string | null>(null);
  const sendFile = async (file: File | null) => {
    const offered = file ? documentsIn(file.name, await file.text()) : [];
    setFault(offered === null ? t("developer.manifestBad") : null);
    if (offered !== null && offered.length > 0) await send(offered);
  };
  return (
    <section aria-labelledby="register">
      <Title order={2} size="h4" id="register" mb="xs">
        {t("developer.register")}
      </Title>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void send([{ name: draft.name === "" ? null : draft.name, document: draft.document }]);
        }}
      >
        <TextInput
          label={t("developer.name")}
          value={draft.name}
          onChange={({ currentTarget: { value } }) => change({ name: value })}
          maw={360}
        />
        <Textarea
          label={t("developer.document")}
          required
          rows={6}
          ff="monospace"
          value={draft.document}
          onChange={({ currentTarget: { value } }) => change({ document: value })}
        />
        <Group mt="sm" align="flex-end">
          <Button type="submit" loading={fetching}>
            {t("developer.register")}
          </Button>
          <FileInput
            label={t("developer.manifest")}
            accept=".json,.graphql"
            error={fault}
            onChange={(file) => void sendFile(file)}
            w={320}
          />
        </Group>
      </form>
      <Problem error={error} />
      <Outcome registration={data?.registerDocuments ?? null} />
    </section>
  );
}

function Outcome({ registration }: { readonly registration: Registration["registerDocuments"] }) {
  const { t, codeLabel } = useText();
  if (registration === null) return null;
  if (registration.rejected.length === 0)
    return <Text role="status">{t("developer.accepted", { count: registration.registered.length })}</Text>;
  return (
    <div role="alert">
      <Text c="var(--negative)">{t("developer.rejected")}</Text>
      <List>
        {registration.rejected.flatMap(({ id, name, faults }) =>
          faults.map(({ coordinate, reason }) => (
            <List.Item key={id + coordinate}>
              {name ?? id.slice(0, 12)}:{" "}
              <Anchor href={`/console/developer/reference/${coordinate.split(".")[0]}#${coordinate}`}>{coordinate}</Anchor>,{" "}
              {codeLabel(reason)}
            </List.Item>
          )),
        )}
      </List>
    </div>
  );
}
