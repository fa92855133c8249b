const LISTED = /* GraphQL */ `
  fragment Listed on Proposal {
    id
    version
    number
    state
    channel
    address
    expiresAt
    acts
    region {
      code
      name
    }
    candidates {
      id
      relation
      claimedName
      matchStatus
    }
  }
`;

export const PROPOSALS = /* GraphQL */ `
  query Proposals($filter: ProposalFilter, $after: String) {
    proposals(filter: $filter, first: 25, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        ...Listed
      }
    }
  }
  ${LISTED}
`;

const VISIT = /* GraphQL */ `
  fragment Visit on FieldVerification {
    id
    version
    visitedOn
    result
    method
    code
    enumerator
    approvedBy
    latitude
    longitude
    photoSha256
    region {
      code
    }
    presences {
      candidate {
        id
        claimedName
      }
      presence
      code
    }
  }
`;

export const PROPOSAL = /* GraphQL */ `
  query Proposal($id: ID!) {
    registryCalendar {
      step
      fromDay
      toDay
      era
    }
    proposal(id: $id) {
      ...Listed
      aid
      basis
      reason
      createdAt
      submittedAt
      proposedBy
      verifiedBy
      approvedBy
      endorsedBy
      letterNumber
      candidates {
        claimedNik
        claimedCardNumber
        claimedBirthDate
        claimedBirthPlace
        claimedSex
        matchReasons
        validatedAt
        person {
          id
          fullName
          birthDate
          birthPlace
          sex
          nik
        }
      }
      deliberation {
        id
        kind
        minutesNumber
        heldOn
        quorum
        documentSha256
        attendees {
          name
          office
        }
      }
      responsibility {
        id
        statementNumber
        signedOn
        signedBy
        documentSha256
      }
      visits {
        ...Visit
      }
      history {
        act
        from
        to
        at
        actor
        reason
      }
      household {
        id
      }
    }
  }
  ${LISTED}
  ${VISIT}
`;

export const DRAFT = /* GraphQL */ `
  mutation DraftProposal($input: ProposalInput!) {
    draftProposal(input: $input) {
      id
      version
      state
    }
  }
`;

export const REPAIR = /* GraphQL */ `
  mutation RepairProposal($input: RepairInput!) {
    repairProposal(input: $input) {
      id
      version
      state
    }
  }
`;

export const SUBMIT = /* GraphQL */ `
  mutation SubmitProposals($proposals: [ProposalAt!]!) {
    submitProposals(proposals: $proposals) {
      id
      version
      state
    }
  }
`;

export const SCHEDULE = /* GraphQL */ `
  mutation ScheduleDeliberation($proposals: [ProposalAt!]!) {
    scheduleDeliberation(proposals: $proposals) {
      id
      version
      state
    }
  }
`;

export const MINUTES = /* GraphQL */ `
  mutation RecordDeliberation($input: DeliberationInput!) {
    recordDeliberation(input: $input) {
      id
      decisions {
        proposal {
          id
          version
          state
        }
      }
    }
  }
`;

export const ATTEST = /* GraphQL */ `
  mutation AttestResponsibility($input: ResponsibilityInput!) {
    attestResponsibility(input: $input) {
      id
    }
  }
`;

export const RETURN = /* GraphQL */ `
  mutation ReturnForRepair($proposals: [ProposalAt!]!, $reason: String!) {
    returnForRepair(proposals: $proposals, reason: $reason) {
      id
      version
      state
    }
  }
`;

export const RESUBMIT = /* GraphQL */ `
  mutation ResubmitProposals($proposals: [ProposalAt!]!) {
    resubmitProposals(proposals: $proposals) {
      id
      version
      state
    }
  }
`;

export const FINALISE = /* GraphQL */ `
  mutation FinaliseProposals($proposals: [ProposalAt!]!) {
    finaliseProposals(proposals: $proposals) {
      id
      version
      state
    }
  }
`;

export const APPROVE = /* GraphQL */ `
  mutation ApproveProposals($proposals: [ProposalAt!]!) {
    approveProposals(proposals: $proposals) {
      id
      version
      state
    }
  }
`;

export const ENDORSE = /* GraphQL */ `
  mutation EndorseProposals($input: EndorsementInput!) {
    endorseProposals(input: $input) {
      id
      version
      state
    }
  }
`;

export const SEND = /* GraphQL */ `
  mutation SendToCentre($proposals: [ProposalAt!]!) {
    sendToCentre(proposals: $proposals) {
      id
      version
      state
    }
  }
`;

export const REJECT_AT_CENTRE = /* GraphQL */ `
  mutation RejectAtCentre($proposals: [ProposalAt!]!, $reason: String!) {
    rejectAtCentre(proposals: $proposals, reason: $reason) {
      id
      version
      state
    }
  }
`;

export const WITHDRAW = /* GraphQL */ `
  mutation WithdrawProposals($proposals: [ProposalAt!]!, $reason: String!) {
    withdrawProposals(proposals: $proposals, reason: $reason) {
      id
      version
      state
    }
  }
`;
