export const DUTIES = /* GraphQL */ `
  query Duties {
    myDuties {
      role
      region
    }
    myAidDuties {
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
