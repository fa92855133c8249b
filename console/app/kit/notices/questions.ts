export const NOTICES = /* GraphQL */ `
  query SchemaNotices {
    schemaNotices(first: 50) {
      id
      severity
      effectiveOn
      sentAt
      acknowledgedBy
      acknowledgedAt
      agreement {
        number
      }
      changes {
        coordinate
        severity
        sentence {
          indonesian
          english
        }
        advice {
          indonesian
          english
        }
        documents
      }
    }
  }
`;

export const ACKNOWLEDGE = /* GraphQL */ `
  mutation AcknowledgeSchemaNotice($id: ID!) {
    acknowledgeSchemaNotice(id: $id) {
      id
      acknowledgedBy
      acknowledgedAt
    }
  }
`;
