const LINE = /* GraphQL */ `
  receipt
  at
  agency {
    code
    name
  }
  client
  officer
  case
  agreement
  version
  purpose {
    code
    name
  }
  operation
  status
  shown
  masked
  denied
  subjects
  disclosure
  leaf
  index
  text
  sentence {
    indonesian
    english
  }
`;

export const SEARCH = /* GraphQL */ `
  query SearchRecord($filter: RecordFilter, $first: Int!, $after: String) {
    accessRecord(filter: $filter, first: $first, after: $after) {
      nodes {
        ${LINE}
      }
      pageInfo {
        hasNextPage
        endCursor
      }
      searchedTo
    }
  }
`;

/** What the filters offer. */
export const CHOICES = /* GraphQL */ `
  query RecordChoices {
    agencies {
      code
      name
    }
    purposes {
      code
      name
    }
  }
`;

/** A receipt as its holder reads it, with the proof the hub gives, and the key of the log. */
export const PROOF = /* GraphQL */ `
  query ReceiptProof($id: ID!, $leaf: String!) {
    verifyReceipt(id: $id, leaf: $leaf) {
      reason
      index
      checkpoint
      proof
    }
    recordLogKey
  }
`;
