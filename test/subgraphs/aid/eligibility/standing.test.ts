import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { welfare } from "../../../../subgraphs/welfare/index.ts";
import { useDatabases } from "../../../kit/database.ts";
import { budi, rina, siti, tono } from "../../../kit/people.ts";
import { useSlice } from "../../../kit/slice.ts";
import { citizen, dinsos, NOW, pusat } from "../trace/kit.ts";

const databases = useDatabases();
const slice = useSlice(welfare, { databaseUrl: () => databases.urls.welfare.runtime, now: () => Date.parse(NOW) });

const STANDING = `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Person {
  registryStanding { isRegistered isActive isMatched isRanked determinedFor } } } }`;
const standing = async (ids: readonly string[], caller = pusat) => {
  const representations = ids.map((id) => ({ __typename: "Person", id }));
  const { data, errors } = await slice.ask(STANDING, { caller, variables: { representations } });
  expect(errors).toEqual([]);
  return data._entities.map(({ registryStanding }: { registryStanding: unknown }) => registryStanding);
};
const NOT_REGISTERED = { isRegistered: false, isActive: null, isMatched: null, isRanked: null, determinedFor: null };

test("who is registered, matched and ranked is so, and whoever was never ranked is not", async () => {
  const [one, other] = await standing([siti.id, tono.id]);
  expect(one).toMatchObject({ isRegistered: true, isActive: true, isMatched: true, isRanked: true });
  expect(other).toMatchObject({ isRegistered: true, isRanked: false });
});

test("of two entries of one person the better one speaks", async () => {
  expect(await standing([rina.id])).toEqual([expect.objectContaining({ isActive: true, isMatched: true, isRanked: true })]);
});

test("nobody is not registered to the ministry, and unknown to a regency, which sees its own alone", async () => {
  const stranger = randomUUID();
  expect(await standing([stranger])).toEqual([NOT_REGISTERED]);
  expect(await standing([stranger], dinsos)).toEqual([null]);
  expect(await standing([tono.id], dinsos)).toEqual([null]); // of Jakarta
  expect(await standing([siti.id], dinsos)).toEqual([expect.objectContaining({ isRegistered: true })]);
});

test("a person learns of themself, and of another nothing, not even that they are not there", async () => {
  expect(await standing([siti.id, budi.id], citizen(siti.id))).toEqual([expect.objectContaining({ isRegistered: true }), null]);
});

test("fifty persons cost one statement", async () => {
  await standing([siti.id]);
  const one = slice.statements;
  await standing(Array.from({ length: 50 }, () => randomUUID()));
  expect(slice.statements).toBe(one);
});
