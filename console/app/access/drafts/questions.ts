export const OPEN_DRAFTS = /* GraphQL */ `
  query GovernedAgreements($after: String) {
    allAgreements(first: 100, after: $after) {
      nodes {
        number
        title
        consumer {
          code
          name
        }
        versions {
          number
          state
          validFrom
          validTo
          author {
            id
            name
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;

export const DRAFT_GROUND = /* GraphQL */ `
  query DraftGround($agreement: ID!) {
    agreementVersions(agreement: $agreement) {
      number
      state
      agreement {
        title
        consumer {
          code
          name
        }
        purpose {
          code
          name
          citation
        }
        agreement {
          reportDue
        }
      }
    }
    dataClasses {
      class
      topic
      ceiling
    }
  }
`;

export const DRAFT_BASE = /* GraphQL */ `
  query DraftBase($agreement: ID!, $base: Int!, $active: Int!) {
    base: agreementVersion(agreement: $agreement, version: $base) {
      ...Whole
    }
    active: agreementVersion(agreement: $agreement, version: $active) {
      ...Whole
    }
  }
  fragment Whole on AgreementVersion {
    number
    state
    validFrom
    validTo
    regions
    programs
    decileMax
    quota
    verification {
      floor
      attemptsOnSubject
      attemptsOfClient
    }
    onDenied
    addresses
    documents
    armed {
      minutes
      persons
    }
    limits {
      bodyBytes
      tokens
      depth
      aliases
      rootFields
      cost
      subjects
    }
    grants {
      selector
      topic
      use
      effect
      mask
      thresholds {
        argument
        values
      }
      clause
      widenReason
      home
      elsewhere
    }
  }
`;

export const SELECTORS = /* GraphQL */ `
  query Selectors($search: String!) {
    coordinates(search: $search, first: 30) {
      totalCount
      nodes {
        coordinate
        description
        class
        topic
        owners {
          code
        }
        uses
      }
    }
  }
`;

export const DRAFT_VERSION = /* GraphQL */ `
  mutation DraftVersion($input: DraftVersionInput!) {
    draftVersion(input: $input) {
      number
      state
    }
  }
`;

export const IMPORT_VERSION = /* GraphQL */ `
  mutation ImportVersion($file: String!, $agreement: ID) {
    importVersion(file: $file, agreement: $agreement) {
      number
      agreement {
        number
      }
    }
  }
`;
