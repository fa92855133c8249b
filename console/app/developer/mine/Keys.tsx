import { Alert, Button, Code, List, Text } from "@mantine/core";
import { useState } from "react";
import { CopyButton, Page } from "../../kit/States.tsx";
import { useText } from "../../kit/text.tsx";
import { saved } from "../../kit/use/saved.ts";
import { useMe } from "../../shell/me.ts";
import { type KeyPair, newKeyPair } from "./keyPair.ts";

/** A key pair for private_key_jwt, made in this browser: the private half never leaves it but as a file of the developer's own. */
export default function Keys() {
  const { t } = useText();
  const { me } = useMe();
  const [pair, setPair] = useState<KeyPair | null>(null);
  return (
    <Page title={t("developer.keys")} lead={t("developer.keysLead")}>
      <List type="ordered" spacing="sm">
        <List.Item>{t("developer.keysMake")}</List.Item>
        <List.Item>{t("developer.keysSend", { agency: me?.agency.name ?? "" })}</List.Item>
        <List.Item>{t("developer.keysUse")}</List.Item>
      </List>
      <div>
        <Button onClick={() => void newKeyPair().then(setPair)}>{t("developer.makeKey")}</Button>
      </div>
      {pair && <Made pair={pair} />}
      <Alert role="note" title={t("developer.keysHere")} variant="outline">
        <Text>{t("developer.keysHereLead")}</Text>
      </Alert>
    </Page>
  );
}

function Made({ pair: { id, publicJwk, privatePem } }: { readonly pair: KeyPair }) {
  const { t } = useText();
  const text = JSON.stringify({ keys: [publicJwk] }, null, 2);
  return (
    <section aria-live="polite">
      <Text>{t("developer.keyMade", { id })}</Text>
      <Code block mb="sm">
        {text}
      </Code>
      <CopyButton text={text} label={t("developer.copyPublic")} />{" "}
      <Button variant="default" onClick={() => saved(privatePem, `${id}.pem`, "application/x-pem-file")}>
        {t("developer.savePrivate")}
      </Button>
    </section>
  );
}
