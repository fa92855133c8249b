/** Messages of the DCI standard that are answered later, and how one of them stands. */
export const DCI_ACTIONS = ["search", "subscribe", "unsubscribe", "txn-status"] as const;
export const DCI_STATES = ["waiting", "queued", "running", "delivered", "expired", "failed"] as const;
