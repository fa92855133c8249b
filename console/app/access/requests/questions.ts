export const REQUESTS = /* GraphQL */ `
  query AccessRequests {
    accessRequests(first: 100) {
      id
      agency {
        code
        name
      }
      purpose {
        code
        name
        legalBasis
        citation
      }
      requester
      coordinates
      regions
      days
      justification
      state
      closedBy
      agreement {
        number
      }
      version
      declineReason
      declinedBy
      createdAt
    }
  }
`;

export const REQUEST_GROUND = /* GraphQL */ `
  query RequestGround {
    purposes {
      code
      name
      legalBasis
      citation
    }
    allAgreements(first: 100) {
      nodes {
        number
        title
        consumer {
          code
        }
      }
    }
  }
`;

export const REQUEST_ACCESS = /* GraphQL */ `
  mutation RequestAccess($input: RequestAccessInput!) {
    requestAccess(input: $input) {
      id
      state
    }
  }
`;

export const ANSWER_REQUEST = /* GraphQL */ `
  mutation AnswerRequest($id: ID!, $agreement: ID!, $version: Int!) {
    answerAccessRequest(id: $id, agreement: $agreement, version: $version) {
      id
      state
      version
    }
  }
`;

export const DECLINE_REQUEST = /* GraphQL */ `
  mutation DeclineRequest($id: ID!, $reason: String!) {
    declineAccessRequest(id: $id, reason: $reason) {
      id
      state
    }
  }
`;
