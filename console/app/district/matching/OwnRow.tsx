import { FileInput, NativeSelect, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useText } from "../../kit/text.tsx";
import { type Line, readRows, rowCalled } from "./rows.ts";

interface Opened {
  readonly name: string;
  readonly rows: readonly Line[];
  /** Where the file says what its rows are called; null: by their lines; undefined: nobody has said yet. */
  readonly column?: string | null;
}

/** The file opened last: it stays in this tab's memory, and is asked again of each case. */
let opened: Opened | null = null;

/** The row as the person's own file has it. The hub keeps no values of rows, so the file is read here and goes nowhere. */
export function OwnRow({ row }: { readonly row: string }) {
  const { t } = useText();
  const [file, setFile] = useState(opened);
  const put = (next: Opened | null) => {
    opened = next;
    setFile(next);
  };
  const read = async (chosen: File | null) => put(chosen && { name: chosen.name, rows: readRows(await chosen.text()) });
  return (
    <Stack gap="xs">
      <FileInput
        label={t("district.review.ownFile")}
        description={t("district.review.ownFileLead")}
        accept=".csv,text/csv"
        placeholder={file?.name ?? t("district.kit.chooseFile")}
        onChange={(chosen) => void read(chosen)}
      />
      {file && <Named file={file} put={put} />}
      {file?.column !== undefined && <Found file={file} column={file.column} row={row} />}
    </Stack>
  );
}

/** As a value of the list: no column. */
const BY_LINE = "#line";

/** What the rows of the file are called by: said by the person, for a column that is guessed wrong shows the wrong person. */
function Named({ file, put }: { readonly file: Opened; readonly put: (file: Opened) => void }) {
  const { t } = useText();
  const headers = [...new Set(file.rows[0]?.cells.filter((header) => header !== ""))];
  return (
    <NativeSelect
      label={t("district.review.rowColumn")}
      value={file.column === null ? BY_LINE : (file.column ?? "")}
      data={[
        { value: "", label: t("district.kit.choose"), disabled: true },
        { value: BY_LINE, label: t("district.review.byLine") },
        ...headers.map((header) => ({ value: header, label: header })),
      ]}
      onChange={({ currentTarget: { value } }) => put({ ...file, column: value === BY_LINE ? null : value })}
    />
  );
}

function Found({ file, column, row }: { readonly file: Opened; readonly column: string | null; readonly row: string }) {
  const { t } = useText();
  const found = rowCalled(file.rows, row, column);
  if (!found) return <Text size="sm">{t("district.review.noRow", { row })}</Text>;
  return (
    <dl className="desk-facts" aria-label={t("district.review.ownRow")}>
      {found.map(([header, value], at) => (
        <div key={`${at} ${header}`}>
          <dt>{header}</dt>
          <dd>{value || "–"}</dd>
        </div>
      ))}
    </dl>
  );
}
