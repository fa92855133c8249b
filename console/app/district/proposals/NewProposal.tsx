import { Anchor, Button, Checkbox, Fieldset, Group, Stack } from "@mantine/core";
import type { FormEvent } from "react";
import { Link, useNavigate } from "react-router";
import { useMutation } from "urql";
import { Problem } from "../../kit/Problem.tsx";
import { Page } from "../../kit/States.tsx";
import { useText } from "../../kit/text.tsx";
import { useDraft } from "../../kit/use/useDraft.ts";
import { type Field, given, type Values } from "../acts/act.ts";
import { Fields } from "../acts/Fields.tsx";
import { useDuties } from "../kit/duties.tsx";
import { useNames } from "../kit/names.ts";
import { RegionPath } from "../kit/RegionPath.tsx";
import { CLAIM } from "./claim.ts";
import { DRAFT } from "./questions.ts";

interface Drafted {
  readonly village: string;
  readonly household: Values;
  readonly aid: readonly string[];
  readonly candidates: readonly Values[];
}

const EMPTY: Drafted = { village: "", household: { channel: "FORMAL" }, aid: [], candidates: [{ relation: "HEAD" }] };
const AID = ["PKH", "BPNT", "PBI_JK", "PIP", "KIP_KULIAH", "OTHER"];
const HOUSEHOLD: readonly Field[] = [
  { name: "channel", kind: "choice", type: "ProposalChannel", values: ["FORMAL", "PARTICIPATORY", "PERLINSOS_AGENT"] },
  { name: "address", kind: "line" },
];

/** A household is proposed: where it lives, what it hopes for, who belongs to it. A draft until it is submitted. */
export function NewProposal() {
  const { t } = useText();
  const { root } = useDuties();
  const go = useNavigate();
  const [draft, change, clear] = useDraft<Drafted>("district.proposal", EMPTY);
  const [{ error, fetching }, mutate] = useMutation<{ readonly draftProposal: { readonly id: string } }>(DRAFT);
  const village = draft.village || (root ?? "");
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (fetching) return;
    const { household, aid, candidates } = draft;
    const { data } = await mutate({ input: { ...household, village, aid, candidates: candidates.map(given) } });
    if (!data?.draftProposal) return;
    clear();
    await go(`/district/proposals/${data.draftProposal.id}`);
  };
  return (
    <Page title={t("district.proposal.new")} lead={t("district.proposal.newLead")}>
      <Anchor component={Link} to="/district/proposals">
        {t("district.proposal.back")}
      </Anchor>
      <form onSubmit={(event) => void submit(event)}>
        <Stack maw={720}>
          <Fieldset legend={t("district.proposal.household")}>
            <Stack>
              <RegionPath value={draft.village} put={(village) => change({ village: village ?? "" })} />
              <Fields
                fields={HOUSEHOLD}
                values={draft.household}
                change={(part) => change({ household: { ...draft.household, ...part } })}
              />
              <Wishes chosen={draft.aid} choose={(aid) => change({ aid })} />
            </Stack>
          </Fieldset>
          <People candidates={draft.candidates} put={(candidates) => change({ candidates })} />
          <Problem error={error} />
          <Group>
            <Button type="submit" loading={fetching} disabled={village.length < 10 || draft.aid.length === 0}>
              {t("district.proposal.save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Page>
  );
}

function Wishes({ chosen, choose }: { readonly chosen: readonly string[]; readonly choose: (aid: string[]) => void }) {
  const { t } = useText();
  const name = useNames();
  return (
    <Checkbox.Group label={t("district.column.aid")} withAsterisk value={[...chosen]} onChange={choose}>
      <Group gap="md" mt={4}>
        {AID.map((kind) => (
          <Checkbox key={kind} value={kind} label={name("AidKind", kind)} />
        ))}
      </Group>
    </Checkbox.Group>
  );
}

interface PeopleProps {
  readonly candidates: readonly Values[];
  readonly put: (candidates: readonly Values[]) => void;
}

function People({ candidates, put }: PeopleProps) {
  const { t } = useText();
  const change = (at: number) => (part: Values) => put(candidates.map((one, i) => (i === at ? { ...one, ...part } : one)));
  return (
    <>
      {candidates.map((candidate, at) => (
        <Fieldset key={at} legend={t("district.proposal.candidate", { number: at + 1 })}>
          <Stack>
            <Fields fields={CLAIM} values={candidate} change={change(at)} />
            {at > 0 && (
              <Button variant="subtle" color="red" onClick={() => put(candidates.filter((_, i) => i !== at))}>
                {t("district.proposal.drop", { number: at + 1 })}
              </Button>
            )}
          </Stack>
        </Fieldset>
      ))}
      <Button variant="default" disabled={candidates.length >= 30} onClick={() => put([...candidates, {}])}>
        {t("district.proposal.add")}
      </Button>
    </>
  );
}
