export const CASES = /* GraphQL */ `
  query PaymentCases($filter: PaymentCaseFilter!, $after: String, $names: Boolean!) {
    paymentCases(filter: $filter, first: 25, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        id
        program
        region {
          code
          name
        }
        person {
          id
          fullName @include(if: $names)
        }
        payment {
          id
          version
          period
          amount
          state
          channel
          heldFor
          failure {
            code
            office
            remedy
            remedyInEnglish
            bring
            bringInEnglish
            usualDays
            source
          }
          history {
            act
            from
            to
            at
            actor
            reason
          }
        }
      }
    }
  }
`;

export const MOVE = /* GraphQL */ `
  mutation MovePayment($input: MovePaymentInput!) {
    movePayment(input: $input) {
      id
      version
      state
    }
  }
`;

export const DIFFERENCES = /* GraphQL */ `
  query PaymentDifferences($filter: PaymentDifferenceFilter, $after: String) {
    paymentDifferences(filter: $filter, first: 25, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        id
        version
        kind
        channel
        line
        amountKnown
        amountTold
        payment
        settledAt
        settledBy
        settledBecause
      }
    }
  }
`;

export const SETTLE = /* GraphQL */ `
  mutation SettleDifference($input: SettlePaymentDifferenceInput!) {
    settlePaymentDifference(input: $input) {
      id
      version
    }
  }
`;

export const FAILURES = /* GraphQL */ `
  query PaymentFailures {
    paymentFailures {
      code
      office
      remedy
      remedyInEnglish
      bring
      bringInEnglish
      usualDays
      source
    }
  }
`;

const WHY = /* GraphQL */ `
  fragment Why on StepExplanation {
    state
    today
    reasons
    usualDays
    waiting
    text {
      indonesian
      english
    }
    remedy {
      indonesian
      english
    }
    bring {
      indonesian
      english
    }
  }
`;

export const TRACE = /* GraphQL */ `
  query PaymentTrace($person: ID!, $program: ProgramCode!, $period: String!) {
    paymentTrace(person: $person, program: $program, period: $period) {
      id
      outcome
      paidOn
      stoppedAt
      isDrawnByAnother
      sentence {
        indonesian
        english
      }
      person {
        id
        fullName
      }
      steps {
        step
        state
        office
      }
      registry {
        ...Why
      }
      match {
        ...Why
      }
      rank {
        ...Why
      }
      exclusion {
        ...Why
      }
      component {
        ...Why
      }
      quota {
        ...Why
      }
      decree {
        ...Why
      }
      account {
        ...Why
      }
      treasury {
        ...Why
      }
      order {
        ...Why
      }
      release {
        ...Why
      }
      credit {
        ...Why
      }
      transaction {
        ...Why
      }
    }
  }
  ${WHY}
`;
