export const RECORD_VISIT = /* GraphQL */ `
  mutation RecordVisit($input: FieldVerificationInput!) {
    recordFieldVerification(input: $input) {
      id
      version
      code
    }
  }
`;

export const APPROVE_VISIT = /* GraphQL */ `
  mutation ApproveVisit($visit: FieldVerificationAt!) {
    approveFieldVerification(visit: $visit) {
      id
      version
      code
    }
  }
`;

export const RETURN_VISIT = /* GraphQL */ `
  mutation ReturnVisit($visit: FieldVerificationAt!, $reason: String!) {
    returnFieldVerification(visit: $visit, reason: $reason) {
      id
      version
      code
    }
  }
`;

export const SETTLE_VISIT = /* GraphQL */ `
  mutation SettleVisit($input: SettlementInput!) {
    settleFieldVerification(input: $input) {
      id
      version
      code
    }
  }
`;
