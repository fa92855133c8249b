import { afterAll, beforeAll, expect } from "vitest";
import { rawClient } from "../../drizzle/client.ts";
import type { DatabaseUrls } from "../../drizzle/cluster.ts";
import type { AgreementState } from "../../schema/policy/words.ts";

// DINSOS asks for what DUKCAPIL and BPS control: agreement PKS-1, of which every story writes version 1 anew.

const PEOPLE = [
  ["ayu", "DINSOS", "STEWARD"],
  ["eko", "DINSOS", "STEWARD"],
  ["bima", "DINSOS", "DPO"],
  ["citra", "DUKCAPIL", "STEWARD"],
  ["dewi", "BPS", "STEWARD"],
  ["hadi", "BPS", "AUDITOR"],
  ["gita", "HUB", "OPERATOR"],
  ["fajar", "DUKCAPIL", "STEWARD"], // suspended
] as const;
type Steward = (typeof PEOPLE)[number][0];
/** Nobody is named to those who are refused. */
const PERSONS = new RegExp(`\\b(${PEOPLE.map(([id]) => id).join("|")})\\b`);
type Client = ReturnType<typeof rawClient>;
export type Tx = Parameters<Parameters<Client["begin"]>[1]>[0];

const COORDINATES = [
  ["new", "Region.name", "{BPS}", "PUBLIC"],
  ["new", "Person.nik", "{DUKCAPIL}", "ADMINDUK_84"],
  ["new", "Person.income", "{BPS,DUKCAPIL}", "SPECIFIC"],
  ["new", "Person.ghost", "{}", "GENERAL"],
  ["old", "Person.gone", "{BPS}", "GENERAL"],
] as const;

async function enrol(tx: Tx): Promise<void> {
  for (const code of ["DINSOS", "DUKCAPIL", "BPS", "HUB"])
    await tx`insert into agency values (${code}, ${code}, 'dpo@x.example')`;
  for (const [id, agency, role] of PEOPLE) {
    await tx`insert into steward values (${id}, ${agency}, ${id}, ${id === "fajar" ? "SUSPENDED" : "ACTIVE"})`;
    await tx`insert into steward_key (key_id, steward_id, agency_code, roles, kind, public_key, endorsement)
      values (${`key-${id}`}, ${id}, ${agency}, ${[role]}, 'ED25519', 'p', 'e')`;
  }
}

async function publish(tx: Tx): Promise<void> {
  await tx`insert into supergraph values ('old', 'x', '{}', '2026-01-01Z'), ('new', 'x', '{}', '2026-02-01Z')`;
  for (const [schema, coordinate, owners, data] of COORDINATES)
    await tx`insert into coordinate values (${schema}, ${coordinate}, 'output', ${owners}::text::text[], ${data}, null, '[]')`;
  for (const code of ["WELFARE", "OTHER"])
    await tx`insert into purpose (code, name, legal_basis, citation) values (${code}, 'Uji', 'PUBLIC_TASK', 'UU 13/2011')`;
  for (const number of ["PKS-1", "PKS-2", "PKS-3"])
    await tx`insert into agreement (number, title, consumer_agency, purpose_code) values (${number}, 'Uji', 'DINSOS', 'WELFARE')`;
}

/** Agencies, stewards, schemas and agreements PKS-1 (bare), PKS-2 (version 1 in review) and PKS-3 (bare). `owner` answers from beforeAll on. */
export function useLifecycle({ urls }: { readonly urls: DatabaseUrls }) {
  let owner: Client;
  beforeAll(async () => {
    owner = rawClient(urls.governance.owner, { max: 1 });
    await owner.begin(async (tx) => {
      await enrol(tx);
      await publish(tx);
      await walk(tx, "in_review", "PKS-2");
    });
  });
  afterAll(() => owner.end());
  return {
    get owner() {
      return owner;
    },
    /** A story in a transaction of the owner's that leaves nothing behind: rules bind the owner of the tables as they bind all. */
    async trial(story: (tx: Tx) => Promise<void>): Promise<void> {
      const over = new Error("over");
      const told = owner.begin(async (tx) => {
        await story(tx);
        throw over;
      });
      await told.catch((error: unknown) => {
        if (error !== over) throw error;
      });
    },
  };
}

