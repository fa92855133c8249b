import { Button, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { CombinedError } from "@urql/core";
import { type ReactNode, useId, useState } from "react";
import { Problem } from "../Problem.tsx";
import { useText } from "../text.tsx";
import { useDraft } from "../use/useDraft.ts";

interface Reason {
  readonly called: string;
  /** The act and what it is done to. What is typed is kept for this tab under it, until the act is done or put away; it is never offered for another. */
  readonly about: string;
}

interface ActProps {
  /** What is done, as a verb. */
  readonly label: string;
  /** What will happen, in a sentence: read before it is done. */
  readonly tells: string;
  /** Why this person may not, now; undefined: may. */
  readonly because?: string | undefined;
  /** Something is stopped or lost for good. */
  readonly isGrave?: boolean;
  /** The reason that the act needs; undefined: it needs none. */
  readonly asks?: Reason | undefined;
  /** Does it; the error, if it failed, is shown and the dialog stays open. */
  readonly act: (reason: string) => Promise<CombinedError | undefined>;
  /** More to be filled in before. */
  readonly children?: ReactNode;
}

/** A button that says what it will do and asks once more. Who may not press it reads why. */
export function Act(props: ActProps) {
  const { t } = useText();
  const { label, because, isGrave = false } = props;
  const [isOpen, { open, close }] = useDisclosure(false);
  const why = useId();
  const look = isGrave ? { variant: "outline", color: "var(--negative)" } : { variant: "default" };
  return (
    <div>
      <Button
        {...look}
        onClick={open}
        disabled={because !== undefined}
        aria-describedby={because === undefined ? undefined : why}
      >
        {label}
      </Button>
      {because !== undefined && (
        <Text id={why} size="sm" c="dimmed" maw="32ch" mt={4}>
          {because}
        </Text>
      )}
      <Modal opened={isOpen} onClose={close} title={label} closeButtonProps={{ "aria-label": t("kit.close") }}>
        <Asked {...props} close={close} />
      </Modal>
    </div>
  );
}

const BLANK = { reason: "" };

function Asked({ label, tells, asks, isGrave = false, act, children, close }: ActProps & { readonly close: () => void }) {
  const { t } = useText();
  const [{ reason }, change, clear] = useDraft(`act.${asks?.about ?? ""}`, BLANK);
  const [error, setError] = useState<CombinedError>();
  const [isBusy, setBusy] = useState(false);
  const putAway = () => {
    clear();
    close();
  };
  const run = async () => {
    setBusy(true);
    const failed = await act(reason.trim());
    setBusy(false);
    setError(failed);
    if (!failed) putAway();
  };
  const isMissing = asks !== undefined && reason.trim().length < 5;
  return (
    <Stack gap="sm">
      <Text>{tells}</Text>
      {children}
      {asks !== undefined && (
        <Textarea
          label={asks.called}
          description={t("kit.reasonLength")}
          value={reason}
          autosize
          minRows={2}
          maxLength={500}
          required
          onChange={({ currentTarget: { value } }) => change({ reason: value })}
        />
      )}
      <Problem error={error} />
      <Group justify="flex-end">
        <Button variant="default" onClick={putAway}>
          {t("kit.cancel")}
        </Button>
        <Button
          loading={isBusy}
          disabled={isMissing}
          {...(isGrave && { color: "var(--negative)", autoContrast: true })}
          onClick={() => void run()}
        >
          {label}
        </Button>
      </Group>
    </Stack>
  );
}
