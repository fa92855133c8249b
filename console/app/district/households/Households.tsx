import { Stack } from "@mantine/core";
import { Problem } from "../../kit/Problem.tsx";
import { Loading } from "../../kit/States.tsx";
import { useText } from "../../kit/text.tsx";
import { useAnswer } from "../../kit/use/useAnswer.ts";
import { ActBar } from "../acts/ActBar.tsx";
import { useDuties } from "../kit/duties.tsx";
import { State } from "../kit/Facts.tsx";
import { type Home, type HomeMember, presentIn } from "../kit/homes.ts";
import { useNames } from "../kit/names.ts";
import { Queue, type QueueOf } from "../kit/Queue.tsx";
import { HOUSEHOLDS } from "../kit/questions.ts";
import { type Column, Rows } from "../kit/Rows.tsx";
import { cardActs } from "./changes.tsx";
import { needActs } from "./needs.ts";
import { HOUSEHOLD } from "./questions.ts";

const headOf = (home: Home): string =>
  (presentIn(home).find(({ relation }) => relation === "HEAD") ?? presentIn(home)[0])?.claimedName ?? "";

/** Households of the registry below a region on duty. */
const queueBelow = (root: string | null): QueueOf<Home> => ({
  name: "households",
  query: HOUSEHOLDS,
  root: "households",
  filters: [{ name: "region", kind: "region" }],
  variables: ({ region }) => ({ region: region ?? root }),
  nameOf: (home) => headOf(home) || (home.address ?? home.id),
  columns: [
    { name: "head", cell: headOf },
    { name: "address", cell: ({ address }) => address },
    { name: "village", cell: ({ region }) => region?.name },
    { name: "members", isNumber: true, cell: (home) => presentIn(home).length },
  ],
  details: ({ id }) => <Within id={id} />,
});

const MEMBERS: readonly Column<HomeMember>[] = [
  { name: "suffix", cell: ({ suffix }) => suffix },
  { name: "member", cell: ({ claimedName }) => claimedName },
  { name: "relation", cell: ({ relation }) => <Relation of={relation} /> },
  { name: "family", cell: ({ family }) => family?.registryNumber },
  { name: "state", cell: ({ state }) => <State type="MemberState" value={state} /> },
];

function Relation({ of }: { readonly of: string | null }) {
  return useNames()("FamilyRelation", of);
}

/** Who lives there now, and what may be told of them. */
function Within({ id }: { readonly id: string }) {
  const { t } = useText();
  const { data, error, isLoading, again } = useAnswer<{ readonly household: Home | null }>(HOUSEHOLD, { id });
  const home = data?.household;
  if (isLoading) return <Loading />;
  return (
    <Stack gap="sm">
      <Problem error={error} />
      {home && (
        <Rows
          caption={t("district.column.members")}
          rows={home.members ?? []}
          columns={MEMBERS}
          nameOf={({ claimedName }) => claimedName ?? ""}
        />
      )}
      {home && <ActBar acts={[...cardActs(home), ...needActs(home)]} rows={[home]} nameOf={headOf} onDone={again} />}
    </Stack>
  );
}

/** The registry's entries where the person is on duty: new cards and needs begin here. */
export function Households() {
  const { root } = useDuties();
  return <Queue of={queueBelow(root)} />;
}
