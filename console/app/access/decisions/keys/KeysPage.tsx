import { Alert, Anchor, Button, Code, FileInput, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { Link } from "react-router";
import { Problem } from "../../../kit/Problem.tsx";
import { Act } from "../../../kit/parts/Act.tsx";
import { Section } from "../../../kit/parts/Section.tsx";
import { Sheet } from "../../../kit/parts/Sheet.tsx";
import { CopyButton, Empty, Page } from "../../../kit/States.tsx";
import { useText } from "../../../kit/text.tsx";
import { useMe } from "../../../shell/me.ts";
import { keyOfPem, newKey } from "../signing/keyFile.ts";
import { forgetKey, type HeldKey, holdKey } from "../signing/keyStore.ts";
import { useKeys } from "../signing/useKeys.ts";
import type { StewardKey } from "../types.ts";

/** The keys a steward signs with: which this browser holds, how to bring one in, how to make one. */
export function KeysPage() {
  const { t } = useText();
  const { me } = useMe();
  const steward = me?.steward?.id;
  const { held, enrolled, error, look } = useKeys(steward);
  return (
    <Page
      title={t("steward.keys")}
      lead={t("steward.keysLead")}
      actions={
        <Anchor component={Link} to="/access/decisions">
          {t("steward.decisions")}
        </Anchor>
      }
    >
      <Problem error={error} />
      <Section title={t("steward.keysHere")}>
        {held.length === 0 ? <Empty>{t("steward.noKeysHere")}</Empty> : <Held {...{ held, enrolled }} look={() => void look()} />}
      </Section>
      {steward !== undefined && <Bring steward={steward} onKey={() => void look()} />}
      <Section title={t("steward.keysEnrolled")} lead={t("steward.keysEnrolledLead")}>
        <Enrolled enrolled={enrolled} />
      </Section>
    </Page>
  );
}

interface HeldProps {
  readonly held: readonly HeldKey[];
  readonly enrolled: readonly StewardKey[];
  readonly look: () => void;
}

function Held({ held, enrolled, look }: HeldProps) {
  const { t } = useText();
  const isEnrolled = (keyId: string) => enrolled.some((key) => key.keyId === keyId);
  return (
    <Stack>
      {held.map(({ keyId, publicKey }) => (
        <Stack key={keyId} gap={4}>
          <Text>
            <Code>{keyId}</Code> {isEnrolled(keyId) ? `✓ ${t("steward.keyUsable")}` : `✕ ${t("steward.keyUnknown")}`}
          </Text>
          {!isEnrolled(keyId) && (
            <>
              <Text size="sm">{t("steward.publicKeyLead")}</Text>
              <Code block style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap" }}>
                {publicKey}
              </Code>
            </>
          )}
          <Group>
            {!isEnrolled(keyId) && <CopyButton text={publicKey} label={t("steward.copyPublicKey")} />}
            <Act
              label={t("steward.forgetKey")}
              tells={t("steward.forgetKeyTells", { keyId })}
              isGrave
              act={async () => {
                await forgetKey(keyId);
                look();
                return undefined;
              }}
            />
          </Group>
        </Stack>
      ))}
    </Stack>
  );
}

function Bring({ steward, onKey }: { readonly steward: string; readonly onKey: () => void }) {
  const { t } = useText();
  const [fault, setFault] = useState<string>();
  const hold = async (key: Promise<HeldKey>) => {
    try {
      await holdKey(await key);
      setFault(undefined);
      onKey();
    } catch (error) {
      setFault((error as Error).message || t("steward.keyRefused"));
    }
  };
  return (
    <Section title={t("steward.bringKey")} lead={t("steward.bringKeyLead")}>
      {fault !== undefined && (
        <Alert color="red" variant="outline" role="alert" title={t("steward.keyRefused")}>
          {fault}
        </Alert>
      )}
      <Group align="flex-end">
        <FileInput
          label={t("steward.keyFile")}
          placeholder={t("steward.chooseFile")}
          accept=".pem,.key,application/x-pem-file"
          value={null}
          onChange={(file) => file && void hold(file.text().then((pem) => keyOfPem(pem, steward)))}
        />
        <Button variant="default" onClick={() => void hold(newKey(steward))}>
          {t("steward.newKey")}
        </Button>
      </Group>
      <Text size="sm" c="dimmed" maw="75ch">
        {t("steward.newKeyLead")}
      </Text>
    </Section>
  );
}

function Enrolled({ enrolled }: { readonly enrolled: readonly StewardKey[] }) {
  const { t, enumLabel } = useText();
  if (enrolled.length === 0) return <Empty>{t("steward.noKeysEnrolled")}</Empty>;
  return (
    <Sheet
      caption={t("steward.keysEnrolled")}
      heads={[t("steward.keyId"), t("steward.keyKind"), t("steward.roles")]}
      rows={enrolled}
      keyOf={({ keyId }) => keyId}
      cells={({ keyId, kind, roles }) => [
        <Code key="id">{keyId}</Code>,
        enumLabel("StewardKeyKind", kind),
        roles.map((role) => enumLabel("StewardRole", role)).join(", "),
      ]}
    />
  );
}
