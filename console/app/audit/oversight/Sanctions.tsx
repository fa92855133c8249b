import { Text } from "@mantine/core";
import { useMutation, useQuery } from "urql";
import { deadline, moment } from "../../kit/format.ts";
import { Problem } from "../../kit/Problem.tsx";
import { Act } from "../../kit/parts/Act.tsx";
import { Sheet } from "../../kit/parts/Sheet.tsx";
import { Empty, Loading, Page } from "../../kit/States.tsx";
import { useText } from "../../kit/text.tsx";
import { usePermissions } from "../../kit/use/usePermissions.ts";
import { type Agency, ImposeAct } from "./ImposeAct.tsx";
import { LIFT, SANCTIONS } from "./questions.ts";

interface Sanction {
  readonly id: string;
  readonly agency: Agency | null;
  readonly client: string | null;
  readonly kind: string;
  readonly reason: string;
  readonly decision: string;
  readonly from: string;
  readonly until: string | null;
  readonly liftedAt: string | null;
  readonly liftReason: string | null;
  readonly inForce: boolean;
}

interface Answer {
  readonly sanctions: readonly Sanction[] | null;
  readonly agencies: readonly Agency[] | null;
}

/** Sanctions on agencies and clients: public; imposed and lifted by an operator of the hub. */
export default function Sanctions() {
  const { t } = useText();
  const [{ data, error }, ask] = useQuery<Answer>({ query: SANCTIONS });
  const again = () => ask({ requestPolicy: "network-only" });
  const rows = data?.sanctions;
  return (
    <Page
      title={t("audit.part.sanctions")}
      lead={t("audit.sanctionsLead")}
      actions={<ImposeAct agencies={data?.agencies ?? []} onDone={again} />}
    >
      <Problem error={error} />
      {!data && !error && <Loading />}
      {rows?.length === 0 && <Empty>{t("audit.noSanctions")}</Empty>}
      {rows && rows.length > 0 && <SanctionTable rows={rows} again={again} />}
    </Page>
  );
}

function SanctionTable({ rows, again }: { readonly rows: readonly Sanction[]; readonly again: () => void }) {
  const { t, enumLabel } = useText();
  return (
    <Sheet
      caption={t("audit.part.sanctions")}
      heads={["agency", "client", "kind", "decision", "reason", "from", "until", "state"].map((head) =>
        t(`audit.sanction.${head}`),
      )}
      rows={rows}
      keyOf={({ id }) => id}
      cells={(row) => [
        row.agency?.name ?? "–",
        row.client ?? t("audit.wholeAgency"),
        enumLabel("SanctionKind", row.kind),
        row.decision,
        row.reason,
        moment(row.from),
        row.until ? deadline(row.until) : t("audit.untilLifted"),
        <Standing key="state" row={row} again={again} />,
      ]}
    />
  );
}

function Standing({ row, again }: { readonly row: Sanction; readonly again: () => void }) {
  const { t } = useText();
  const lack = usePermissions();
  const [, lift] = useMutation(LIFT);
  if (row.liftedAt !== null)
    return <Text inherit>{t("audit.liftedAt", { at: moment(row.liftedAt), reason: row.liftReason ?? "" })}</Text>;
  return (
    <>
      <Text inherit c={row.inForce ? "var(--negative)" : "var(--content)"}>
        <span aria-hidden>{row.inForce ? "■ " : "□ "}</span>
        {t(row.inForce ? "audit.inForce" : "audit.over")}
      </Text>
      <Act
        label={t("audit.lift")}
        tells={t("audit.liftTells")}
        because={lack("liftSanction")}
        asks={{ called: t("audit.publicReason"), about: `liftSanction.${row.id}` }}
        act={async (reason) => {
          const { error } = await lift({ id: row.id, reason });
          if (!error) again();
          return error;
        }}
      />
    </>
  );
}
