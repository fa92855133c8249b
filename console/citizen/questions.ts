/** What the pages of signed-in persons ask. */

export const SELF = /* GraphQL */ `
  query Self($representing: ID) {
    dataSubject(representing: $representing) {
      id nik fullName sex birthDate birthPlace address isAlive
      region { code name }
      familyCard { familyCardNumber }
      registryMembers {
        id state matchStatus relation
        household { memberCount surveyedOn deciles { decile version { publishedOn } } }
        eligibilityDecisions { id program reason effectiveOn revocableUntil revokedAt }
      }
    }
  }
`;

export const AID = /* GraphQL */ `
  query Aid($representing: ID) {
    dataSubject(representing: $representing) {
      enrolments {
        id version state startedOn endedOn flag waitingBand
        program { code name unit }
        endings { id version reason endsOn state revocableUntil }
        commitmentCase { stage period }
        payments(latest: 24) { period amount state creditedOn channel }
      }
      rantangKasih { id decision startedOn endedOn }
    }
  }
`;

/** Beside enrolments: lists of whoever asks, never of whom they look after. */
export const AID_DETAILS = /* GraphQL */ `
  query AidDetails($from: String!, $to: String!) {
    mySchoolAids {
      id year level grade amount state activatedOn grantDecree
      nomination { number activateBy extensionReason }
    }
    myCollegeAids {
      id study since semesters living tuitionCovered ground state decree reason
      semesterReports { semester credits gradeAverage state }
    }
    myPbiMemberships {
      id state startedOn endedOn
      contributions(from: $from, to: $to) { months amount }
    }
    myPbiRequests {
      id kind state proposedAgency proposedAt confirmBy decisionReason
      region { name }
    }
    myCommitments { id period kind attended held isFulfilled }
    commitmentRules { kind measure threshold validTo }
  }
`;

export const TRACE = /* GraphQL */ `
  query Trace($person: ID!, $program: ProgramCode!, $period: String!) {
    paymentTrace(person: $person, program: $program, period: $period) {
      outcome paidOn isDrawnByAnother stoppedAt period
      program { code name }
      sentence { indonesian english }
      steps { step state office }
      registry { ...Why }
      match { ...Why }
      rank { ...Why }
      exclusion { ...Why }
      component { ...Why }
      quota { ...Why waiting }
      decree { ...Why }
      account { ...Why }
      treasury { ...Why }
      order { ...Why }
      release { ...Why }
      credit { ...Why }
      transaction { ...Why }
    }
  }
  fragment Why on StepExplanation {
    today usualDays
    text { indonesian english }
    remedy { indonesian english }
    bring { indonesian english }
  }
`;

export const PROPOSALS = /* GraphQL */ `
  query Proposals {
    myProposals {
      id number version state aid reason submittedAt expiresAt acts
      region { code name }
      candidates { id relation claimedName matchStatus matchReasons }
      history { at act to reason }
    }
  }
`;

export const PROPOSE = /* GraphQL */ `
  mutation Propose($input: OwnProposalInput!) {
    submitOwnProposal(input: $input) { id number }
  }
`;

export const WITHDRAW_PROPOSAL = /* GraphQL */ `
  mutation WithdrawProposal($proposals: [ProposalAt!]!, $reason: String!) {
    withdrawProposals(proposals: $proposals, reason: $reason) { id state }
  }
`;

export const OBJECTIONS = /* GraphQL */ `
  query Objections {
    myObjections {
      id version state claimedName program reason filedAt lapsesAt isOverdue decidedAt decisionReason appealedAt appealReason closingReason
      region { name }
      photo { path }
    }
    myRankingObjections { id about state reason filedAt dueAt outcome answer answeredAt }
    objectionTerms { mode days months }
  }
`;

export const ANNOUNCE = /* GraphQL */ `
  mutation Announce($input: AnnounceEvidenceInput!) {
    announceEvidence(input: $input) { id }
  }
`;

export const OBJECT = /* GraphQL */ `
  mutation FileObjection($input: FileObjectionByNameInput!) {
    fileObjectionByName(input: $input) { id }
  }
`;

export const APPEAL = /* GraphQL */ `
  mutation Appeal($input: AppealObjectionInput!) {
    appealObjection(input: $input) { id state }
  }
`;

export const OBJECT_TO_RANKING = /* GraphQL */ `
  mutation ObjectToRanking($input: ObjectToRankingInput!) {
    objectToRanking(input: $input) { id }
  }
`;

export const ACCESSES = /* GraphQL */ `
  query Accesses($representing: ID, $after: String) {
    dataSubject(representing: $representing) {
      accesses(first: 15, after: $after) {
        totalCount
        pageInfo { hasNextPage endCursor }
        nodes {
          at status requests isOfHousehold receipt
          sentence { indonesian english }
          agency { name dpoContact }
          purpose { code name citation }
          agreement
        }
      }
    }
    recordedSince
  }
`;

export const REQUESTS = /* GraphQL */ `
  query Requests($representing: ID) {
    dataSubject(representing: $representing) {
      subjectRequests(first: 50) {
        id number kind state statement receivedAt dueAt clock closedAt outcome refusalReason citation
        controller { name dpoContact }
        restriction { imposedAt liftedAt }
      }
    }
  }
`;

export const FILE_REQUEST = /* GraphQL */ `
  mutation FileRequest($input: FileSubjectRequestInput!) {
    fileSubjectRequest(input: $input) { number dueAt }
  }
`;

export const CANCEL_REQUEST = /* GraphQL */ `
  mutation CancelRequest($number: ID!) {
    cancelSubjectRequest(number: $number) { number state }
  }
`;

export const LIFT_RESTRICTION = /* GraphQL */ `
  mutation LiftRestriction($number: ID!) {
    liftRestriction(number: $number) { number state }
  }
`;

export const WITHDRAW_FROM_REGISTRY = /* GraphQL */ `
  mutation WithdrawFromRegistry {
    withdrawFromRegistry { id revocableUntil }
  }
`;

export const REVOKE_WITHDRAWAL = /* GraphQL */ `
  mutation RevokeWithdrawal {
    revokeWithdrawal { id }
  }
`;

export const WITHDRAW_FROM_PROGRAM = /* GraphQL */ `
  mutation WithdrawFromProgram($input: WithdrawFromProgramInput!) {
    withdrawFromProgram(input: $input) { id revocableUntil }
  }
`;

export const REVOKE_PROGRAM_WITHDRAWAL = /* GraphQL */ `
  mutation RevokeProgramWithdrawal($id: ID!, $version: Int!) {
    revokeProgramWithdrawal(id: $id, version: $version) { id state }
  }
`;

export const REPRESENTED = /* GraphQL */ `
  query Represented {
    represented { id fullName }
  }
`;

export const PURPOSES = /* GraphQL */ `
  query Purposes {
    purposes { code name }
  }
`;
