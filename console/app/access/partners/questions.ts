export const FEED_KEYS = /* GraphQL */ `
  query FeedKeys {
    feedKeys(first: 100) {
      id
      agreement {
        number
      }
      client
      cubes
      label
      madeBy
      madeAt
      expiresAt
      closedAt
    }
  }
`;

export const OPEN_FEED_KEY = /* GraphQL */ `
  mutation OpenFeedKey($input: OpenFeedKeyInput!) {
    openFeedKey(input: $input) {
      key {
        id
      }
      secret
      token
    }
  }
`;

export const CLOSE_FEED_KEY = /* GraphQL */ `
  mutation CloseFeedKey($id: ID!) {
    closeFeedKey(id: $id) {
      id
      closedAt
    }
  }
`;

export const SUBSCRIPTIONS = /* GraphQL */ `
  query EventSubscriptions {
    eventSubscriptions(first: 100) {
      id
      agreement {
        number
      }
      client
      url
      format
      programs
      kinds
      state
      reason
      madeBy
      madeAt
      approvedBy
      version
      attempts
      code
      deliveredAt
      deadEvents(first: 20) {
        id
        code
        attempts
        at
        state
      }
    }
  }
`;

export const SUBSCRIBE = /* GraphQL */ `
  mutation Subscribe($input: SubscribeToEventsInput!) {
    subscribeToEvents(input: $input) {
      id
      state
    }
  }
`;

export const APPROVE_SUBSCRIPTION = /* GraphQL */ `
  mutation ApproveSubscription($id: ID!, $version: Int!) {
    approveEventSubscription(id: $id, version: $version) {
      id
      state
      version
    }
  }
`;

export const PAUSE_SUBSCRIPTION = /* GraphQL */ `
  mutation PauseSubscription($id: ID!, $version: Int!, $reason: String!) {
    pauseEventSubscription(id: $id, version: $version, reason: $reason) {
      id
      state
      version
    }
  }
`;

export const RESUME_SUBSCRIPTION = /* GraphQL */ `
  mutation ResumeSubscription($id: ID!, $version: Int!) {
    resumeEventSubscription(id: $id, version: $version) {
      id
      state
      version
    }
  }
`;

export const REVOKE_SUBSCRIPTION = /* GraphQL */ `
  mutation RevokeSubscription($id: ID!, $version: Int!, $reason: String!) {
    revokeEventSubscription(id: $id, version: $version, reason: $reason) {
      id
      state
      version
    }
  }
`;

export const REDELIVER = /* GraphQL */ `
  mutation Redeliver($id: ID!) {
    redeliverEvents(id: $id) {
      id
      state
    }
  }
`;
