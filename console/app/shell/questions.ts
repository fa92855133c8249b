export const ME = /* GraphQL */ `
  query Me {
    me {
      client
      agency {
        code
        name
      }
      agreement {
        number
        title
        purpose {
          code
          name
        }
      }
      steward {
        id
        name
        roles
      }
    }
  }
`;

/** Of the agreement it is asked under. */
export const TITLE = /* GraphQL */ `
  query Title {
    me {
      agreement {
        title
      }
    }
  }
`;
