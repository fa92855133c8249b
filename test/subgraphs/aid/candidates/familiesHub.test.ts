import { expect, test } from "vitest";
import { useHub } from "../../../kit/hub.ts";
import { siti } from "../../../kit/people.ts";

// What one family gets in a year: of the national programs in one field, of a regency's own in the fields its slice adds beside it.

const hub = useHub();
const FAMILY = `query ($id: ID!) { person(id: $id) { registryMembers { family {
  aid(from: "2026-01-01", to: "2026-12-31") { members total perHeadAMonth lines { program { code } value payments } }
  rantangKasih(from: "2026-01-01", to: "2026-12-31") { value } } } } }`;

test("a regency sees all that a family of its own gets, to the rupiah, beside its own aid", async () => {
  const { data, errors } = await hub.as("bansos.dinsos_banyuwangi").ask(FAMILY, { id: siti.id });
  expect(errors).toEqual([]);
  expect(data["person"].registryMembers[0].family).toEqual({
    aid: {
      members: 3,
      total: "2475000",
      perHeadAMonth: "68750",
      lines: [
        { program: { code: "BPNT" }, value: "1800000", payments: 3 },
        { program: { code: "KIP" }, value: "0", payments: 0 },
        { program: { code: "PKH" }, value: "675000", payments: 3 },
      ],
    },
    rantangKasih: null,
  });
});

test("neither the bank that pays a part nor a member sees the sums of a family", async () => {
  for (const [client, voice] of [
    ["penyalur.bri", {}],
    ["portal-warga", { person: siti.id }],
  ] as const) {
    const { denied, text } = await hub.as(client, voice).ask(FAMILY, { id: siti.id });
    expect(denied.join()).toMatch(/Family\.aid|registryMembers|Query\.person|Member\.family/);
    expect(text).not.toContain("2475000");
  }
});