/** What the database says to a statement of nobody's or of an officer's: "done", or SQLSTATE and sentence, and then nothing has happened. */
export const said = (tx: Tx, statement: string, officer?: Steward): Promise<string> =>
  tx
    .savepoint(async (sp) => {
      await sp`select set_config('hub.officer', ${officer ? `{"${officer}"}` : "{}"}, true)`;
      await sp.unsafe(statement);
    })
    .then(
      () => "done",
      (error: { code?: string; message: string }) => {
        if (error.code?.startsWith("HB")) expect(error.message).not.toMatch(PERSONS);
        return `${error.code} ${error.message}`;
      },
    );

export async function done(tx: Tx, ...statements: readonly string[]): Promise<void> {
  for (const statement of statements) expect([statement, await said(tx, statement)]).toEqual([statement, "done"]);
}

export const draft = (author = "'ayu'", columns = "", values = "") =>
  `insert into agreement_version (agreement_number, version, valid_from, valid_to, row_scope, author ${columns})
    values ('PKS-1', 1, '2026-01-01Z', '2999-01-01Z', '{}', ${author} ${values})`;
export const grant = (selector: string, number = "PKS-1") =>
  `insert into grant_row (agreement_number, version, position, selector_kind, selector, use, effect, clause)
    values ('${number}', 1, 1, 'coordinate', '${selector}', 'OUTPUT', 'allow', 'Ps. 1')`;
export const pin = (coordinate: string, number = "PKS-1") =>
  `insert into resolved_coordinate values ('${number}', 1, '${coordinate}')`;
export const move = (state: AgreementState, more = "") =>
  `update agreement_version set state = '${state}' ${more} where agreement_number = 'PKS-1'`;
export const set = (assignment: string) => `update agreement_version set ${assignment} where agreement_number = 'PKS-1'`;
export const SUSPEND = move("suspended", ", suspension_reason = 'INCIDENT'");

interface Decision {
  readonly decision?: "APPROVED" | "REJECTED";
  readonly key?: string;
  readonly hash?: string;
}
const CURRENT = "(select content_sha256 from agreement_version where agreement_number = 'PKS-1')";
export const decide = (
  steward: string,
  agency: string,
  capacity: string,
  { decision = "APPROVED", key = `key-${steward}`, hash = CURRENT }: Decision = {},
) =>
  `insert into approval (agreement_number, version, owner_agency, steward_id, capacity, decision, content_sha256, key_id, signature)
    values ('PKS-1', 1, '${agency}', '${steward}', '${capacity}', '${decision}', ${hash}, '${key}', 's')`;
export const BY_DUKCAPIL = decide("citra", "DUKCAPIL", "OWNER");
export const BY_BPS = decide("dewi", "BPS", "OWNER");
export const BY_DPO = decide("bima", "DINSOS", "DPO");
export const COMPILED = "insert into decision_table values ('PKS-1', 1, 'new', '{}', 'x', 'k', 's')";

/** Version 1 as it stands after everything that leads to a state. */
export async function walk(
  tx: Tx,
  to: "draft" | "in_review" | "approved" | "active" | "suspended",
  number = "PKS-1",
): Promise<void> {
  const steps = {
    draft: [draft(), grant("SPECIFIC"), ...["Region.name", "Person.nik", "Person.income"].map((one) => pin(one))],
    in_review: [move("in_review")],
    approved: [BY_DUKCAPIL, BY_BPS, BY_DPO, move("approved")],
    active: [COMPILED, move("active")],
    suspended: [SUSPEND],
  };
  for (const [state, statements] of Object.entries(steps)) {
    await done(tx, ...statements.map((statement) => statement.replaceAll("PKS-1", number)));
    if (state === to) return;
  }
}
