import { Anchor, Table, Text } from "@mantine/core";
import { Link, useSearchParams } from "react-router";
import { count, day } from "../../kit/format.ts";
import { Problem } from "../../kit/Problem.tsx";
import { Page } from "../../kit/States.tsx";
import { useText } from "../../kit/text.tsx";
import { useAnswer } from "../../kit/use/useAnswer.ts";
import { useDuties } from "../kit/duties.tsx";
import { Facts, State } from "../kit/Facts.tsx";
import { useNames } from "../kit/names.ts";
import { Queue, type QueueOf } from "../kit/Queue.tsx";
import { RegionPath } from "../kit/RegionPath.tsx";
import { QUALITY, RULES } from "./questions.ts";

interface Breach {
  readonly id: string;
  readonly rule: string;
  readonly foundAt: string;
  readonly region: { readonly code: string; readonly name: string } | null;
  readonly member: {
    readonly claimedName: string | null;
    readonly suffix: string | null;
    readonly relation: string | null;
    readonly matchStatus: string | null;
    readonly household: { readonly address: string | null; readonly surveyedOn: string | null } | null;
  } | null;
}

const RULE_CODES = ["SINGLE_IDENTITY", "NO_OVERLAP", "NIK_MATCHED", "COMPLETE", "STALE", "FAMILY_HAS_HEAD", "SUFFIX_VALID"];

/** Members who break a rule, below a region on duty. */
const queueBelow = (root: string): QueueOf<Breach> => ({
  name: "quality",
  query: QUALITY,
  root: "qualityQueue",
  filters: [
    { name: "rule", kind: "choice", type: "IntegrityRuleCode", values: RULE_CODES, preset: "SINGLE_IDENTITY", isNeeded: true },
    { name: "region", kind: "region" },
  ],
  variables: ({ rule, region }) => ({ rule, region: region ?? root }),
  nameOf: ({ member }) => member?.claimedName ?? "",
  columns: [
    { name: "member", cell: ({ member }) => member?.claimedName },
    { name: "relation", cell: ({ member }) => <Relation relation={member?.relation} /> },
    { name: "match", cell: ({ member }) => <State type="MatchStatus" value={member?.matchStatus} /> },
    { name: "address", cell: ({ member }) => member?.household?.address },
    { name: "village", cell: ({ region }) => region?.name },
    { name: "foundAt", cell: ({ foundAt }) => day(foundAt) },
  ],
});

function Relation({ relation }: { readonly relation: string | null | undefined }) {
  return useNames()("FamilyRelation", relation);
}

interface Rules {
  readonly integrityRules:
    | readonly { readonly code: string; readonly description: string; readonly legalBasis: string; readonly severity: string }[]
    | null;
  readonly scorecard: {
    readonly members: number;
    readonly matchRate: number | null;
    readonly breaches: readonly { readonly rule: string; readonly members: number }[] | null;
  } | null;
}

/** How well the entries keep the rules, and those that do not. */
export function Quality() {
  const { t } = useText();
  const { root } = useDuties();
  const [params, setParams] = useSearchParams();
  const region = params.get("region") ?? root;
  if (region === null)
    return (
      <Page title={t("district.queue.quality.title")} lead={t("district.quality.chooseRegion")}>
        <RegionPath value={undefined} put={(code) => setParams(code === null ? {} : { region: code })} />
      </Page>
    );
  return (
    <Queue of={queueBelow(root ?? region)}>
      <Scores region={region} />
    </Queue>
  );
}

function Scores({ region }: { readonly region: string }) {
  const { t } = useText();
  const name = useNames();
  const { data, error } = useAnswer<Rules>(RULES, { region });
  const members = new Map(data?.scorecard?.breaches?.map((breach) => [breach.rule, breach.members]));
  return (
    <div>
      <Problem error={error} />
      {data?.scorecard && (
        <Facts
          of={[
            ["members", count(data.scorecard.members)],
            [
              "matchRate",
              data.scorecard.matchRate === null ? null : t("district.quality.perCent", { rate: data.scorecard.matchRate }),
            ],
          ]}
        />
      )}
      <Table verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("district.column.rule")}</Table.Th>
            <Table.Th>{t("district.column.severity")}</Table.Th>
            <Table.Th ta="right">{t("district.column.members")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {data?.integrityRules?.map(({ code, legalBasis, severity }) => (
            <Table.Tr key={code}>
              <Table.Td>
                <Anchor component={Link} to={`?rule=${code}&region=${region}`} size="sm">
                  {name("IntegrityRuleCode", code)}
                </Anchor>
                <Text size="xs" c="dimmed">
                  {legalBasis}
                </Text>
              </Table.Td>
              <Table.Td>{name("Severity", severity)}</Table.Td>
              <Table.Td className="desk-number">{count(members.get(code) ?? 0)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
