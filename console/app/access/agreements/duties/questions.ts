export const REPORT_PREVIEW = /* GraphQL */ `
  query ReportPreview($agreement: ID!, $from: Date!, $to: Date!) {
    semesterReport(agreement: $agreement, from: $from, to: $to) {
      from
      to
      requests
      persons
      refused
      coordinates {
        coordinate
        requests
      }
      denials {
        coordinate
        requests
      }
      months {
        month
        requests
        persons
        refused
        denied
      }
    }
  }
`;

export const SUBMIT_REPORT = /* GraphQL */ `
  mutation SubmitReport($agreement: ID!, $note: String) {
    submitSemesterReport(agreement: $agreement, note: $note) {
      id
    }
  }
`;

export const GLASS = /* GraphQL */ `
  query GlassBreaks {
    glassBreaks(first: 100) {
      id
      version
      case
      reason
      state
      requestedBy
      requestedAt
      confirmedBy
      openedAt
      closesAt
      reviewDue
      reviewedBy
      finding
      agreement {
        number
      }
    }
  }
`;

export const BREAK_GLASS = /* GraphQL */ `
  mutation BreakGlass($agreement: ID!, $version: Int!, $case: String!, $reason: String!) {
    breakGlass(agreement: $agreement, version: $version, case: $case, reason: $reason) {
      id
      state
    }
  }
`;

export const CONFIRM_GLASS = /* GraphQL */ `
  mutation ConfirmGlass($id: ID!) {
    confirmGlass(id: $id) {
      id
      state
    }
  }
`;

export const REVIEW_GLASS = /* GraphQL */ `
  mutation ReviewGlass($id: ID!, $finding: GlassFinding!, $note: String!) {
    reviewGlass(id: $id, finding: $finding, note: $note) {
      id
      state
    }
  }
`;
