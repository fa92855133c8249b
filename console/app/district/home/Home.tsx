import { Anchor, List, Stack, Table, Text, Title } from "@mantine/core";
import { Link } from "react-router";
import { useQuery } from "urql";
import { count } from "../../kit/format.ts";
import { Problem } from "../../kit/Problem.tsx";
import { Empty, Loading, Page } from "../../kit/States.tsx";
import { useText } from "../../kit/text.tsx";
import { type Duties, useDuties } from "../kit/duties.tsx";
import { Clock } from "../kit/Facts.tsx";
import { useNames } from "../kit/names.ts";
import { Calendar, type Window } from "./Calendar.tsx";
import { AID_WORK, REGISTRY_WORK, REVIEW_WORK } from "./questions.ts";
import { AID_LINES, PROPOSAL_LINES, REVIEW_LINES, REVIEWERS, type Work } from "./work.ts";

/** What the person is on duty for, and what waits for them today. */
export function Home() {
  const { t } = useText();
  const duties = useDuties();
  const isNobody = duties.registry.length + duties.aid.length === 0;
  return (
    <Page title={t("district.home.title")} lead={t("district.home.lead")}>
      {isNobody && <Empty>{t("district.home.nobody")}</Empty>}
      {!isNobody && <Held duties={duties} />}
      {duties.registry.length > 0 && <RegistryWork />}
      {duties.aid.length > 0 && <AidWork />}
    </Page>
  );
}

function Held({ duties }: { readonly duties: Duties }) {
  const { t } = useText();
  const name = useNames();
  return (
    <section>
      <Title order={2} size="h4" mb="xs">
        {t("district.home.duties")}
      </Title>
      <List>
        {[...duties.registry.map((held) => ["Duty", held] as const), ...duties.aid.map((held) => ["AidDuty", held] as const)].map(
          ([type, { role, region }]) => (
            <List.Item key={`${role}${region}`}>
              {name(type, role)} · {region ?? t("district.home.country")}
            </List.Item>
          ),
        )}
      </List>
    </section>
  );
}

interface Counted {
  readonly totalCount: number | null;
  readonly nodes?:
    | readonly {
        readonly expiresAt?: string | null;
        readonly lapsesAt?: string | null;
        readonly nomination?: { readonly activateBy: string } | null;
      }[]
    | null;
}
type Answer = Readonly<Record<string, Counted | null>>;

function RegistryWork() {
  const { t } = useText();
  const { has } = useDuties();
  const [work] = useQuery<Answer & { readonly registryCalendar: readonly Window[] | null }>({ query: REGISTRY_WORK });
  const [reviews] = useQuery<Answer>({ query: REVIEW_WORK, pause: !has(REVIEWERS) });
  const { registryCalendar, ...counted } = work.data ?? { registryCalendar: null };
  if (work.fetching && !work.data) return <Loading />;
  return (
    <Stack gap="lg">
      <Problem error={work.error ?? reviews.error} />
      <Calendar windows={registryCalendar ?? []} />
      <Lines
        title={t("district.home.registry")}
        lines={[...PROPOSAL_LINES, ...REVIEW_LINES]}
        answer={{ ...counted, ...reviews.data }}
      />
    </Stack>
  );
}

function AidWork() {
  const { t } = useText();
  const { has, readsNames: offices } = useDuties();
  const [paid, health, school] = [!has(["EDUCATION"]), offices || has(["HEALTH"]), offices || has(["EDUCATION"])];
  const [{ data, error, fetching }] = useQuery<Answer>({ query: AID_WORK, variables: { paid, offices, health, school } });
  if (fetching && !data) return <Loading />;
  return (
    <Stack gap="lg">
      <Problem error={error} />
      <Lines title={t("district.home.aid")} lines={AID_LINES} answer={data ?? {}} />
    </Stack>
  );
}

interface LinesProps {
  readonly title: string;
  readonly lines: readonly Work[];
  readonly answer: Answer;
}

/** Own work first, what presses most on top; the rest is what others are at. */
function Lines({ title, lines, answer }: LinesProps) {
  const { t } = useText();
  const { has } = useDuties();
  const told = lines
    .filter(({ name }) => answer[name])
    .map((line) => ({ ...line, isOwn: has(line.by), total: answer[line.name]?.totalCount ?? 0, due: dueOf(answer[line.name]) }));
  const sorted = told.toSorted(
    (a, b) =>
      Number(b.isOwn) - Number(a.isOwn) ||
      Number(b.total > 0) - Number(a.total > 0) ||
      (a.due ?? "9").localeCompare(b.due ?? "9"),
  );
  return (
    <section>
      <Title order={2} size="h4" mb="xs">
        {title}
      </Title>
      <Table className="desk-rows" role="table" verticalSpacing={6}>
        <Table.Thead role="rowgroup">
          <Table.Tr role="row">
            {["work", "waiting", "due", "turn"].map((column) => (
              <Table.Th key={column} role="columnheader" ta={column === "waiting" ? "right" : undefined}>
                {t(`district.column.${column}`)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody role="rowgroup">
          {sorted.map((line) => (
            <Line key={line.name} {...line} />
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}

type LineProps = Work & { readonly isOwn: boolean; readonly total: number; readonly due: string | undefined };

function Line({ name, to, isOwn, total, due }: LineProps) {
  const { t } = useText();
  return (
    <Table.Tr role="row">
      <Table.Td role="cell">
        <Anchor component={Link} to={`/district/${to}`} size="sm" fw={isOwn && total > 0 ? 700 : 400}>
          {t(`district.work.${name}`)}
        </Anchor>
      </Table.Td>
      <Table.Td role="cell" className="desk-number" data-label={t("district.column.waiting")}>
        <span>{count(total)}</span>
      </Table.Td>
      <Table.Td role="cell" data-label={t("district.column.due")}>
        {due && total > 0 ? <Clock until={due} /> : "–"}
      </Table.Td>
      <Table.Td role="cell" data-label={t("district.column.turn")}>
        <Text size="sm" fw={isOwn ? 600 : 400}>
          {t(isOwn ? "district.home.yours" : "district.home.others")}
        </Text>
      </Table.Td>
    </Table.Tr>
  );
}

function dueOf(counted: Counted | null | undefined): string | undefined {
  const [first] = counted?.nodes ?? [];
  const last = first?.nomination?.activateBy;
  return first?.expiresAt ?? first?.lapsesAt ?? (last && `${last}T23:59:59+07:00`) ?? undefined;
}
