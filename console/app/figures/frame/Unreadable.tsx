import { Alert, Anchor, Text } from "@mantine/core";
import type { CombinedError } from "@urql/core";
import { Problem } from "../../kit/Problem.tsx";
import { useText } from "../../kit/text.tsx";
import { useGround } from "../asking/ground.tsx";
import type { Answer } from "../asking/useCells.ts";

const NOT_OPEN = ["USE_NOT_GRANTED", "FIELD_NOT_GRANTED", "FIELD_PROHIBITED"];
const codeOf = (error: CombinedError | undefined) => error?.graphQLErrors[0]?.extensions["code"];

/** Why figures are not there: they are not open to whoever asks, or cannot be read now. */
export function Unreadable({ answer: { asked, error } }: { readonly answer: Answer }) {
  const { t } = useText();
  return NOT_OPEN.includes(String(codeOf(error))) ? (
    <NotOpen cube={asked.cube} error={error} />
  ) : (
    <>
      <p className="fig-unreadable">{t("figures.unreadable")}</p>
      <Problem error={error} />
    </>
  );
}

function NotOpen({ cube, error }: { readonly cube: string; readonly error: CombinedError | undefined }) {
  const { t, enumLabel } = useText();
  const { isPublic, owner } = useGround().cubeOf(cube);
  return (
    <Alert
      role="note"
      className="fig-warning"
      variant="outline"
      title={t("figures.notOpen", { cube: enumLabel("CubeCode", cube) })}
    >
      <Text>{t(isPublic ? "figures.notOpenPublic" : "figures.notOpenPartner", { owner })}</Text>
      {isPublic && <Anchor href={`/data/${cube}.csv`}>{t("figures.openData")}</Anchor>}
      <Problem error={error} />
    </Alert>
  );
}
