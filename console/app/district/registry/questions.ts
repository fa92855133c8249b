export const OBJECTIONS = /* GraphQL */ `
  query Objections($filter: ObjectionFilter, $after: String) {
    objections(filter: $filter, first: 25, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        id
        version
        state
        mode
        program
        reason
        filedAt
        lapsesAt
        isOverdue
        handler
        decisionReason
        appealReason
        closingReason
        latitude
        longitude
        region {
          code
          name
        }
        claimedName
        candidates {
          id
          claimedName
          household {
            id
            address
          }
        }
        member {
          id
          claimedName
          suffix
          state
          household {
            id
            address
          }
        }
        objector {
          id
          fullName
        }
        photo {
          id
          path
          mediaType
          state
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

export const TAKE_OBJECTION = /* GraphQL */ `
  mutation TakeObjection($id: ID!, $version: Int!) {
    takeObjection(id: $id, version: $version) {
      id
      version
      state
    }
  }
`;

export const IDENTIFY_OBJECTION = /* GraphQL */ `
  mutation IdentifyObjection($id: ID!, $member: ID!) {
    identifyObjection(id: $id, member: $member) {
      id
      version
    }
  }
`;

export const DECIDE_OBJECTION = /* GraphQL */ `
  mutation DecideObjection($input: DecideObjectionInput!) {
    decideObjection(input: $input) {
      id
      version
      state
    }
  }
`;

export const RANKING_OBJECTIONS = /* GraphQL */ `
  query RankingObjections($state: RankingObjectionState, $after: String) {
    rankingObjections(state: $state, first: 25, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        id
        version
        state
        about
        reason
        filedAt
        dueAt
        reviewer
        outcome
        answer
        region {
          code
          name
        }
        member {
          id
          claimedName
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

export const TAKE_RANKING = /* GraphQL */ `
  mutation TakeRanking($id: ID!, $version: Int!) {
    takeRankingObjection(id: $id, version: $version) {
      id
      version
      state
    }
  }
`;

export const ANSWER_RANKING = /* GraphQL */ `
  mutation AnswerRanking($input: AnswerRankingObjectionInput!) {
    answerRankingObjection(input: $input) {
      id
      version
      state
    }
  }
`;

export const QUALITY = /* GraphQL */ `
  query Quality($rule: IntegrityRuleCode!, $region: RegionCode!, $after: String) {
    qualityQueue(rule: $rule, region: $region, first: 25, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        id
        rule
        foundAt
        region {
          code
          name
        }
        member {
          id
          claimedName
          suffix
          relation
          matchStatus
          state
          household {
            id
            address
            surveyedOn
          }
        }
      }
    }
  }
`;

export const RULES = /* GraphQL */ `
  query Rules($region: RegionCode!) {
    integrityRules {
      code
      description
      legalBasis
      severity
    }
    scorecard(region: $region) {
      members
      matchRate
      scoredAt
      breaches {
        rule
        members
      }
    }
  }
`;

export const TO_VALIDATE = /* GraphQL */ `
  query ToValidate {
    candidatesToValidate(first: 100) {
      id
      claimedName
      relation
      matchStatus
      region {
        code
        name
      }
      proposal {
        id
        number
        expiresAt
      }
    }
    membersToValidate(first: 100) {
      id
      claimedName
      suffix
      matchStatus
      household {
        id
        address
        region {
          code
          name
        }
      }
    }
  }
`;

export const NEEDS = /* GraphQL */ `
  query Needs($region: RegionCode, $after: String) {
    needs(region: $region, first: 25, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        id
        version
        kind
        subjectKind
        since
        until
        endReason
        region {
          code
          name
        }
        member {
          id
          claimedName
        }
        group {
          name
          size
        }
        services {
          service
          on
          officer
          note
        }
      }
    }
  }
`;

export const RECORD_SERVICE = /* GraphQL */ `
  mutation RecordService($input: RecordServiceInput!) {
    recordService(input: $input) {
      id
      version
    }
  }
`;

export const END_NEED = /* GraphQL */ `
  mutation EndNeed($input: EndNeedInput!) {
    endNeed(input: $input) {
      id
      version
    }
  }
`;
