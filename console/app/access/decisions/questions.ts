export const DESK = /* GraphQL */ `
  query Desk {
    stewardship {
      inbox {
        number
        state
        validFrom
        validTo
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
    }
  }
`;

export const REVIEW = /* GraphQL */ `
  query Review($agreement: ID!, $version: Int!) {
    agreementVersion(agreement: $agreement, version: $version) {
      number
      state
      validFrom
      validTo
      createdAt
      contentSha256
      author {
        id
        name
      }
      agreement {
        number
        title
        dpiaId
        consumer {
          code
          name
        }
        purpose {
          name
          citation
        }
        versions {
          number
          state
        }
      }
      grants {
        selector
        topic
        use
        effect
        clause
        widenReason
      }
      coordinatesOpened {
        owner {
          code
          name
        }
        coordinates
      }
      unboundSlices {
        slice
        dimension
        fields
      }
      approvals {
        owner {
          code
          name
        }
        steward {
          id
          name
        }
        capacity
        decision
        contentSha256
        reason
        opened
        at
      }
      missingApprovals {
        agency {
          code
          name
          dpoContact
        }
        capacity
      }
    }
  }
`;

export const DIFF = /* GraphQL */ `
  query Diff($agreement: ID!, $from: Int, $to: Int!) {
    versionDiff(agreement: $agreement, from: $from, to: $to) {
      from
      to
      widens
      changes {
        kind
        coordinate
        uses
        term
        before {
          indonesian
          english
        }
        after {
          indonesian
          english
        }
        sentence {
          indonesian
          english
        }
      }
    }
  }
`;

export const SENTENCES = /* GraphQL */ `
  query Sentences($agreement: ID!, $version: Int!) {
    versionSentences(agreement: $agreement, version: $version) {
      about
      type
      indonesian
      english
    }
  }
`;

export const SIMULATION = /* GraphQL */ `
  query Simulation($agreement: ID!, $version: Int!, $days: Int!) {
    simulateVersion(agreement: $agreement, version: $version, days: $days) {
      since
      requests
      operations {
        client
        mark
        name
        requests
        newlyDenied
        newlyMasked
        uncovered
        newlyAllowed
      }
      reachBefore {
        scope
        households
        persons
        enrolments
      }
      reachAfter {
        scope
        households
        persons
        enrolments
      }
    }
  }
`;

export const TO_SIGN = /* GraphQL */ `
  query ToSign($agreement: ID!, $version: Int!, $capacity: ApprovalCapacity!, $decision: ApprovalDecision!) {
    agreementVersion(agreement: $agreement, version: $version) {
      number
      toSign(capacity: $capacity, decision: $decision) {
        text
        contentSha256
      }
    }
  }
`;

export const DECIDE = /* GraphQL */ `
  mutation Decide($input: DecideVersionInput!) {
    decideVersion(input: $input) {
      number
      state
    }
  }
`;

export const SUBMIT = /* GraphQL */ `
  mutation Submit($agreement: ID!, $version: Int!) {
    submitVersion(agreement: $agreement, version: $version) {
      number
      state
    }
  }
`;

export const WITHDRAW = /* GraphQL */ `
  mutation Withdraw($agreement: ID!, $version: Int!, $reason: String!) {
    withdrawVersion(agreement: $agreement, version: $version, reason: $reason) {
      number
      state
    }
  }
`;

export const ACTIVATE = /* GraphQL */ `
  mutation Activate($agreement: ID!, $version: Int!, $supersede: Boolean!) {
    activateVersion(agreement: $agreement, version: $version, supersede: $supersede) {
      number
      state
    }
  }
`;

export const MY_KEYS = /* GraphQL */ `
  query MyKeys($id: ID!) {
    stewards(id: $id) {
      id
      keys {
        keyId
        kind
        roles
      }
    }
  }
`;

export const POLICY_FILE = /* GraphQL */ `
  query PolicyFileOf($agreement: ID!, $version: Int!, $format: PolicyFileFormat!) {
    policyFile(agreement: $agreement, version: $version, format: $format) {
      body
      sha256
      signature
    }
  }
`;

export const AGENCIES = /* GraphQL */ `
  query AgencyNames {
    agencies {
      code
      name
    }
  }
`;

export const ENROL = /* GraphQL */ `
  mutation Enrol($input: EnrolStewardInput!) {
    enrolSteward(input: $input) {
      id
      name
      roles
      keys {
        keyId
        kind
        roles
      }
    }
  }
`;

export const RETIRE_KEY = /* GraphQL */ `
  mutation RetireKey($keyId: ID!) {
    retireStewardKey(keyId: $keyId) {
      id
      name
      keys {
        keyId
        kind
        roles
      }
    }
  }
`;

export const STEWARDS = /* GraphQL */ `
  query Stewards {
    stewards {
      id
      name
      agency {
        code
        name
      }
      roles
      keys {
        keyId
        kind
        roles
      }
    }
  }
`;
