export const REGISTRY_WORK = /* GraphQL */ `
  query RegistryWork {
    registryCalendar {
      step
      fromDay
      toDay
      era
      source
    }
    drafts: proposals(filter: { state: DRAFT }, first: 1) {
      totalCount
      nodes {
        expiresAt
      }
    }
    submitted: proposals(filter: { state: SUBMITTED }, first: 1) {
      totalCount
      nodes {
        expiresAt
      }
    }
    deliberated: proposals(filter: { state: IN_DELIBERATION }, first: 1) {
      totalCount
      nodes {
        expiresAt
      }
    }
    verified: proposals(filter: { state: IN_VERIFICATION }, first: 1) {
      totalCount
      nodes {
        expiresAt
      }
    }
    unmatched: proposals(filter: { state: NOT_MATCHED }, first: 1) {
      totalCount
      nodes {
        expiresAt
      }
    }
    repaired: proposals(filter: { state: IN_REPAIR }, first: 1) {
      totalCount
      nodes {
        expiresAt
      }
    }
    matched: proposals(filter: { state: MATCHED }, first: 1) {
      totalCount
      nodes {
        expiresAt
      }
    }
    finalised: proposals(filter: { state: FINALISED }, first: 1) {
      totalCount
      nodes {
        expiresAt
      }
    }
    endorsed: proposals(filter: { state: ENDORSED }, first: 1) {
      totalCount
      nodes {
        expiresAt
      }
    }
  }
`;

export const REVIEW_WORK = /* GraphQL */ `
  query ReviewWork {
    filed: objections(filter: { state: FILED }, first: 1) {
      totalCount
      nodes {
        lapsesAt
      }
    }
    reviewed: objections(filter: { state: UNDER_REVIEW }, first: 1) {
      totalCount
      nodes {
        lapsesAt
      }
    }
    appealed: objections(filter: { state: APPEALED }, first: 1) {
      totalCount
    }
    changes: changeRequests(filter: { state: SUBMITTED }, first: 1) {
      totalCount
    }
  }
`;

export const AID_WORK = /* GraphQL */ `
  query AidWork($paid: Boolean!, $offices: Boolean!, $health: Boolean!, $school: Boolean!) {
    pkh: paymentCases(filter: { program: PKH, state: ACCOUNT_CHECK_FAILED }, first: 1) @include(if: $paid) {
      totalCount
    }
    bpnt: paymentCases(filter: { program: BPNT, state: ACCOUNT_CHECK_FAILED }, first: 1) @include(if: $paid) {
      totalCount
    }
    reviews: enrolmentsToReview(first: 1) @include(if: $offices) {
      totalCount
    }
    errors: errorCandidates(filter: { state: OPEN }, first: 1) @include(if: $offices) {
      totalCount
    }
    requests: pbiRequests(filter: { state: PROPOSED }, first: 1) @include(if: $health) {
      totalCount
    }
    pupils: schoolAids(filter: { state: NOMINATED }, first: 1) @include(if: $school) {
      totalCount
      nodes {
        nomination {
          activateBy
        }
      }
    }
  }
`;
