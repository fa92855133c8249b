/** A private key that signs in this browser and leaves it never: not even this page can read it. */
export interface HeldKey {
  readonly keyId: string;
  readonly steward: string;
  /** SubjectPublicKeyInfo, DER as base64url: what an operator enrols. */
  readonly publicKey: string;
  readonly key: CryptoKey;
}

const [DATABASE, STORE] = ["hub-console", "steward-keys"];

/** Keys of one steward that this browser holds. */
export async function keysHeldBy(steward: string): Promise<readonly HeldKey[]> {
  const all = await inStore<HeldKey[]>("readonly", (store) => store.getAll());
  return all.filter((held) => held.steward === steward);
}

export const holdKey = (key: HeldKey): Promise<IDBValidKey> => inStore("readwrite", (store) => store.put(key));
export const forgetKey = (keyId: string): Promise<undefined> => inStore("readwrite", (store) => store.delete(keyId));

async function inStore<Result>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<Result>): Promise<Result> {
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: "keyId" });
  const database = await settled(opening);
  try {
    return await settled(work(database.transaction(STORE, mode).objectStore(STORE)));
  } finally {
    database.close();
  }
}

const settled = <Result>(request: IDBRequest<Result>): Promise<Result> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("the browser's database failed"));
  });
