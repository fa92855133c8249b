export const REVIEWS = /* GraphQL */ `
  query Reviews($region: RegionCode, $after: String) {
    enrolmentsToReview(region: $region, first: 25, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        id
        since
        reasons
        region {
          code
          name
        }
        person {
          id
          fullName
        }
        enrolment {
          id
          version
          state
          flag
          startedOn
          program {
            code
          }
          endings {
            id
            version
            state
            reason
            words
            endsOn
            proposedBy
          }
        }
      }
    }
  }
`;

export const SUSPEND = /* GraphQL */ `
  mutation Suspend($input: EnrolmentStepInput!) {
    suspendEnrolment(input: $input) {
      id
      version
      state
    }
  }
`;

export const RESUME = /* GraphQL */ `
  mutation Resume($input: EnrolmentStepInput!) {
    resumeEnrolment(input: $input) {
      id
      version
      state
    }
  }
`;

export const EXIT = /* GraphQL */ `
  mutation Exit($input: EndEnrolmentInput!) {
    exitEnrolment(input: $input) {
      id
      version
      state
    }
  }
`;

export const CONFIRM_ENDING = /* GraphQL */ `
  mutation ConfirmEnding($id: ID!, $version: Int!) {
    confirmEnding(id: $id, version: $version) {
      id
      version
      state
    }
  }
`;

export const REJECT_ENDING = /* GraphQL */ `
  mutation RejectEnding($input: RejectEndingInput!) {
    rejectEnding(input: $input) {
      id
      version
      state
    }
  }
`;

export const ERRORS = /* GraphQL */ `
  query ErrorCandidates($filter: ErrorCandidateFilter, $after: String) {
    errorCandidates(filter: $filter, first: 25, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        id
        version
        state
        kind
        reasons
        reason
        foundAt
        decidedBy
        region {
          code
          name
        }
        person {
          id
          fullName
        }
        program {
          code
        }
        enrolment {
          id
          state
        }
        history {
          act
          from
          to
          at
          actor
          reason
        }
      }
    }
  }
`;

export const DECIDE_ERROR = /* GraphQL */ `
  mutation DecideError($input: DecideErrorCandidateInput!) {
    decideErrorCandidate(input: $input) {
      id
      version
      state
    }
  }
`;

export const FIND_ERRORS = /* GraphQL */ `
  mutation FindErrors($region: RegionCode!) {
    findErrorCandidates(region: $region)
  }
`;

export const PBI_REQUESTS = /* GraphQL */ `
  query PbiRequests($filter: PbiRequestFilter, $after: String, $decides: Boolean!, $names: Boolean!) {
    pbiRequests(filter: $filter, first: 25, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        id
        version
        state
        kind
        basis
        words
        confirmBy @include(if: $decides)
        proposedAt
        proposedAgency
        identityPaper
        familyPaper
        inabilityPaper
        decisionReason
        region {
          code
          name
        }
        person {
          id
          fullName @include(if: $names)
        }
        history {
          act
          from
          to
          at
          actor
          reason
        }
      }
    }
  }
`;

export const DECIDE_PBI = /* GraphQL */ `
  mutation DecidePbi($input: DecidePbiRequestInput!) {
    decidePbiRequest(input: $input) {
      id
      version
      state
    }
  }
`;

export const SCHOOL_AIDS = /* GraphQL */ `
  query SchoolAids($filter: SchoolAidFilter, $after: String, $names: Boolean!) {
    schoolAids(filter: $filter, first: 25, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        id
        version
        state
        year
        activatedOn
        nisn @skip(if: $names)
        region {
          code
          name
        }
        person {
          id
          fullName @include(if: $names)
        }
        nomination {
          id
          number
          activateBy
        }
      }
    }
  }
`;

export const ACTIVATE = /* GraphQL */ `
  mutation Activate($input: ActivateSchoolAidsInput!) {
    activateSchoolAids(input: $input) {
      id
      version
      state
    }
  }
`;
