export const ALERTS = /* GraphQL */ `
  query WatchAlerts($kind: WatchKind) {
    watchAlerts(kind: $kind, first: 100) {
      id
      at
      kind
      agency {
        name
      }
      client
      agreement {
        number
      }
      detail
      deliveredAt
    }
  }
`;

export const POLICY_ALERTS = /* GraphQL */ `
  query PolicyAlerts {
    alerts(first: 100) {
      at
      kind
      actor
      agreement {
        number
      }
      version
      detail
    }
  }
`;

export const CANARIES = /* GraphQL */ `
  query Canaries {
    canaries {
      person
      plantedBy
      plantedAt
      retiredAt
    }
  }
`;

export const PLANT = /* GraphQL */ `
  mutation PlantCanary($person: ID!) {
    plantCanary(person: $person) {
      person
    }
  }
`;

export const RETIRE = /* GraphQL */ `
  mutation RetireCanary($person: ID!) {
    retireCanary(person: $person) {
      person
    }
  }
`;

export const SANCTIONS = /* GraphQL */ `
  query Sanctions {
    sanctions(first: 100) {
      id
      agency {
        code
        name
      }
      client
      kind
      reason
      decision
      from
      until
      liftedAt
      liftReason
      inForce
    }
    agencies {
      code
      name
    }
  }
`;

export const IMPOSE = /* GraphQL */ `
  mutation ImposeSanction($input: ImposeSanctionInput!) {
    imposeSanction(input: $input) {
      id
    }
  }
`;

export const LIFT = /* GraphQL */ `
  mutation LiftSanction($id: ID!, $reason: String!) {
    liftSanction(id: $id, reason: $reason) {
      id
      liftedAt
    }
  }
`;

export const SEALS = /* GraphQL */ `
  query CaseSeals {
    caseSeals(first: 100) {
      id
      agency {
        code
        name
      }
      disclosure
      until
      decision
      sealedAt
      confirmedAt
      liftedAt
    }
  }
`;

export const SEAL = /* GraphQL */ `
  mutation SealCase($input: SealCaseInput!) {
    sealCase(input: $input) {
      id
    }
  }
`;

export const CONFIRM_SEAL = /* GraphQL */ `
  mutation ConfirmSeal($id: ID!) {
    confirmCaseSeal(id: $id) {
      id
      confirmedAt
    }
  }
`;

export const UNSEAL = /* GraphQL */ `
  mutation UnsealCase($id: ID!, $reason: String!) {
    unsealCase(id: $id, reason: $reason) {
      id
      liftedAt
    }
  }
`;

export const PROCESSING = /* GraphQL */ `
  query ProcessingRegister {
    processingRecords {
      csv
      records {
        number
        title
        version
        controllers {
          name
        }
        processor {
          name
        }
        recipient {
          name
        }
        purpose {
          name
          citation
        }
        categories {
          class
          coordinates
        }
        subjectTypes
        retentionDays
        securityMeasures {
          indonesian
          english
        }
        dpiaId
        needsDpia
        requestsOfYear
      }
    }
  }
`;

export const REPORT = /* GraphQL */ `
  query AccountabilityOf($year: Int!, $month: Int) {
    accountabilityReport(year: $year, month: $month) {
      from
      to
      requests
      refused
      sealed
      refusals {
        code
        requests
      }
      agreements {
        number
        title
        consumer {
          name
        }
        purpose {
          name
        }
        requests
        refused
        fields {
          coordinate
          shown
          masked
          denied
        }
      }
      subjectRequests
      clockBreaches
      lapsedObjections
      breaches
      breachesToldInTime
      csv
    }
  }
`;
