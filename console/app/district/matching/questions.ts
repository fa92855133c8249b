export const REVIEW_CASES = /* GraphQL */ `
  query ReviewCases($after: String) {
    reviewCases(first: 20, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        id
        source
        row
        weight
        margin
        person {
          id
          fullName
          birthDate
          birthPlace
          sex
          isAlive
          nik
          region {
            code
            name
          }
        }
        comparisons {
          field
          level
          of
        }
        weightParts {
          of
          field
          bits
        }
      }
    }
  }
`;

export const DECIDE_CASE = /* GraphQL */ `
  mutation DecideCase($input: DecideReviewCaseInput!) {
    decideReviewCase(input: $input) {
      id
      state
      decision
    }
  }
`;

const JOB = /* GraphQL */ `
  fragment Job on MatchJob {
    id
    source
    fileName
    state
    fault
    rows
    rowsDone
    createdAt
    finishedAt
  }
`;

export const JOBS = /* GraphQL */ `
  query MatchJobs {
    matchJobs(first: 50) {
      ...Job
    }
  }
  ${JOB}
`;

export const ONE_JOB = /* GraphQL */ `
  query OneMatchJob($id: ID!) {
    matchJob(id: $id) {
      ...Job
      predictedPrecision
      counts {
        status
        reason
        rows
        firstLine
      }
    }
  }
  ${JOB}
`;

export const CANCEL_JOB = /* GraphQL */ `
  mutation CancelJob($id: ID!) {
    cancelMatching(id: $id) {
      id
      state
    }
  }
`;
