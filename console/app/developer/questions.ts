export const MINE = /* GraphQL */ `
  query MyAgreements {
    agreements {
      number
      title
      state
      version
      validTo
      purpose {
        name
      }
      regions
      quotaToday {
        used
        limit
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
        use
        effect
        clause
      }
    }
  }
`;

export const DOCUMENTS = /* GraphQL */ `
  query TrustedDocuments($agreement: ID!) {
    trustedDocuments(agreement: $agreement) {
      id
      name
      document
      registeredAt
      registeredBy
      retiredAt
    }
  }
`;

export const REGISTER = /* GraphQL */ `
  mutation RegisterDocuments($agreement: ID!, $documents: [DocumentInput!]!) {
    registerDocuments(agreement: $agreement, documents: $documents) {
      registered {
        id
        name
      }
      rejected {
        id
        name
        faults {
          coordinate
          reason
        }
      }
    }
  }
`;

export const RETIRE = /* GraphQL */ `
  mutation RetireDocument($agreement: ID!, $id: ID!) {
    retireDocument(agreement: $agreement, id: $id) {
      id
      retiredAt
    }
  }
`;
