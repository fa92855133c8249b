import { useMemo } from "react";
import { Problem } from "../../kit/Problem.tsx";
import { Loading, Page } from "../../kit/States.tsx";
import { useText } from "../../kit/text.tsx";
import { useAnswer } from "../../kit/use/useAnswer.ts";
import { useFilter } from "../../kit/use/useFilter.ts";
import { type Answer, modelOf, USES } from "./model.ts";
import { Narrowed } from "./Narrowed.tsx";
import { MATRIX } from "./questions.ts";

/** All agreements by all fields of the catalogue: what holds where, for one use at a time. */
export default function Matrix() {
  const { t } = useText();
  const [value, set] = useFilter();
  const use = USES.find((one) => one === value("use")) ?? "OUTPUT";
  const { data, error, isLoading } = useAnswer<Answer>(MATRIX, { use }, { policy: "cache-first" });
  const answer = data?.accessMatrix;
  const model = useMemo(() => (answer ? modelOf(answer) : null), [answer]);
  return (
    <Page title={t("access.part.matrix")} lead={t("access.matrixLead")}>
      <Problem error={error} />
      {isLoading && !model && <Loading />}
      {model && <Narrowed model={model} use={use} value={value} set={set} />}
    </Page>
  );
}
