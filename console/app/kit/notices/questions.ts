const TOLD = /* GraphQL */ `
  fragment NoticeTold on SchemaNotice {
    id
    severity
    effectiveOn
    sentAt
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
    }
  }
`;

/** What everybody under the agreement is told. */
export const NOTICES = /* GraphQL */ `
  query SchemaNotices {
    schemaNotices(first: 50) {
      ...NoticeTold
    }
  }
  ${TOLD}
`;

/** And what its stewards are: who acknowledged it, which documents it touches. */
export const STEWARDS_NOTICES = /* GraphQL */ `
  query SchemaNoticesOfStewards {
    schemaNotices(first: 50) {
      ...NoticeTold
      acknowledgedBy
      changes {
        documents
      }
    }
  }
  ${TOLD}
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
