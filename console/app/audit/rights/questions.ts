const REQUEST = /* GraphQL */ `
  id
  number
  subject
  isByRepresentative
  kind
  state
  statement
  coordinate
  correction
  purpose {
    name
  }
  controller {
    code
    name
  }
  receivedAt
  dueAt
  clock
  handler
  closedAt
  closedBy
  outcome
  review
  refusalReason
  refusableBy
  citation
  restriction {
    imposedAt
    liftedAt
  }
`;

export const QUEUE = /* GraphQL */ `
  query RequestQueue($state: SubjectRequestState) {
    requestClock {
      open
      dueSoon
      breached
    }
    subjectRequests(state: $state, first: 100) {
      id
      number
      kind
      state
      controller {
        code
        name
      }
      receivedAt
      dueAt
      clock
      handler
    }
  }
`;

export const ONE = /* GraphQL */ `
  query OneRequest($number: ID!) {
    subjectRequest(number: $number) {
      ${REQUEST}
      events {
        at
        actor
        step
      }
    }
  }
`;

export const TAKE = /* GraphQL */ `
  mutation TakeRequest($number: ID!) {
    takeSubjectRequest(number: $number) {
      id
      state
      handler
    }
  }
`;

export const FULFIL = /* GraphQL */ `
  mutation FulfilRequest($number: ID!, $outcome: String!, $review: RankingReview) {
    fulfilSubjectRequest(number: $number, outcome: $outcome, review: $review) {
      id
      state
    }
  }
`;

export const REFUSE = /* GraphQL */ `
  mutation RefuseRequest($number: ID!, $reason: RefusalReason!, $citation: String!, $outcome: String!) {
    refuseSubjectRequest(number: $number, reason: $reason, citation: $citation, outcome: $outcome) {
      id
      state
    }
  }
`;

const REPRESENTATION = /* GraphQL */ `
  id
  basis
  evidence
  validFrom
  validTo
  registeredBy
  confirmedBy
  confirmedAt
  endedAt
`;

export const REPRESENTATIVES = /* GraphQL */ `
  query Representatives($person: ID!) {
    dataSubject(representing: $person) {
      representatives {
        ${REPRESENTATION}
      }
    }
  }
`;

export const REGISTER = /* GraphQL */ `
  mutation RegisterRepresentation($input: RegisterRepresentationInput!) {
    registerRepresentation(input: $input) {
      id
    }
  }
`;

export const CONFIRM = /* GraphQL */ `
  mutation ConfirmRepresentation($id: ID!) {
    confirmRepresentation(id: $id) {
      id
      confirmedAt
    }
  }
`;

export const END = /* GraphQL */ `
  mutation EndRepresentation($id: ID!) {
    endRepresentation(id: $id) {
      id
      endedAt
    }
  }
`;
