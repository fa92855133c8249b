export const CHANGES = /* GraphQL */ `
  query Changes($filter: ChangeFilter, $after: String) {
    changeRequests(filter: $filter, first: 20, after: $after) {
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
        source
        effectiveOn
        missing
        reason
        claimedName
        claimedNik
        cardNumber
        region {
          code
          name
        }
        household {
          id
          address
        }
        person {
          id
          fullName
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

export const CHANGE_PREVIEW = /* GraphQL */ `
  query ChangePreview($id: ID!) {
    changeRequest(id: $id) {
      id
      preview {
        digest
        consequences {
          code
          indonesian
          english
        }
        pkh {
          code
          indonesian
          english
        }
        seats {
          code
          indonesian
          english
        }
      }
    }
  }
`;

export const SUBMIT_CHANGE = /* GraphQL */ `
  mutation SubmitChange($input: SubmitChangeInput!) {
    submitChange(input: $input) {
      id
      version
      state
    }
  }
`;

export const APPROVE_CHANGE = /* GraphQL */ `
  mutation ApproveChange($input: ApproveChangeInput!) {
    approveChange(input: $input) {
      id
      version
      state
    }
  }
`;

export const REJECT_CHANGE = /* GraphQL */ `
  mutation RejectChange($input: EndChangeInput!) {
    rejectChange(input: $input) {
      id
      version
      state
    }
  }
`;

export const WITHDRAW_CHANGE = /* GraphQL */ `
  mutation WithdrawChange($input: EndChangeInput!) {
    withdrawChange(input: $input) {
      id
      version
    }
  }
`;
