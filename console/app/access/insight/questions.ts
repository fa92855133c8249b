export const EXPLAIN_ACCESS = /* GraphQL */ `
  query ExplainAccess($document: String!, $variables: String, $agreement: ID!) {
    explained: explainAccess(document: $document, variables: $variables, agreement: $agreement) {
      agreement
      version
      faults
      refusals
      denied
      masked
      coordinates {
        coordinate
        term
        isInput
        isReached
        isOpen
        effect
        code
        decision {
          indonesian
          english
        }
        path
        closedBy
        instead
        clause
        approvers {
          owner
          steward
        }
        validTo
        owners {
          code
          name
          dpoContact
        }
      }
    }
  }
`;

export const EXPLAIN_REQUEST = /* GraphQL */ `
  query ExplainRequest($receipt: ID!) {
    explained: explainRequest(receipt: $receipt) {
      agreement
      version
      faults
      refusals
      denied
      masked
      coordinates {
        coordinate
        term
        isInput
        isReached
        isOpen
        effect
        code
        decision {
          indonesian
          english
        }
        path
        closedBy
        instead
        clause
        approvers {
          owner
          steward
        }
        validTo
        owners {
          code
          name
          dpoContact
        }
      }
    }
  }
`;

export const AGREEMENT_NAMES = /* GraphQL */ `
  query AgreementNames($after: String) {
    allAgreements(first: 100, after: $after) {
      nodes {
        number
        title
        versions {
          number
          state
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;
