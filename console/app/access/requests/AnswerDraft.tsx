import { Button, NativeSelect } from "@mantine/core";
import { useState } from "react";
import { useNavigate } from "react-router";
import { useClient, useQuery } from "urql";
import { useText } from "../../kit/text.tsx";
import { keep } from "../../kit/use/kept.ts";
import { type Content, draftFrom, draftName } from "../drafts/draft.ts";
import { DRAFT_BASE, DRAFT_GROUND } from "../drafts/questions.ts";
import { type Based, type Ground, inForceOf } from "../drafts/useDrafting.ts";
import { answering, type Wish } from "./answering.ts";
import { REQUEST_GROUND } from "./questions.ts";

interface Agreements {
  readonly allAgreements: {
    readonly nodes: readonly { readonly number: string; readonly title: string; readonly consumer: { readonly code: string } }[];
  };
}

/** Begins the draft that answers a wish: the version in force, and what is wished for. */
export function AnswerDraft({ wish }: { readonly wish: Wish }) {
  const { t } = useText();
  const client = useClient();
  const navigate = useNavigate();
  const [{ data }] = useQuery<Agreements>({ query: REQUEST_GROUND });
  const own = (data?.allAgreements.nodes ?? []).filter(({ consumer }) => consumer.code === wish.agency.code);
  const [picked, pick] = useState<string>();
  const agreement = picked ?? own[0]?.number;
  if (agreement === undefined) return null;
  const begin = async () => {
    const ground = await client.query<Ground>(DRAFT_GROUND, { agreement }).toPromise();
    const active = inForceOf(ground.data);
    const based = await client.query<Based>(DRAFT_BASE, { agreement, base: active, active }).toPromise();
    const base: Content | null = based.data?.base ?? null;
    keep(`draft.${draftName(agreement, null)}`, answering(draftFrom(base, new Date()), wish));
    await navigate(`/access/drafts/${encodeURIComponent(agreement)}?from=${active}&request=${wish.id}`);
  };
  return (
    <>
      <NativeSelect
        label={t("steward.answerIn")}
        value={agreement}
        data={own.map(({ number, title }) => ({ value: number, label: `${number} · ${title}` }))}
        onChange={({ currentTarget: { value } }) => pick(value)}
      />
      <Button variant="default" onClick={() => void begin()}>
        {t("steward.answerDraft")}
      </Button>
    </>
  );
}
