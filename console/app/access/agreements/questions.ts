export const AGREEMENTS = /* GraphQL */ `
  query Agreements($after: String) {
    allAgreements(first: 100, after: $after) {
      nodes {
        number
        title
        consumer {
          code
          name
        }
        purpose {
          code
          name
        }
        versions {
          number
          state
        }
        agreement {
          version
          state
          validTo
          quotaToday {
            used
            limit
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

export const AGREEMENT = /* GraphQL */ `
  query Agreement($number: ID!) {
    agreementVersions(agreement: $number) {
      number
      state
      validFrom
      validTo
      regions
      programs
      decileMax
      quota
      onDenied
      addresses
      documents
      createdAt
      contentSha256
      suspensionReason
      pendingCoordinates
      verification {
        floor
        attemptsOnSubject
        attemptsOfClient
      }
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
      author {
        id
        name
      }
      resumeAskedBy {
        id
        name
      }
      coordinatesOpened {
        coordinates
        owner {
          code
          name
        }
      }
      unboundSlices {
        slice
        dimension
      }
      approvals {
        capacity
        decision
        at
        reason
        owner {
          code
        }
        steward {
          name
        }
      }
      missingApprovals {
        capacity
        agency {
          code
        }
      }
      agreement {
        number
        title
        documentSha256
        dpiaId
        consumer {
          code
          name
          dpoContact
        }
        purpose {
          code
          name
          legalBasis
          citation
          needsCase
        }
        agreement {
          version
          reportDue
          suspendsOn
          quotaToday {
            used
            limit
          }
          reports {
            id
            note
            submittedBy
            submittedAt
            usage {
              from
              to
              requests
              persons
              refused
            }
          }
        }
      }
    }
  }
`;

export const SENTENCES = /* GraphQL */ `
  query Sentences($number: ID!, $version: Int!) {
    versionSentences(agreement: $number, version: $version) {
      about
      type
      indonesian
      english
    }
  }
`;

export const HISTORY = /* GraphQL */ `
  query AgreementHistory($number: ID!, $after: String) {
    policyEvents(agreement: $number, first: 50, after: $after) {
      totalCount
      nodes {
        id
        at
        actor
        kind
        version
        detail
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;

export const NEW_AGREEMENT = /* GraphQL */ `
  query NewAgreementGround {
    agencies {
      code
      name
    }
    purposes {
      code
      name
      citation
    }
  }
`;

export const CREATE_AGREEMENT = /* GraphQL */ `
  mutation CreateAgreement($input: CreateAgreementInput!) {
    createAgreement(input: $input) {
      number
    }
  }
`;

export const SUSPEND = /* GraphQL */ `
  mutation Suspend($agreement: ID!, $version: Int!, $reason: SuspensionReason!, $note: String!) {
    suspendVersion(agreement: $agreement, version: $version, reason: $reason, note: $note) {
      number
      state
    }
  }
`;

export const ASK_TO_RESUME = /* GraphQL */ `
  mutation AskToResume($agreement: ID!, $version: Int!) {
    askToResume(agreement: $agreement, version: $version) {
      number
      state
    }
  }
`;

export const RESUME = /* GraphQL */ `
  mutation Resume($agreement: ID!, $version: Int!) {
    resumeVersion(agreement: $agreement, version: $version) {
      number
      state
    }
  }
`;

export const REVOKE = /* GraphQL */ `
  mutation Revoke($agreement: ID!, $version: Int!, $reason: String!) {
    revokeVersion(agreement: $agreement, version: $version, reason: $reason) {
      number
      state
    }
  }
`;
