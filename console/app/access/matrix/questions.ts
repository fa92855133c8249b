export const MATRIX = /* GraphQL */ `
  query AccessMatrix($use: String!) {
    accessMatrix(use: $use) {
      coordinates {
        coordinate
        description
        class
        topic
        owners {
          code
        }
      }
      agreements {
        agreement {
          number
          title
          version
          state
          consumer {
            code
            name
          }
          purpose {
            name
          }
        }
        groups {
          effect
          positions
        }
      }
    }
  }
`;

export const GRANTS = /* GraphQL */ `
  query GrantsOf($agreement: ID!, $version: Int!) {
    agreementVersion(agreement: $agreement, version: $version) {
      grants {
        selector
        topic
        use
        effect
        mask
        thresholds {
          argument
          values
        }
        clause
        widenReason
        home
        elsewhere
      }
    }
  }
`;
