import { Anchor, List } from "@mantine/core";
import { Link } from "react-router";
import { day } from "../../kit/format.ts";
import { useText } from "../../kit/text.tsx";
import { ActButton } from "../acts/ActButton.tsx";
import { seenOne } from "../acts/act.ts";
import { GROUP_NEED } from "../households/needs.ts";
import { Facts } from "../kit/Facts.tsx";
import { useNames } from "../kit/names.ts";
import { Queue, type QueueOf } from "../kit/Queue.tsx";
import { END_NEED, NEEDS, RECORD_SERVICE } from "./questions.ts";

interface Need {
  readonly id: string;
  readonly version: number;
  readonly kind: string;
  readonly subjectKind: string;
  readonly since: string;
  readonly until: string | null;
  readonly endReason: string | null;
  readonly region: { readonly code: string; readonly name: string } | null;
  readonly member: { readonly claimedName: string | null } | null;
  readonly group: { readonly name: string | null; readonly size: number | null } | null;
  readonly services:
    | readonly { readonly service: string; readonly on: string; readonly officer: string; readonly note: string | null }[]
    | null;
}

const BY = ["VERIFIER", "HEAD_OF_OFFICE"];
const isOpen = ({ until }: Need) => until === null;

const NEEDS_QUEUE: QueueOf<Need> = {
  name: "needs",
  query: NEEDS,
  root: "needs",
  filters: [{ name: "region", kind: "region" }],
  variables: ({ region }) => ({ region }),
  nameOf: ({ member, group, since }) => member?.claimedName ?? group?.name ?? since,
  acts: [
    {
      ...{ name: "recordService", document: RECORD_SERVICE, by: BY, fits: isOpen },
      fields: [
        { name: "service", kind: "line" },
        { name: "on", kind: "date" },
        { name: "note", kind: "words", isOptional: true },
      ],
      variables: (rows, { note, ...values }) => ({ input: { need: rows[0]?.id, ...values, ...(note && { note }) } }),
    },
    {
      ...{ name: "endNeed", document: END_NEED, by: BY, fits: isOpen, isEnd: true },
      fields: [
        { name: "on", kind: "date" },
        { name: "reason", kind: "words" },
      ],
      variables: (rows, values) => ({ input: { ...seenOne(rows), ...values } }),
    },
  ],
  columns: [
    { name: "need", cell: ({ kind }) => <Kind type="NeedKind" kind={kind} /> },
    {
      name: "subject",
      cell: ({ member, group, subjectKind }) =>
        member?.claimedName ?? group?.name ?? <Kind type="NeedSubject" kind={subjectKind} />,
    },
    { name: "village", cell: ({ region }) => region?.name },
    { name: "since", cell: ({ since }) => day(since) },
    { name: "until", cell: ({ until }) => (until ? day(until) : "–") },
    { name: "services", isNumber: true, cell: ({ services }) => services?.length },
  ],
  details: ({ services, endReason, group }) => (
    <>
      <Facts
        of={[
          ["size", group?.size],
          ["reason", endReason],
        ]}
      />
      <List size="sm">
        {services?.map(({ service, on, officer, note }) => (
          <List.Item key={`${on}${service}`}>
            {[day(on), service, officer, note].filter((one) => one !== null).join(" · ")}
          </List.Item>
        ))}
      </List>
    </>
  ),
};

function Kind({ type, kind }: { readonly type: string; readonly kind: string }) {
  return useNames()(type, kind);
}

/** Needs that the own office handles. Of a person or a family a need is registered where they are found: among the households. */
export function Needs() {
  const { t } = useText();
  return (
    <Queue of={NEEDS_QUEUE} actions={(again) => <ActButton act={GROUP_NEED} onDone={again} />}>
      <Anchor component={Link} to="/district/households">
        {t("district.need.ofPersons")}
      </Anchor>
    </Queue>
  );
}
