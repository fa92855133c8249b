import { Image, Text } from "@mantine/core";
import { moment } from "../../kit/format.ts";
import { useText } from "../../kit/text.tsx";
import { type Act, seenOne } from "../acts/act.ts";
import { Clock, Facts, State } from "../kit/Facts.tsx";
import { History, type Step } from "../kit/History.tsx";
import { useNames } from "../kit/names.ts";
import type { QueueOf } from "../kit/Queue.tsx";
import { Identify } from "./identify.tsx";
import { ANSWER_RANKING, DECIDE_OBJECTION, OBJECTIONS, RANKING_OBJECTIONS, TAKE_OBJECTION, TAKE_RANKING } from "./questions.ts";

interface Place {
  readonly code: string;
  readonly name: string;
}

interface Recipient {
  readonly claimedName: string | null;
  readonly household: { readonly address: string | null } | null;
}

interface Objection {
  readonly id: string;
  readonly version: number;
  readonly state: string;
  readonly mode: string;
  readonly program: string | null;
  readonly reason: string | null;
  readonly filedAt: string;
  readonly lapsesAt: string | null;
  readonly handler: string | null;
  readonly decisionReason: string | null;
  readonly appealReason: string | null;
  readonly closingReason: string | null;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly region: Place | null;
  readonly member: Recipient | null;
  /** As the objector wrote it; null: by the entry. */
  readonly claimedName: string | null;
  readonly candidates: readonly (Recipient & { readonly id: string })[] | null;
  readonly objector: { readonly fullName: string | null } | null;
  readonly photo: { readonly path: string | null; readonly state: string } | null;
  readonly history: readonly Step[] | null;
}

const STATES = ["FILED", "UNDER_REVIEW", "APPEALED", "LAPSED", "UPHELD", "REJECTED", "CLOSED"];
/** Who reviews, and who decides an appeal, by mode (docs/registry/objections.md). */
const REVIEWERS = { take: ["VERIFIER", "RANKING"], appeal: ["HEAD_OF_OFFICE", "MINISTRY"] };
const isOfAppeal = ({ state }: Objection) => state === "APPEALED";

const deciding = (name: string, by: readonly string[], fits: (row: Objection) => boolean): Act<Objection> => ({
  ...{ name, by, fits, document: DECIDE_OBJECTION },
  fields: [
    { name: "decision", kind: "choice", type: "ObjectionDecision", values: ["UPHELD", "REJECTED"] },
    { name: "reason", kind: "words" },
  ],
  variables: (rows, values) => ({ input: { ...seenOne(rows), ...values } }),
});

export const OBJECTIONS_QUEUE: QueueOf<Objection> = {
  name: "objections",
  query: OBJECTIONS,
  root: "objections",
  filters: [
    { name: "state", kind: "choice", type: "ObjectionState", values: STATES },
    { name: "region", kind: "region" },
  ],
  variables: ({ state, region }) => ({ filter: { state, region } }),
  nameOf: ({ member, claimedName, filedAt }) => member?.claimedName ?? claimedName ?? filedAt,
  acts: [
    {
      ...{
        name: "takeObjection",
        document: TAKE_OBJECTION,
        by: REVIEWERS.take,
        fits: ({ state }: Objection) => state === "FILED",
      },
      variables: seenOne,
    },
    deciding("decideObjection", REVIEWERS.take, ({ state }) => state === "UNDER_REVIEW"),
    deciding("decideAppeal", REVIEWERS.appeal, isOfAppeal),
  ],
  columns: [
    { name: "member", cell: ({ member, claimedName }) => member?.claimedName ?? claimedName },
    { name: "village", cell: ({ region }) => region?.name },
    { name: "state", cell: ({ state }) => <State type="ObjectionState" value={state} /> },
    {
      name: "left",
      cell: ({ lapsesAt, state }) => <Clock until={state === "FILED" || state === "UNDER_REVIEW" ? lapsesAt : null} />,
    },
    { name: "handler", cell: ({ handler }) => handler },
  ],
  details: (row, again) => (
    <>
      <Ground of={row} />
      <Identify of={row} by={isOfAppeal(row) ? REVIEWERS.appeal : REVIEWERS.take} again={again} />
    </>
  ),
};

/** What is objected, and what shows it. */
function Ground({ of }: { readonly of: Objection }) {
  const { t } = useText();
  const name = useNames();
  const isStored = of.photo?.state === "STORED" && of.photo.path;
  return (
    <>
      <Text>{of.reason}</Text>
      <Facts
        of={[
          ["filedAt", moment(of.filedAt)],
          ["mode", name("ObjectionMode", of.mode)],
          ["program", of.program && name("ProgramCode", of.program)],
          ["address", of.member?.household?.address],
          ["objector", of.objector?.fullName],
          ["place", of.latitude && `${of.latitude}, ${of.longitude}`],
          ["decisionReason", of.decisionReason],
          ["appealReason", of.appealReason],
          ["closingReason", of.closingReason],
        ]}
      />
      {isStored && <Image src={of.photo?.path} alt={t("district.objection.photo")} mah={320} w="auto" fit="contain" />}
      <History steps={of.history} type="ObjectionState" />
    </>
  );
}

interface RankingObjection {
  readonly id: string;
  readonly version: number;
  readonly state: string;
  readonly about: string;
  readonly reason: string | null;
  readonly filedAt: string;
  readonly dueAt: string | null;
  readonly reviewer: string | null;
  readonly answer: string | null;
  readonly region: Place | null;
  readonly member: { readonly claimedName: string | null } | null;
  readonly history: readonly Step[] | null;
}

export const RANKING_QUEUE: QueueOf<RankingObjection> = {
  name: "ranking",
  query: RANKING_OBJECTIONS,
  root: "rankingObjections",
  filters: [{ name: "state", kind: "choice", type: "RankingObjectionState", values: ["FILED", "UNDER_REVIEW", "ANSWERED"] }],
  variables: ({ state }) => ({ state }),
  nameOf: ({ member, filedAt }) => member?.claimedName ?? filedAt,
  acts: [
    {
      ...{ name: "takeRanking", document: TAKE_RANKING, by: ["RANKING", "MINISTRY"] },
      fits: ({ state }) => state === "FILED",
      variables: seenOne,
    },
    {
      ...{ name: "answerRanking", document: ANSWER_RANKING, by: ["RANKING", "MINISTRY"] },
      fits: ({ state }) => state === "UNDER_REVIEW",
      fields: [
        { name: "outcome", kind: "choice", type: "RankingObjectionOutcome", values: ["UPHELD", "CHANGED"] },
        { name: "answer", kind: "words" },
      ],
      variables: (rows, values) => ({ input: { ...seenOne(rows), ...values } }),
    },
  ],
  columns: [
    { name: "member", cell: ({ member }) => member?.claimedName },
    { name: "village", cell: ({ region }) => region?.name },
    { name: "state", cell: ({ state }) => <State type="RankingObjectionState" value={state} /> },
    { name: "left", cell: ({ dueAt, state }) => <Clock until={state === "ANSWERED" ? null : dueAt} /> },
    { name: "handler", cell: ({ reviewer }) => reviewer },
  ],
  details: ({ reason, answer, history }) => (
    <>
      <Text>{reason}</Text>
      <Facts of={[["answer", answer]]} />
      <History steps={history} type="RankingObjectionState" />
    </>
  ),
};
