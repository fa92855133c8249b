import { Alert, Anchor, Code, Stack, Text } from "@mantine/core";
import type { CombinedError } from "@urql/core";
import { useText } from "./text.tsx";

interface Extensions {
  readonly code?: string;
  readonly coordinate?: string;
  readonly clause?: string;
  readonly owner?: string;
  readonly service?: string;
  readonly requestId?: string;
  readonly reason?: { readonly id: string; readonly en: string };
}

/** What went wrong, where it happened: the hub's own words, which coordinate, whom to ask. Nothing without an error. */
export function Problem({ error }: { readonly error: CombinedError | undefined }) {
  const { t } = useText();
  if (!error) return null;
  const isSignedOut = error.response?.status === 401;
  const to = encodeURIComponent(location.pathname + location.search);
  return (
    <Alert color="red" variant="outline" role="alert" title={t(isSignedOut ? "problem.signedOut" : "problem.title")} my="sm">
      <Stack gap="xs">
        {error.networkError && !isSignedOut && <Text>{t("problem.network")}</Text>}
        {error.graphQLErrors.map(({ message, extensions }, at) => (
          <One key={`${at}${message}`} message={message} extensions={extensions as Extensions} />
        ))}
        {isSignedOut && <Anchor href={`/sign-in?face=console&to=${to}`}>{t("problem.signInAgain")}</Anchor>}
      </Stack>
    </Alert>
  );
}

function One({ message, extensions }: { readonly message: string; readonly extensions: Extensions }) {
  const { t, language } = useText();
  const { code, coordinate, clause, owner, service, requestId, reason } = extensions;
  const details = [coordinate, clause, service, owner && t("problem.ask", { owner })].filter((one) => one !== undefined);
  return (
    <div>
      <Text>{reason?.[language] ?? message}</Text>
      <Text size="sm" c="dimmed">
        <Code>{code}</Code> {details.join(" · ")}
      </Text>
      {requestId && (
        <Text size="sm" c="dimmed">
          {t("problem.request", { id: requestId })}
        </Text>
      )}
    </div>
  );
}
