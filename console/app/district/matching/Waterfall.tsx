import { Table } from "@mantine/core";
import { day } from "../../kit/format.ts";
import { useText } from "../../kit/text.tsx";
import { useNames } from "../kit/names.ts";
import { bits } from "./bits.ts";
import type { Case, Part, Person } from "./types.ts";

const WIDTH = 320;
const HEIGHT = 22;

/** Where each part begins and ends, counted from even odds. */
function stairsOf(parts: readonly Part[]) {
  let sum = 0;
  return parts.map((part) => {
    const from = sum;
    sum += part.bits;
    return { ...part, from, to: sum };
  });
}

/** Row and person element by element: what the register says, how near the row comes, and by how many bits that raises or lowers the weight. */
export function Waterfall({ of }: { readonly of: Case }) {
  const { t } = useText();
  const stairs = stairsOf(of.weightParts ?? []);
  const ends = stairs.flatMap(({ from, to }) => [from, to]);
  const [least, most] = [Math.min(0, ...ends), Math.max(0, ...ends)];
  const x = (at: number) => ((at - least) / (most - least || 1)) * (WIDTH - 4) + 2;
  const parts =
    stairs.length > 0
      ? stairs
      : (of.comparisons ?? []).map(({ field }) => ({ of: "ELEMENT", field, bits: null, from: 0, to: 0 }));
  return (
    <Table className="desk-rows desk-bits" role="table" captionSide="top" verticalSpacing={4}>
      <Table.Caption>{t("district.review.caption")}</Table.Caption>
      <Table.Thead role="rowgroup">
        <Table.Tr role="row">
          {["element", "registered", "agreement", "bits", "weight"].map((name) => (
            <Table.Th key={name} role="columnheader" ta={name === "bits" ? "right" : undefined}>
              {t(`district.column.${name}`)}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody role="rowgroup">
        {parts.map((part) => (
          <Step
            key={`${part.of}${part.field}`}
            of={of}
            part={part}
            bar={part.bits === null ? null : { from: x(part.from), to: x(part.to), zero: x(0) }}
          />
        ))}
        {of.weight !== null && (
          <Table.Tr role="row" fw={700}>
            <Table.Td role="cell">{t("district.review.sum")}</Table.Td>
            <Table.Td role="cell" />
            <Table.Td role="cell">{t(of.weight >= 0 ? "district.review.likely" : "district.review.unlikely")}</Table.Td>
            <Table.Td role="cell" className="desk-number">
              {bits(of.weight)}
            </Table.Td>
            <Table.Td role="cell">
              <Bar from={x(0)} to={x(of.weight)} zero={x(0)} colour="var(--brand)" />
            </Table.Td>
          </Table.Tr>
        )}
      </Table.Tbody>
    </Table>
  );
}

interface StepProps {
  readonly of: Case;
  readonly part: { readonly of: string; readonly field: string | null; readonly bits: number | null };
  readonly bar: Omit<BarProps, "colour"> | null;
}

function Step({ of, part, bar }: StepProps) {
  const { t } = useText();
  const name = useNames();
  const compared = of.comparisons?.find(({ field }) => field === part.field);
  const isUnlike = compared !== undefined && compared.level > 0 && compared.level < compared.of;
  return (
    <Table.Tr role="row" className={isUnlike ? "desk-unlike" : undefined}>
      <Table.Td role="cell" fw={600}>
        {part.field ? name("PersonElement", part.field) : name("WeightPartKind", part.of)}
      </Table.Td>
      <Table.Td role="cell" data-label={t("district.column.registered")}>
        <span>{registeredAs(of.person, part.field, name) ?? "–"}</span>
      </Table.Td>
      <Table.Td role="cell" data-label={t("district.column.agreement")}>
        <span>{compared && <Agreement level={compared.level} of={compared.of} />}</span>
      </Table.Td>
      <Table.Td role="cell" className="desk-number" data-label={t("district.column.bits")}>
        <span>{part.bits === null ? "–" : bits(part.bits)}</span>
      </Table.Td>
      <Table.Td role="cell">
        {bar && <Bar {...bar} colour={(part.bits ?? 0) < 0 ? "var(--negative)" : "var(--positive)"} />}
      </Table.Td>
    </Table.Tr>
  );
}

function Agreement({ level, of }: { readonly level: number; readonly of: number }) {
  const { t } = useText();
  if (level === 0) return t("district.review.missing");
  if (level === of) return `= ${t("district.review.equal")}`;
  return level === 1 ? `≠ ${t("district.kit.differs")}` : `≈ ${t("district.review.near", { level, of })}`;
}

/** What the register says, as far as the agreement opens it. */
function registeredAs(person: Person | null, field: string | null, name: ReturnType<typeof useNames>): string | null | undefined {
  const values: Readonly<Record<string, string | null | undefined>> = {
    FULL_NAME: person?.fullName,
    BIRTH_DATE: person?.birthDate && day(person.birthDate),
    BIRTH_PLACE: person?.birthPlace,
    SEX: person?.sex && name("Sex", person.sex),
    NIK: person?.nik,
    REGION: person?.region?.name,
  };
  return field === null ? "" : values[field];
}

interface BarProps {
  readonly from: number;
  readonly to: number;
  readonly zero: number;
  readonly colour: string;
}

/** A step of the waterfall; the line is even odds. What it says stands in the cells before it. */
function Bar({ from, to, zero, colour }: BarProps) {
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} className="desk-bar" preserveAspectRatio="none" aria-hidden="true">
      <line x1={zero} x2={zero} y1={0} y2={HEIGHT} stroke="var(--border-control)" strokeDasharray="2 2" />
      <rect x={Math.min(from, to)} y={4} width={Math.max(2, Math.abs(to - from))} height={HEIGHT - 8} fill={colour} />
    </svg>
  );
}
