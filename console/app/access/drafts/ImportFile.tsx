import { Button, FileInput, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useState } from "react";
import { useNavigate } from "react-router";
import { useMutation } from "urql";
import { Problem } from "../../kit/Problem.tsx";
import { useText } from "../../kit/text.tsx";
import { IMPORT_VERSION } from "./questions.ts";

interface Imported {
  readonly importVersion: { readonly number: number; readonly agreement: { readonly number: string } } | null;
}

/** Makes a draft out of a policy file. */
export function ImportFile({ agreement }: { readonly agreement: string }) {
  const { t } = useText();
  const [isOpen, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button variant="default" onClick={open}>
        {t("steward.import")}
      </Button>
      <Modal
        opened={isOpen}
        onClose={close}
        title={t("steward.import")}
        size="lg"
        closeButtonProps={{ "aria-label": t("kit.close") }}
      >
        <Form agreement={agreement} close={close} />
      </Modal>
    </>
  );
}

function Form({ agreement, close }: { readonly agreement: string; readonly close: () => void }) {
  const { t } = useText();
  const navigate = useNavigate();
  const [file, setFile] = useState("");
  const [{ error, fetching }, send] = useMutation<Imported>(IMPORT_VERSION);
  const run = async () => {
    const { data } = await send({ file, agreement });
    if (!data?.importVersion) return;
    const { number, agreement: of } = data.importVersion;
    await navigate(`/access/decisions/${encodeURIComponent(of.number)}/${number}`);
  };
  return (
    <Stack gap="sm">
      <Text>{t("steward.importLead", { agreement })}</Text>
      <FileInput
        label={t("steward.importFile")}
        accept="application/json,.json"
        placeholder={t("steward.chooseFile")}
        onChange={(chosen) => void chosen?.text().then(setFile)}
      />
      <Textarea
        label={t("steward.importText")}
        value={file}
        minRows={6}
        maxRows={14}
        autosize
        spellCheck={false}
        styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
        onChange={({ currentTarget: { value } }) => setFile(value)}
      />
      <Problem error={error} />
      <Group justify="flex-end">
        <Button variant="default" onClick={close}>
          {t("kit.cancel")}
        </Button>
        <Button disabled={file.trim() === ""} loading={fetching} onClick={() => void run()}>
          {t("steward.importDo")}
        </Button>
      </Group>
    </Stack>
  );
}
