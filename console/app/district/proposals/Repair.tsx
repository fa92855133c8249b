import { Button, Group, Modal, Stack } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useMutation } from "urql";
import { Problem } from "../../kit/Problem.tsx";
import { useText } from "../../kit/text.tsx";
import { given, seen, type Values } from "../acts/act.ts";
import { Fields } from "../acts/Fields.tsx";
import { CLAIM } from "./claim.ts";
import { REPAIR } from "./questions.ts";
import type { Candidate, Whole } from "./types.ts";

interface RepairProps {
  readonly proposal: Whole;
  readonly candidate: Candidate;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** A candidate claimed anew: what stands is there to be mended. */
export function Repair({ proposal, candidate, onClose, onDone }: RepairProps) {
  const { t } = useText();
  const [values, setValues] = useState<Values>(() =>
    Object.fromEntries(CLAIM.map(({ name }) => [name, candidate[name as keyof Candidate]?.toString() ?? ""])),
  );
  const [{ error, fetching }, mutate] = useMutation(REPAIR);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (fetching) return;
    const candidates = [{ id: candidate.id, claim: given(values) }];
    const { error: fault } = await mutate({ input: { proposal: seen(proposal), candidates } });
    if (fault) return;
    onClose();
    onDone();
  };
  return (
    <Modal opened onClose={onClose} title={t("district.act.repair")} closeButtonProps={{ "aria-label": t("district.kit.close") }}>
      <form onSubmit={(event) => void submit(event)}>
        <Stack>
          <Fields fields={CLAIM} values={values} change={(part) => setValues((before) => ({ ...before, ...part }))} />
          <Problem error={error} />
          <Group justify="flex-end">
            <Button type="submit" loading={fetching}>
              {t("district.act.repair")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
