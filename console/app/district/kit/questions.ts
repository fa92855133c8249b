export const DUTIES = /* GraphQL */ `
  query Duties($registry: Boolean!, $aid: Boolean!) {
    myDuties @include(if: $registry) {
      role
      region
    }
    myAidDuties @include(if: $aid) {
      role
      region
      program
    }
  }
`;

export const REGIONS = /* GraphQL */ `
  query RegionsBelow($parent: RegionCode) {
    regions(parent: $parent, first: 100) {
      nodes {
        code
        name
      }
    }
  }
`;

export const ANNOUNCE = /* GraphQL */ `
  mutation Announce($input: AnnounceEvidenceInput!) {
    announceEvidence(input: $input) {
      id
      sha256
    }
  }
`;

export const HOUSEHOLDS = /* GraphQL */ `
  query HouseholdsBelow($region: RegionCode, $after: String) {
    households(filter: { region: $region }, first: 25, after: $after) {
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        id
        address
        region {
          code
          name
        }
        members {
          id
          suffix
          relation
          claimedName
          state
          family {
            id
            registryNumber
          }
        }
      }
    }
  }
`;
