import { Anchor, Code, Group, Table, Text, Title } from "@mantine/core";
import { useQuery } from "urql";
import { EffectMark } from "../../kit/EffectMark.tsx";
import { count, day } from "../../kit/format.ts";
import { limitsSaid, type QuestionLimits } from "../../kit/limits.ts";
import { Problem } from "../../kit/Problem.tsx";
import { CopyButton, Empty, Loading, Page } from "../../kit/States.tsx";
import { useText } from "../../kit/text.tsx";
import { asCurl } from "../../kit/use/curl.ts";
import { useMe } from "../../shell/me.ts";
import { MINE } from "../questions.ts";
import { READY_MADE } from "./readyMade.ts";

interface Grant {
  readonly selector: string;
  readonly use: string;
  readonly effect: string;
  readonly clause: string | null;
}
interface Agreement {
  readonly number: string;
  readonly title: string;
  readonly state: string;
  readonly version: number;
  readonly validTo: string | null;
  readonly purpose: { readonly name: string };
  readonly regions: readonly string[];
  readonly quotaToday: { readonly used: number; readonly limit: number | null } | null;
  readonly limits: QuestionLimits | null;
  readonly grants: readonly Grant[] | null;
}

/** Where a partner's developer begins: own agreements, what is left of today, first questions to copy. */
export default function Start() {
  const { t } = useText();
  const [{ data, error, fetching }] = useQuery<{ readonly agreements: readonly Agreement[] | null }>({ query: MINE });
  return (
    <Page title={t("developer.start")} lead={t("developer.startLead")}>
      <Problem error={error} />
      {fetching && !data && <Loading />}
      {data?.agreements?.length === 0 && <Empty>{t("developer.noAgreement")}</Empty>}
      {data?.agreements?.map((agreement) => (
        <One key={agreement.number} agreement={agreement} />
      ))}
      <Sandbox />
    </Page>
  );
}

function One({ agreement }: { readonly agreement: Agreement }) {
  const { t, enumLabel } = useText();
  const { number, title, state, version, validTo, purpose, regions, quotaToday, limits, grants } = agreement;
  const facts = [
    [t("developer.state"), enumLabel("AgreementState", state)],
    [t("developer.purpose"), purpose?.name],
    [t("developer.version"), version],
    [t("developer.until"), validTo && day(validTo)],
    [t("developer.regions"), regions?.map((code) => (code === "0" ? t("developer.country") : code)).join(", ")],
    [t("developer.quota"), quotaToday && quotaOf(quotaToday, t("developer.unlimited"))],
    [t("developer.limits"), limitsSaid(limits, { t, count })],
  ] as const;
  return (
    <section aria-labelledby={number}>
      <Title order={2} size="h4" id={number}>
        {number} · {title}
      </Title>
      <Group gap="xl" my="xs">
        {facts.map(([name, value]) => (
          <div key={name}>
            <Text size="sm" c="dimmed">
              {name}
            </Text>
            <Text>{value ?? "–"}</Text>
          </div>
        ))}
      </Group>
      <details>
        <summary>{t("developer.grants", { count: grants?.length ?? 0 })}</summary>
        <Grants grants={grants ?? []} />
      </details>
    </section>
  );
}

const quotaOf = ({ used, limit }: { readonly used: number; readonly limit: number | null }, unlimited: string): string =>
  limit === null ? unlimited : `${count(used)} / ${count(limit)}`;

function Grants({ grants }: { readonly grants: readonly Grant[] }) {
  const { t, enumLabel } = useText();
  return (
    <Table.ScrollContainer minWidth={560} type="native" tabIndex={0} role="region" aria-label={t("developer.grantsTitle")}>
      <Table striped>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("developer.selector")}</Table.Th>
            <Table.Th>{t("developer.use")}</Table.Th>
            <Table.Th>{t("developer.effect")}</Table.Th>
            <Table.Th>{t("developer.clause")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {grants.map(({ selector, use, effect, clause }) => (
            <Table.Tr key={`${selector} ${use} ${clause}`}>
              <Table.Td>
                <Code>{selector}</Code>
              </Table.Td>
              <Table.Td>{enumLabel("DataUse", use)}</Table.Td>
              <Table.Td>
                <EffectMark effect={effect} />
              </Table.Td>
              <Table.Td>{clause}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Sandbox() {
  const { t } = useText();
  const { me } = useMe();
  return (
    <section aria-labelledby="sandbox">
      <Title order={2} size="h4" id="sandbox">
        {t("developer.sandbox")}
      </Title>
      <Text maw="75ch">{t("developer.sandboxLead")}</Text>
      <Code block>npx hub token {me?.client === "konsol" ? "bpjs-kesehatan" : me?.client}</Code>
      <ReadyMade />
    </section>
  );
}

function ReadyMade() {
  const { t } = useText();
  return (
    <Table mt="sm" w="auto" verticalSpacing={4} style={{ overflowWrap: "anywhere" }}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("developer.question")}</Table.Th>
          <Table.Th>{t("developer.copies")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {READY_MADE.map(({ name, question }) => (
          <Table.Tr key={name}>
            <Table.Td>
              <Anchor href={`/console/explorer?query=${encodeURIComponent(question)}`}>{name}</Anchor>
            </Table.Td>
            <Table.Td>
              <CopyButton
                text={asCurl({ question, agreement: null, hub: location.origin })}
                label={t("developer.copyCurl")}
                about={name}
              />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
