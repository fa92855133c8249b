export const PROPOSE_PBI = /* GraphQL */ `
  mutation ProposePbi($input: ProposePbiInput!) {
    proposePbi(input: $input) {
      id
      version
      state
    }
  }
`;

export const PBI_MEMBERS = /* GraphQL */ `
  query PbiMembers($region: RegionCode, $state: EnrolmentState, $after: String, $names: Boolean!) {
    pbiMemberships(region: $region, state: $state, first: 25, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        id
        state
        startedOn
        region {
          code
          name
        }
        person {
          id
          fullName @include(if: $names)
        }
      }
    }
  }
`;

export const PBI_CANDIDATES = /* GraphQL */ `
  query PbiCandidates($region: RegionCode!, $after: String) {
    eligibilityList(program: PBI_JK, region: $region, first: 25, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        id
        isEligible
        decile
        reasons {
          code
        }
        region {
          code
          name
        }
        person {
          id
          fullName
        }
      }
    }
  }
`;
