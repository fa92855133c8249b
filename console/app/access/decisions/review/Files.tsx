import { Button, Group, NativeSelect, Stack, Text } from "@mantine/core";
import type { CombinedError } from "@urql/core";
import { useState } from "react";
import { useClient } from "urql";
import { Problem } from "../../../kit/Problem.tsx";
import { Facts } from "../../../kit/parts/Facts.tsx";
import { useText } from "../../../kit/text.tsx";
import { POLICY_FILE } from "../questions.ts";
import type { Which } from "./ReviewPage.tsx";

interface PolicyFile {
  readonly body: string;
  readonly sha256: string;
  readonly signature: string;
}

const FORMATS = ["JSON", "ODRL"] as const;

/** The version as a signed file. */
export function Files({ which }: { readonly which: Which }) {
  const { t, enumLabel } = useText();
  const client = useClient();
  const [format, setFormat] = useState<string>("JSON");
  const [file, setFile] = useState<PolicyFile>();
  const [error, setError] = useState<CombinedError>();
  const fetchFile = async () => {
    const { data, error: failed } = await client
      .query<{ policyFile: PolicyFile | null }>(POLICY_FILE, { ...which, format })
      .toPromise();
    setError(failed);
    if (!data?.policyFile) return;
    setFile(data.policyFile);
    save(
      data.policyFile.body,
      `${which.agreement.replaceAll("/", "-")}-v${which.version}.${format === "ODRL" ? "jsonld" : "json"}`,
    );
  };
  return (
    <Stack>
      <Text c="dimmed" maw="75ch">
        {t("steward.fileLead")}
      </Text>
      <Group align="flex-end">
        <NativeSelect
          label={t("steward.fileFormat")}
          value={format}
          data={FORMATS.map((value) => ({ value, label: enumLabel("PolicyFileFormat", value) }))}
          onChange={({ currentTarget: { value } }) => setFormat(value)}
        />
        <Button onClick={() => void fetchFile()}>{t("steward.download")}</Button>
      </Group>
      <Problem error={error} />
      {file && (
        <Facts
          facts={[
            ["SHA-256", <code key="hash">{file.sha256}</code>],
            [t("steward.signature"), <code key="signature">{file.signature}</code>],
          ]}
        />
      )}
    </Stack>
  );
}

function save(body: string, name: string): void {
  const url = URL.createObjectURL(new Blob([body], { type: "application/json" }));
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  link.click();
  URL.revokeObjectURL(url);
}
