export const CASES = /* GraphQL */ `
  query BreachCases {
    breachCases(first: 100) {
      number
      title
      isDrill
      state
      detectedAt
      dueAt
      secondsLeft
      searchedAt
      entries
    }
  }
`;

export const CASE = /* GraphQL */ `
  query BreachCaseWhole($number: ID!) {
    breachCase(number: $number) {
      number
      title
      isDrill
      state
      windowFrom
      windowTo
      client
      coordinates
      disclosed
      detectedAt
      dueAt
      secondsLeft
      description
      handling
      openedBy
      searchedTo
      searchedAt
      entries
      counts {
        type
        subjects
      }
      unnamed
      noticeToSubjects {
        indonesian
        english
      }
      noticeToAuthority {
        indonesian
        english
      }
      subjectsNotifiedAt
      authorityNotifiedAt
      closedBy
      closedAt
    }
  }
`;

export const AFFECTED = /* GraphQL */ `
  query BreachAffected($number: ID!, $type: String, $after: String) {
    breachCase(number: $number) {
      subjects(type: $type, first: 100, after: $after) {
        nodes {
          id
          type
        }
        pageInfo {
          hasNextPage
          endCursor
        }
        totalCount
      }
    }
  }
`;

export const OPEN = /* GraphQL */ `
  mutation OpenBreachCase($input: OpenBreachInput!) {
    openBreach(input: $input) {
      number
    }
  }
`;

export const HANDLE = /* GraphQL */ `
  mutation HandleBreach($number: ID!, $handling: String!) {
    updateBreachHandling(number: $number, handling: $handling) {
      number
      handling
    }
  }
`;

export const NOTIFIED = /* GraphQL */ `
  mutation MarkBreachNotified($number: ID!, $whom: BreachAudience!) {
    markNotified(number: $number, whom: $whom) {
      number
      state
    }
  }
`;

export const CLOSE = /* GraphQL */ `
  mutation CloseBreachCase($number: ID!) {
    closeBreach(number: $number) {
      number
      state
    }
  }
`;
