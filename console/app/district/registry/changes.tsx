import { List, Stack, Text } from "@mantine/core";
import { day, rupiah } from "../../kit/format.ts";
import { Problem } from "../../kit/Problem.tsx";
import { Loading } from "../../kit/States.tsx";
import { useText } from "../../kit/text.tsx";
import { useAnswer } from "../../kit/use/useAnswer.ts";
import { seenOne } from "../acts/act.ts";
import { Facts, State } from "../kit/Facts.tsx";
import { History, type Step } from "../kit/History.tsx";
import { useNames } from "../kit/names.ts";
import type { QueueOf } from "../kit/Queue.tsx";
import { APPROVE_CHANGE, CHANGE_PREVIEW, CHANGES, REJECT_CHANGE, SUBMIT_CHANGE } from "./questions.ts";

interface Change {
  readonly id: string;
  readonly version: number;
  readonly state: string;
  readonly kind: string;
  readonly source: string;
  readonly effectiveOn: string | null;
  readonly missing: readonly string[] | null;
  readonly reason: string | null;
  readonly claimedName: string | null;
  readonly region: { readonly code: string; readonly name: string } | null;
  readonly household: { readonly id: string; readonly address: string | null } | null;
  readonly person: { readonly fullName: string | null } | null;
  readonly history: readonly Step[] | null;
}

const KINDS = ["BIRTH", "DEATH", "MOVE", "MARRIAGE", "DIVORCE", "SPLIT", "MERGE", "CORRECTION"];
const STATES = ["SUBMITTED", "DRAFT", "APPROVED", "APPLIED", "REJECTED", "WITHDRAWN"];

/** Digests of previews that were read, by request: what is approved is what was shown. */
const read = new Map<string, string>();

export const CHANGES_QUEUE: QueueOf<Change> = {
  name: "changes",
  query: CHANGES,
  root: "changeRequests",
  filters: [
    { name: "state", kind: "choice", type: "ChangeState", values: STATES },
    { name: "kind", kind: "choice", type: "FamilyChangeKind", values: KINDS },
    { name: "region", kind: "region" },
  ],
  variables: ({ state, kind, region }) => ({ filter: { state, kind, region } }),
  nameOf: ({ person, claimedName, household }) => person?.fullName ?? claimedName ?? household?.address ?? "",
  acts: [
    {
      ...{ name: "submitChange", document: SUBMIT_CHANGE, by: ["VILLAGE_OPERATOR"] },
      fits: ({ state, missing }) => state === "DRAFT" && !missing?.length,
      variables: (rows) => ({ input: seenOne(rows) }),
    },
    {
      ...{ name: "approveChange", document: APPROVE_CHANGE, by: ["VERIFIER"] },
      fits: ({ state }) => state === "SUBMITTED",
      variables: (rows) => ({ input: { ...seenOne(rows), digest: read.get(rows[0]?.id ?? "") ?? "" } }),
    },
    {
      ...{ name: "rejectChange", document: REJECT_CHANGE, by: ["VERIFIER"], isEnd: true },
      fits: ({ state }) => state === "SUBMITTED",
      fields: [{ name: "reason", kind: "words" }],
      variables: (rows, { reason }) => ({ input: { ...seenOne(rows), reason } }),
    },
  ],
  columns: [
    { name: "change", cell: ({ kind }) => <Kind kind={kind} /> },
    { name: "member", cell: ({ person, claimedName }) => person?.fullName ?? claimedName },
    { name: "address", cell: ({ household }) => household?.address },
    { name: "village", cell: ({ region }) => region?.name },
    { name: "effectiveOn", cell: ({ effectiveOn }) => effectiveOn && day(effectiveOn) },
    { name: "state", cell: ({ state }) => <State type="ChangeState" value={state} /> },
  ],
  details: (row) => <Details of={row} />,
};

function Kind({ kind }: { readonly kind: string }) {
  return useNames()("FamilyChangeKind", kind);
}

function Details({ of }: { readonly of: Change }) {
  const name = useNames();
  return (
    <Stack gap="sm">
      <Facts
        of={[
          ["source", name("ChangeSource", of.source)],
          ["missing", of.missing?.join(", ")],
          ["reason", of.reason],
        ]}
      />
      {of.state === "SUBMITTED" && <Preview id={of.id} />}
      <History steps={of.history} type="ChangeState" />
    </Stack>
  );
}

interface Consequence {
  readonly code: string;
  readonly indonesian: string;
  readonly english: string;
}
interface Previewed {
  readonly changeRequest: {
    readonly preview: {
      readonly digest: string;
      readonly pkhDifference: string | null;
      readonly consequences: readonly Consequence[] | null;
      readonly pkh: readonly Consequence[] | null;
      readonly seats: readonly Consequence[] | null;
    } | null;
  } | null;
}

/** What approving would do to families, aid and seats today. */
function Preview({ id }: { readonly id: string }) {
  const { t, language } = useText();
  const { data, error, isAsking } = useAnswer<Previewed>(CHANGE_PREVIEW, { id }, { policy: "network-only" });
  const preview = data?.changeRequest?.preview;
  if (isAsking) return <Loading />;
  if (!preview) return <Problem error={error} />;
  read.set(id, preview.digest);
  const all = [...(preview.consequences ?? []), ...(preview.pkh ?? []), ...(preview.seats ?? [])];
  return (
    <div>
      <Text fw={600}>{t("district.change.preview")}</Text>
      <List size="sm">
        {all.map(({ code, indonesian, english }) => (
          <List.Item key={`${code}${indonesian}`}>{language === "id" ? indonesian : english}</List.Item>
        ))}
      </List>
      {preview.pkhDifference && <Text size="sm">{t("district.change.pkh", { amount: rupiah(preview.pkhDifference) })}</Text>}
      <Problem error={error} />
    </div>
  );
}
