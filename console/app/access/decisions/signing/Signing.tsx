import { Alert, Anchor, Button, Code, Stack, Text, Textarea } from "@mantine/core";
import { useState } from "react";
import { Link } from "react-router";
import { useMutation } from "urql";
import { day } from "../../../kit/format.ts";
import { Problem } from "../../../kit/Problem.tsx";
import { CopyButton, Loading } from "../../../kit/States.tsx";
import { useText } from "../../../kit/text.tsx";
import { useAnswer } from "../../../kit/use/useAnswer.ts";
import { useMe } from "../../../shell/me.ts";
import { wibDay } from "../../drafts/draft.ts";
import { DECIDE, TO_SIGN } from "../questions.ts";
import type { Reviewed } from "../types.ts";
import { signWith } from "./keyFile.ts";
import type { HeldKey } from "./keyStore.ts";
import { pastedSignature, type Said, saysOnly } from "./said.ts";
import { useKeys } from "./useKeys.ts";

interface SigningProps {
  readonly reviewed: Reviewed;
  readonly capacity: string;
  readonly decision: string;
  readonly reason: string | null;
  readonly opened: readonly string[];
  readonly again: () => void;
}

interface Asked {
  readonly agreementVersion: { readonly toSign: { readonly text: string; readonly contentSha256: string } | null } | null;
}

/** What is signed, in words and as it is; then the signature, by a key of this browser or pasted from the command line. */
export function Signing(props: SigningProps) {
  const { t } = useText();
  const { me } = useMe();
  const { reviewed, capacity, decision } = props;
  const which = { agreement: reviewed.agreement.number, version: reviewed.number };
  const { data, error } = useAnswer<Asked>(TO_SIGN, { ...which, capacity, decision }, { policy: "network-only" });
  if (!data) return error ? <Problem error={error} /> : <Loading />;
  const toSign = data.agreementVersion?.toSign;
  const shown: Said = {
    ...{ agreement: which.agreement, version: String(which.version), owner: me?.agency.code ?? "" },
    ...{ capacity, decision, contentSha256: reviewed.contentSha256 ?? "" },
  };
  if (!toSign || !saysOnly(toSign.text, shown))
    return (
      <Alert color="red" variant="outline" role="alert" title={t("steward.textDiffers")}>
        {t("steward.textDiffersLead")}
      </Alert>
    );
  return (
    <Stack gap="sm">
      <InWords {...props} text={toSign.text} />
      <Sign {...props} text={toSign.text} shown={shown} />
    </Stack>
  );
}

function InWords({ reviewed, capacity, decision, text }: SigningProps & { readonly text: string }) {
  const { t, enumLabel } = useText();
  const { me } = useMe();
  const { agreement, number, validFrom, validTo, contentSha256 } = reviewed;
  return (
    <Alert variant="outline" title={t("steward.youSign")}>
      <Text>
        {t(`steward.inWords.${decision}`, {
          name: me?.steward?.name ?? "",
          agency: me?.agency.name ?? "",
          capacity: enumLabel("ApprovalCapacity", capacity),
          version: number,
          agreement: agreement.number,
          title: agreement.title,
          consumer: agreement.consumer.name,
          from: day(wibDay(validFrom)),
          to: day(wibDay(validTo)),
        })}
      </Text>
      <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
        {t("steward.content")}: {contentSha256}
      </Text>
      <details>
        <summary>{t("steward.exactText")}</summary>
        <Code block>{text}</Code>
      </details>
    </Alert>
  );
}

interface SignProps extends SigningProps {
  readonly text: string;
  readonly shown: Said;
}

function Sign(props: SignProps) {
  const { t } = useText();
  const { me } = useMe();
  const { held, enrolled, error: failed } = useKeys(me?.steward?.id);
  const { send, error, isBusy } = useSending(props);
  const usable = held.filter(({ keyId }) => enrolled.some((key) => key.keyId === keyId));
  return (
    <Stack gap="sm">
      <Problem error={failed ?? error} />
      {usable.map((key) => (
        <Button
          key={key.keyId}
          loading={isBusy}
          onClick={() => void send(() => signedBy(key, props.text))}
          style={{ alignSelf: "flex-start" }}
        >
          {t(`steward.sign.${props.decision}`)} ({t("steward.withKey", { keyId: key.keyId })})
        </Button>
      ))}
      {usable.length === 0 && (
        <Text>
          {t("steward.noKeyHere")}{" "}
          <Anchor component={Link} to="/access/decisions/keys">
            {t("steward.keys")}
          </Anchor>
        </Text>
      )}
      <Pasting {...props} isBusy={isBusy} send={send} />
    </Stack>
  );
}

interface Signature {
  readonly keyId: string;
  readonly signature: string;
}

const signedBy = async (key: HeldKey, text: string): Promise<Signature> => ({
  keyId: key.keyId,
  signature: await signWith(key, text),
});

/** Sends the decision with a signature. */
function useSending({ shown, reason, opened, again }: SignProps) {
  const [{ error, fetching }, decide] = useMutation(DECIDE);
  const send = async (sign: () => Promise<Signature> | Signature) => {
    const { agreement, version, capacity, decision, contentSha256 } = shown;
    const input = { agreement, version: Number(version), capacity, decision, contentSha256, reason, opened, ...(await sign()) };
    const { error: failed } = await decide({ input });
    if (!failed) again();
  };
  return { send, error, isBusy: fetching };
}

function Pasting({
  shown,
  isBusy,
  send,
}: SignProps & { readonly isBusy: boolean; readonly send: (sign: () => Signature) => Promise<void> }) {
  const { t } = useText();
  const { me } = useMe();
  const [text, setText] = useState("");
  const pasted = pastedSignature(text);
  const command = [
    `npx hub steward sign --steward ${me?.steward?.id} --agreement ${shown.agreement} --version ${shown.version} --capacity ${shown.capacity}`,
    `--decision ${shown.decision} --owner ${shown.owner} --content ${shown.contentSha256} --key FILE`,
  ].join(" ");
  return (
    <details>
      <summary>{t("steward.byCommand")}</summary>
      <Stack gap="xs" mt="xs">
        <Text size="sm">{t("steward.byCommandLead")}</Text>
        <Code block style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
          {command}
        </Code>
        <div>
          <CopyButton text={command} label={t("steward.copyCommand")} />
        </div>
        <Textarea
          label={t("steward.pasteSignature")}
          description={t("steward.pasteLead")}
          value={text}
          autosize
          spellCheck={false}
          error={text.trim() !== "" && !pasted && t("steward.pasteWrong")}
          onChange={({ currentTarget: { value } }) => setText(value)}
        />
        <div>
          <Button disabled={!pasted} loading={isBusy} onClick={() => pasted && void send(() => pasted)}>
            {t("steward.sendSignature")}
          </Button>
        </div>
      </Stack>
    </details>
  );
}
