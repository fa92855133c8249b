import { Alert, Code, List, Stack, Text } from "@mantine/core";
import { EffectMark } from "../../kit/EffectMark.tsx";
import { day } from "../../kit/format.ts";
import { Sheet } from "../../kit/parts/Sheet.tsx";
import { useText } from "../../kit/text.tsx";
import { said } from "../decisions/review/said.ts";
import { wibDay } from "../drafts/draft.ts";
import type { Explained, Explanation } from "./types.ts";

/** What became of each coordinate of a question: the closed ones first, for they are what is asked about. */
export function Verdicts({ explained }: { readonly explained: Explanation }) {
  const { t } = useText();
  const { agreement, version, faults, refusals, denied, masked } = explained;
  const rows = [...explained.coordinates].sort((a, b) => weight(a) - weight(b) || (a.coordinate < b.coordinate ? -1 : 1));
  const closed = rows.filter(({ isOpen }) => !isOpen).length;
  return (
    <Stack gap="sm">
      <Text aria-live="polite">
        {t("steward.explained", { agreement, version, count: rows.length, closed, denied: denied.length, masked: masked.length })}
      </Text>
      {faults.length + refusals.length > 0 && (
        <Alert color="red" variant="outline" title={t(faults.length > 0 ? "steward.cannotAsk" : "steward.wouldRefuse")}>
          <List size="sm">
            {[...faults, ...refusals].map((one) => (
              <List.Item key={one}>{one}</List.Item>
            ))}
          </List>
        </Alert>
      )}
      {rows.length > 0 && (
        <Sheet
          caption={t("steward.verdicts")}
          heads={[
            t("steward.coordinate"),
            t("steward.effect"),
            t("steward.why"),
            t("steward.clause"),
            t("steward.approvedBy"),
            t("steward.askWhom"),
          ]}
          rows={rows}
          keyOf={({ coordinate, isInput }) => `${coordinate} ${isInput}`}
          cells={(row) => [
            <Name key="name" row={row} />,
            <EffectMark key="effect" effect={row.effect} />,
            <Why key="why" row={row} />,
            <div key="clause" style={{ minWidth: "8rem" }}>
              {row.clause ?? "–"}
            </div>,
            <Approved key="by" row={row} />,
            <Ask key="ask" row={row} />,
          ]}
        />
      )}
    </Stack>
  );
}

/** Denied, masked, open. */
const weight = ({ isOpen, effect }: Explained): number => (isOpen ? (effect === "ALLOW" ? 2 : 1) : 0);

function Name({ row: { coordinate, term, isInput, isReached } }: { readonly row: Explained }) {
  const { t } = useText();
  return (
    <div>
      <Code>{coordinate}</Code>
      <Text size="sm" c="dimmed">
        {[term, isInput && t("steward.isInput"), !isReached && t("steward.notReached")].filter(Boolean).join(" · ")}
      </Text>
    </div>
  );
}

function Why({ row: { code, decision, path, closedBy, instead } }: { readonly row: Explained }) {
  const { t, language } = useText();
  return (
    <div style={{ minWidth: "16rem" }}>
      <Text>{said(decision, language)}</Text>
      {code && <Code>{code}</Code>}
      <Text size="sm" c="dimmed">
        {path.join(" → ")}
      </Text>
      {closedBy.length > 0 && <Text size="sm">{t("steward.closedByInput", { inputs: closedBy.join(", ") })}</Text>}
      {instead.length > 0 && <Text size="sm">{t("steward.instead", { fields: instead.join(", ") })}</Text>}
    </div>
  );
}

function Approved({ row: { approvers, validTo } }: { readonly row: Explained }) {
  const { t } = useText();
  return (
    <div>
      {approvers?.map(({ owner, steward }) => (
        <Text key={`${owner} ${steward}`} size="sm">
          {steward} ({owner})
        </Text>
      ))}
      {validTo && (
        <Text size="sm" c="dimmed">
          {t("steward.until", { day: day(wibDay(validTo)) })}
        </Text>
      )}
    </div>
  );
}

function Ask({ row: { owners } }: { readonly row: Explained }) {
  return owners.map(({ code, name, dpoContact }) => (
    <Text key={code} size="sm">
      {name} {dpoContact}
    </Text>
  ));
}
