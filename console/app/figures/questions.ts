export const GROUND = /* GraphQL */ `
  query Ground {
    cubes {
      code
      owner
      unit
      depth
      dimensions {
        name
        codes
        hasTotal
      }
      hasTotal
      isPublic
      isOfficial
      refresh
      releases {
        period
        asOf
        isFinal
      }
    }
    me {
      agreement {
        number
        regions
      }
    }
  }
`;

export const CELLS = /* GraphQL */ `
  query Cells(
    $cube: CubeCode!
    $region: RegionCode
    $level: StatisticsLevel
    $from: String
    $to: String
    $dimensions: [String!]
    $filter: [StatisticsFilter!]
  ) {
    statistics(
      cube: $cube
      region: $region
      level: $level
      from: $from
      to: $to
      dimensions: $dimensions
      filter: $filter
      first: 10000
    ) {
      nodes {
        period
        regionCode
        region {
          name
        }
        key
        units
        persons
        total
        isSuppressed
        asOf
      }
      pageInfo {
        hasNextPage
      }
    }
  }
`;

export const REGION = /* GraphQL */ `
  query RegionAndBelow($region: RegionCode!) {
    region(code: $region) {
      name
      parent {
        name
        parent {
          name
          parent {
            name
          }
        }
      }
    }
    regions(parent: $region, first: 100) {
      nodes {
        code
        name
      }
    }
  }
`;

export const PROVINCES = /* GraphQL */ `
  query Provinces {
    regions(first: 100) {
      nodes {
        code
        name
      }
    }
  }
`;

export const RECONCILIATION = /* GraphQL */ `
  query Reconciliation {
    reconciliation {
      code
      cube
      key
      regionCode
      published
      publishedAsOf
      source
      ours
      period
      difference
      perMille
    }
  }
`;
