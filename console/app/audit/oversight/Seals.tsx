import { Group, NativeSelect, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "urql";
import { deadline, moment } from "../../kit/format.ts";
import { Problem } from "../../kit/Problem.tsx";
import { Act } from "../../kit/parts/Act.tsx";
import { Sheet } from "../../kit/parts/Sheet.tsx";
import { Empty, Loading, Page } from "../../kit/States.tsx";
import { useText } from "../../kit/text.tsx";
import { useDraft } from "../../kit/use/useDraft.ts";
import { usePermissions } from "../../kit/use/usePermissions.ts";
import { useMe } from "../../shell/me.ts";
import { endOf } from "../kit/days.ts";
import { CONFIRM_SEAL, SEAL, SEALS, UNSEAL } from "./questions.ts";

interface Seal {
  readonly id: string;
  readonly agency: { readonly code: string; readonly name: string } | null;
  readonly disclosure: string;
  readonly until: string;
  readonly decision: string;
  readonly sealedAt: string;
  readonly confirmedAt: string | null;
  readonly liftedAt: string | null;
}

const EMPTY = { case: "", disclosure: "DELAYED", decision: "", until: "" };

/** Seals on cases: asked for by one officer, confirmed by one of the hub, lifted by the agency whose case it is. */
export default function Seals() {
  const { t } = useText();
  const [{ data, error }, ask] = useQuery<{ readonly caseSeals: readonly Seal[] | null }>({ query: SEALS });
  const again = () => ask({ requestPolicy: "network-only" });
  const rows = data?.caseSeals;
  return (
    <Page title={t("audit.part.seals")} lead={t("audit.sealsLead")} actions={<SealAct onDone={again} />}>
      <Problem error={error} />
      {!data && !error && <Loading />}
      {rows?.length === 0 && <Empty>{t("audit.noSeals")}</Empty>}
      {rows && rows.length > 0 && <SealTable rows={rows} again={again} />}
    </Page>
  );
}

function SealTable({ rows, again }: { readonly rows: readonly Seal[]; readonly again: () => void }) {
  const { t, enumLabel } = useText();
  return (
    <Sheet
      caption={t("audit.part.seals")}
      heads={["agency", "disclosure", "decision", "sealedAt", "until", "state", "acts"].map((head) => t(`audit.seal.${head}`))}
      rows={rows}
      keyOf={({ id }) => id}
      cells={(row) => [
        row.agency?.name ?? "–",
        enumLabel("AccessDisclosure", row.disclosure),
        row.decision,
        moment(row.sealedAt),
        deadline(row.until),
        <Text key="state" inherit>
          {row.liftedAt
            ? t("audit.unsealedAt", { at: moment(row.liftedAt) })
            : row.confirmedAt
              ? t("audit.sealStands", { at: moment(row.confirmedAt) })
              : t("audit.sealWaits")}
        </Text>,
        row.liftedAt === null && <SealActs key="acts" row={row} again={again} />,
      ]}
    />
  );
}

function SealActs({ row: { id, agency, confirmedAt }, again }: { readonly row: Seal; readonly again: () => void }) {
  const { t } = useText();
  const lack = usePermissions();
  const { me } = useMe();
  const [, confirm] = useMutation(CONFIRM_SEAL);
  const [, unseal] = useMutation(UNSEAL);
  const after = async (work: ReturnType<typeof confirm>) => {
    const { error } = await work;
    if (!error) again();
    return error;
  };
  const isOther = agency?.code !== me?.agency.code;
  return (
    <Group gap="xs" align="flex-start">
      {confirmedAt === null && (
        <Act
          label={t("audit.confirm")}
          tells={t("audit.confirmSealTells")}
          because={lack("confirmCaseSeal")}
          act={() => after(confirm({ id }))}
        />
      )}
      <Act
        label={t("audit.unseal")}
        tells={t("audit.unsealTells")}
        because={lack("unsealCase") ?? (isOther ? t("audit.onlyOwnCases") : undefined)}
        asks={{ called: t("audit.reason"), about: `unsealCase.${id}` }}
        act={(reason) => after(unseal({ id, reason }))}
      />
    </Group>
  );
}

function SealAct({ onDone }: { readonly onDone: () => void }) {
  const { t, enumLabel } = useText();
  const lack = usePermissions();
  const [draft, change, clear] = useDraft("audit.seal", EMPTY);
  const [, seal] = useMutation(SEAL);
  const field = (name: "case" | "decision" | "until", type: "text" | "date" = "text") => (
    <TextInput
      type={type}
      label={t(`audit.seal.${name}`)}
      required
      value={draft[name]}
      onChange={({ currentTarget: { value } }) => change({ [name]: value })}
    />
  );
  return (
    <Act
      label={t("audit.sealCase")}
      tells={t("audit.sealCaseTells")}
      because={lack("sealCase")}
      isGrave
      act={async () => {
        const { error } = await seal({ input: { ...draft, until: endOf(draft.until) } });
        if (!error) {
          clear();
          onDone();
        }
        return error;
      }}
    >
      {field("case")}
      <NativeSelect
        label={t("audit.seal.disclosure")}
        value={draft.disclosure}
        data={["DELAYED", "SEALED"].map((value) => ({ value, label: enumLabel("AccessDisclosure", value) }))}
        onChange={({ currentTarget: { value } }) => change({ disclosure: value })}
      />
      {field("decision")}
      {field("until", "date")}
    </Act>
  );
}
