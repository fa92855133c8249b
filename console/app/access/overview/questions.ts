export const OVERVIEW = /* GraphQL */ `
  query AccessOverview {
    stewardship {
      inbox {
        number
        createdAt
        author {
          name
        }
        agreement {
          number
          title
          consumer {
            name
          }
        }
        missingApprovals {
          agency {
            code
          }
          capacity
        }
      }
      expiring {
        withinDays
        version {
          number
          validTo
          agreement {
            number
            title
          }
        }
      }
      pendingFields {
        coordinate
        since
        version {
          number
          agreement {
            number
          }
        }
      }
    }
    alerts(first: 20) {
      at
      kind
      actor
      detail
      version
      agreement {
        number
      }
    }
    accessRequests(first: 50) {
      id
      state
      createdAt
      justification
      agency {
        name
      }
      purpose {
        name
      }
    }
    agreements {
      number
      title
      version
      state
      validTo
      reportDue
      suspendsOn
      quotaToday {
        used
        limit
      }
    }
  }
`;
