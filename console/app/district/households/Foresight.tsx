import { Button, Group, Stack } from "@mantine/core";
import type { CombinedError } from "@urql/core";
import { useState } from "react";
import { useClient } from "urql";
import { Problem } from "../../kit/Problem.tsx";
import { useText } from "../../kit/text.tsx";
import { Consequences, type Foreseen } from "./Consequences.tsx";
import { PREVIEW_CHANGE } from "./questions.ts";

interface Told {
  /** What it was told of. */
  readonly of: string;
  readonly preview?: Foreseen | null | undefined;
  readonly error?: CombinedError | undefined;
}

/** What a change would do as it is filled in now; shown of nothing else. Nothing is written. */
export function Foresight({ input }: { readonly input: Readonly<Record<string, unknown>> }) {
  const { t } = useText();
  const client = useClient();
  const [told, tell] = useState<Told | null>(null);
  const [isAsking, ask] = useState(false);
  const of = JSON.stringify(input);
  const foresee = async () => {
    ask(true);
    const { data, error } = await client
      .query<{ readonly previewChange: Foreseen | null }>(PREVIEW_CHANGE, { input }, { requestPolicy: "network-only" })
      .toPromise();
    tell({ of, preview: data?.previewChange, error });
    ask(false);
  };
  return (
    <Stack gap="xs">
      <Group>
        <Button variant="default" loading={isAsking} onClick={() => void foresee()}>
          {t("district.change.foresee")}
        </Button>
      </Group>
      {told?.of === of && <Problem error={told.error} />}
      {told?.of === of && told.preview && <Consequences of={told.preview} />}
    </Stack>
  );
}
