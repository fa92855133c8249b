import { Alert, Button, FileInput, Group, Progress, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { type FormEvent, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { headersUnder, useAsking } from "../../kit/ask.tsx";
import { share } from "../../kit/format.ts";
import { useText } from "../../kit/text.tsx";
import { useDraft } from "../../kit/use/useDraft.ts";
import { uploadFile } from "./send.ts";

interface Draft {
  readonly source: string;
  readonly mapping: string;
}

const EMPTY: Draft = { source: "DTKS", mapping: "" };

/** A file and what it is; while it goes, how much of it has gone. */
export function Upload() {
  const { t } = useText();
  const [draft, change] = useDraft("district.upload", EMPTY);
  const [file, choose] = useState<File | null>(null);
  const { gone, fault, send, stop } = useSending();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (file && gone === null) void send(file, draft);
  };
  return (
    <form onSubmit={submit}>
      <Stack maw={640}>
        <FileInput
          label={t("district.jobs.file")}
          description={t("district.jobs.fileLead")}
          accept=".csv,text/csv"
          required
          value={file}
          onChange={choose}
        />
        <What draft={draft} change={change} />
        {fault && (
          <Alert color="red" variant="outline" role="alert" title={t("problem.title")}>
            {fault}
          </Alert>
        )}
        {gone === null ? (
          <Group>
            <Button type="submit" disabled={!file}>
              {t("district.jobs.start")}
            </Button>
          </Group>
        ) : (
          <Sending part={gone} onStop={stop} />
        )}
      </Stack>
    </form>
  );
}

/** Sends a file, tells how much has gone, and goes to its job. */
function useSending() {
  const { t } = useText();
  const go = useNavigate();
  const { agreement, caseNumber } = useAsking();
  const [gone, tell] = useState<number | null>(null);
  const [fault, blame] = useState<string | null>(null);
  const control = useRef<AbortController>(null);
  const send = async (file: File, draft: Draft) => {
    control.current = new AbortController();
    blame(null);
    tell(0);
    const headers = headersUnder(agreement, caseNumber);
    try {
      const id = await uploadFile({ file, ...draft, headers, told: tell, signal: control.current.signal });
      await go(`/district/matching/jobs/${id}`);
    } catch (error) {
      tell(null);
      if (!(error instanceof DOMException))
        blame(error instanceof TypeError ? t("problem.network") : String((error as Error).message));
    }
  };
  return { gone, fault, send, stop: () => control.current?.abort() };
}

interface WhatProps {
  readonly draft: Draft;
  readonly change: (part: Partial<Draft>) => void;
}

function What({ draft, change }: WhatProps) {
  const { t } = useText();
  return (
    <>
      <TextInput
        label={t("district.jobs.source")}
        required
        maxLength={40}
        value={draft.source}
        onChange={({ currentTarget }) => change({ source: currentTarget.value })}
      />
      <details>
        <summary>{t("district.jobs.mappingSummary")}</summary>
        <Textarea
          label={t("district.jobs.mapping")}
          description={t("district.jobs.mappingLead")}
          autosize
          minRows={3}
          value={draft.mapping}
          onChange={({ currentTarget }) => change({ mapping: currentTarget.value })}
        />
      </details>
    </>
  );
}

function Sending({ part, onStop }: { readonly part: number; readonly onStop: () => void }) {
  const { t } = useText();
  return (
    <Stack gap="xs">
      <Text role="status">{t("district.jobs.sending", { part: share(part) })}</Text>
      <Progress value={part * 100} aria-label={t("district.jobs.sending", { part: share(part) })} />
      <Group>
        <Button variant="default" onClick={onStop}>
          {t("district.jobs.stop")}
        </Button>
      </Group>
    </Stack>
  );
}
