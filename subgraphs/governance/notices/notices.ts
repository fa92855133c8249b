import { hash, randomUUID } from "node:crypto";
import { NOTICE_SEVERITIES, type NoticedChange } from "../../../drizzle/tables/governance/subscription.ts";
import { dayInWib } from "../../../schema/values/wib.ts";
import { uuids } from "../../kit/data.ts";
import { badInput } from "../../kit/errors.ts";
import type { Asking } from "../../kit/serve/context.ts";
import { agreementsByNumber } from "../data.ts";
import { atMost } from "../duties/words.ts";
import { ruled } from "../faults.ts";
import type { NoticedChangeInput, SchemaNoticeInput, SendSchemaNoticesInput } from "../generated.ts";
import { stewardFor } from "../lifecycle/needs.ts";
import { refuseFaults, textFaults } from "../lifecycle/says.ts";
import { HUB, stewardOrNull } from "../steward.ts";
import { acknowledge, insertNotices, type NewNotice, type NoticeRow, noticeById, noticesByDigest, noticesOf } from "./data.ts";

/** What agreements are told before the schema changes: who may tell and acknowledge is said by the database, too (migration 0038). */
export const schemaNotices = ({ db, write, caller, now }: Asking) => ({
  async list(first: number, isUnread: boolean): Promise<NoticeRow[]> {
    const steward = await stewardOrNull(db, caller);
    const seesAll = steward?.agencyCode === HUB && steward.roles.includes("OPERATOR");
    return noticesOf(db, { consumer: seesAll ? null : caller.agency, isUnread, first: atMost(first) });
  },
  send: ({ effectiveOn, notices }: SendSchemaNoticesInput): Promise<NoticeRow[]> =>
    ruled(
      write(async (to) => {
        const { id: sentBy } = await stewardFor(to, caller, "sendSchemaNotices");
        refuseFaults([...(effectiveOn < dayInWib(now) ? ["effectiveOn: today or later"] : []), ...faultsOf(notices)]);
        const numbers = notices.map(({ agreement }) => agreement);
        const known = new Set((await agreementsByNumber(to, numbers, now)).map(({ number }) => number));
        refuseFaults(numbers.filter((number) => !known.has(number)).map((number) => `there is no agreement ${number}`));
        const rows = notices.map((notice) => rowOf(notice, { effectiveOn, sentBy, sentAt: now.toISOString() }));
        await insertNotices(to, rows);
        const told = new Set(rows.map(keyOf));
        const found = await noticesByDigest(
          to,
          numbers,
          rows.map(({ digest }) => digest),
        );
        return found.filter((row) => told.has(keyOf(row))).sort((a, b) => (a.agreementNumber < b.agreementNumber ? -1 : 1));
      }),
    ),
  acknowledge: (id: string): Promise<NoticeRow> =>
    ruled(
      write(async (to) => {
        const { id: by } = await stewardFor(to, caller, "acknowledgeSchemaNotice");
        const known = uuids([id]).length > 0;
        const row = known
          ? ((await acknowledge(to, id, { by, at: now.toISOString() })) ?? (await noticeById(to, id)))
          : undefined;
        const [agreement] = row ? await agreementsByNumber(to, [row.agreementNumber], now) : [];
        if (!row || agreement?.consumerAgency !== caller.agency) throw badInput("id: there is no such notice");
        return row;
      }),
    ),
});

const [MOST_NOTICES, MOST_CHANGES, MOST_DOCUMENTS] = [50, 500, 50];
const [COORDINATE, SENTENCE]: readonly (readonly [number, number])[] = [
  [1, 200],
  [1, 500],
];

function faultsOf(notices: readonly SchemaNoticeInput[]): string[] {
  const { length } = notices;
  const agreements = new Set(notices.map(({ agreement }) => agreement));
  return [
    ...(length < 1 || length > MOST_NOTICES ? [`notices: 1 to ${MOST_NOTICES}`] : []),
    ...(agreements.size < length ? ["notices: one an agreement"] : []),
    ...notices.flatMap(({ changes }, at) => [
      ...(changes.length < 1 || changes.length > MOST_CHANGES ? [`notices.${at}.changes: 1 to ${MOST_CHANGES}`] : []),
      ...changes.flatMap((change, place) => faultsOfChange(change, `notices.${at}.changes.${place}`)),
    ]),
  ];
}

function faultsOfChange({ coordinate, sentence, advice, documents = [] }: NoticedChangeInput, place: string): string[] {
  const texts = [
    ...[sentence.indonesian, sentence.english].map((text) => ["sentence", text] as const),
    ...[advice.indonesian, advice.english].map((text) => ["advice", text] as const),
  ];
  return [
    ...textFaults(`${place}.coordinate`, coordinate, COORDINATE),
    ...texts.flatMap(([name, text]) => textFaults(`${place}.${name}`, text, SENTENCE)),
    ...(documents.length > MOST_DOCUMENTS ? [`${place}.documents: at most ${MOST_DOCUMENTS}`] : []),
    ...documents.flatMap((name) => textFaults(`${place}.documents`, name, COORDINATE)),
  ];
}

function rowOf({ agreement, changes }: SchemaNoticeInput, told: Pick<NewNotice, "effectiveOn" | "sentBy" | "sentAt">): NewNotice {
  const kept = changes
    .map(changeOf)
    .sort(
      (a, b) => NOTICE_SEVERITIES.indexOf(a.severity) - NOTICE_SEVERITIES.indexOf(b.severity) || (textOf(a) < textOf(b) ? -1 : 1),
    );
  // whom it touches by which documents may change from day to day, and is no other news
  const same = JSON.stringify([told.effectiveOn, ...kept.map(textOf).sort()]);
  const digest = hash("sha256", same, "buffer");
  const severity = NOTICE_SEVERITIES.find((one) => kept.some((change) => change.severity === one)) ?? "SAFE";
  return { id: randomUUID(), agreementNumber: agreement, digest, severity, changes: kept, ...told };
}

const textOf = ({ coordinate, severity, sentence, advice }: NoticedChange): string =>
  JSON.stringify([coordinate, severity, sentence.id, sentence.en, advice.id, advice.en]);

const changeOf = ({ coordinate, severity, sentence, advice, documents = [] }: NoticedChangeInput): NoticedChange => ({
  ...{ coordinate, severity, documents: [...documents] },
  sentence: { id: sentence.indonesian.trim(), en: sentence.english.trim() },
  advice: { id: advice.indonesian.trim(), en: advice.english.trim() },
});

const keyOf = ({ agreementNumber, digest }: Pick<NewNotice, "agreementNumber" | "digest">): string =>
  `${agreementNumber} ${digest.toString("hex")}`;
