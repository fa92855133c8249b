import { expect } from "vitest";
import type { MadePerson } from "../../../../drizzle/synthetic/model.ts";
import { type Asked, callerWith, codesOf, type SliceUnderTest } from "../../../kit/slice.ts";

export const HOUR = 60 * 60 * 1000;

type Voice = { readonly caller: ReturnType<typeof callerWith> };

/** A person who asks about themselves, by the citizens' portal. */
export const citizen = ({ id }: MadePerson): Voice => ({
  caller: callerWith({
    client: "portal-warga",
    agency: "HUB",
    citizen: id,
    agreement: "PKS-2025-008",
    purpose: "DATA_SUBJECT_RIGHTS",
  }),
});

const FILED = `number subject kind state clock statement correction receivedAt dueAt closedAt closedBy handler outcome review
  refusalReason citation isByRepresentative controller { code } restriction { liftedAt liftedBy purpose { code } } events { actor step }`;

/** The one thing a document asked for, which nothing refused. */
export function answered({ data, errors }: Asked): any {
  expect(errors).toEqual([]);
  return Object.values(data)[0];
}

/** The code of the one refusal. */
export function failed(asked: Asked): string | undefined {
  const codes = codesOf(asked);
  expect(codes.length).toBeLessThanOrEqual(1);
  return codes[0];
}

/** Acts and questions of persons and stewards on one slice. */
export function rightsOf(slice: SliceUnderTest) {
  const send = (who: Voice, document: string, variables: object) =>
    slice.ask(document, { ...who, variables: variables as Record<string, unknown> });
  return {
    file: (who: Voice, input: object) =>
      send(who, `mutation ($input: FileSubjectRequestInput!) { fileSubjectRequest(input: $input) { ${FILED} } }`, { input }),
    /** An act that takes nothing but the number. */
    ask: (who: Voice, act: string, variables: { readonly number: string | undefined }) =>
      send(who, `mutation ($number: ID!) { ${act}(number: $number) { ${FILED} } }`, variables),
    take: (who: Voice, number: string) =>
      send(who, `mutation ($number: ID!) { takeSubjectRequest(number: $number) { ${FILED} } }`, { number }),
    fulfil: (who: Voice, number: string, outcome: string, review?: string) =>
      send(
        who,
        `mutation ($number: ID!, $outcome: String!, $review: RankingReview) {
          fulfilSubjectRequest(number: $number, outcome: $outcome, review: $review) { ${FILED} } }`,
        { number, outcome, review },
      ),
    refuse: (who: Voice, refusal: object) =>
      send(
        who,
        `mutation ($number: ID!, $reason: RefusalReason!, $citation: String!, $outcome: String!) {
          refuseSubjectRequest(number: $number, reason: $reason, citation: $citation, outcome: $outcome) { ${FILED} } }`,
        refusal,
      ),
    registered: (who: Voice, input: object) =>
      send(who, "mutation ($input: RegisterRepresentationInput!) { registerRepresentation(input: $input) { id } }", { input }),
    confirmed: (who: Voice, id: string) =>
      send(who, "mutation ($id: ID!) { confirmRepresentation(id: $id) { id confirmedBy } }", { id }),
    /** What governance says of a person, whoever asks. */
    about: (id: string, who: Voice) =>
      send(
        who,
        `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Person {
          subjectRequests { number } representatives { basis representative { id } } } } }`,
        { r: [{ __typename: "Person", id }] },
      ),
  };
}
