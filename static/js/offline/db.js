/** The phone's own database. The only place that names indexedDB. */

const NAME = 'field';
const VERSION = 1;

/** Something could not be written or read; the auditor must be told at once. */
export class StorageError extends Error {
  /** @param {unknown} cause */
  constructor(cause) {
    super(cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause), {
      cause,
    });
    this.name = 'StorageError';
    this.isFull = cause instanceof DOMException && cause.name === 'QuotaExceededError';
  }
}

/** @type {Promise<IDBDatabase> | null} */
let opened = null;

/** @param {IDBDatabase} database */
function upgrade(database) {
  database.createObjectStore('bundle');
  database.createObjectStore('forms');
  database.createObjectStore('audits', { keyPath: 'id' });
  database.createObjectStore('photos');
  database.createObjectStore('outbox', { keyPath: 'audit' });
  database.createObjectStore('log', { autoIncrement: true });
}

/** @returns {Promise<IDBDatabase>} */
function open() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => upgrade(request.result);
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const database = request.result;
      database.onclose = forget;
      database.onversionchange = () => {
        database.close();
        forget();
      };
      resolve(database);
    };
  });
  opened.catch(forget);
  return opened;
}

function forget() {
  opened = null;
}

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
function answered(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/**
 * A store whose requests are promises; await nothing else inside a transaction.
 * @param {IDBObjectStore} store
 */
function promised(store) {
  return {
    /** @param {IDBValidKey} key @returns {Promise<any>} */
    get: (key) => answered(store.get(key)),
    /** @param {IDBKeyRange} [range] @returns {Promise<any[]>} */
    all: (range) => answered(store.getAll(range)),
    /** @param {IDBKeyRange} [range] @returns {Promise<IDBValidKey[]>} */
    keys: (range) => answered(store.getAllKeys(range)),
    /** @param {unknown} value @param {IDBValidKey} [key] */
    put: (value, key) => answered(store.put(value, key)),
    /** @param {IDBValidKey | IDBKeyRange} key */
    drop: (key) => answered(store.delete(key)),
  };
}

/** @typedef {ReturnType<typeof promised>} Store */

/**
 * @template T
 * @param {string[]} names
 * @param {IDBTransactionMode} mode
 * @param {(store: (name: string) => Store) => Promise<T>} work
 * @returns {Promise<T>} settled when the transaction is complete, not before
 */
async function transact(names, mode, work) {
  const database = await open();
  const transaction = database.transaction(names, mode, { durability: 'strict' });
  const done = new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(undefined);
    transaction.onabort = () =>
      reject(transaction.error ?? new DOMException('aborted', 'AbortError'));
  });
  done.catch(() => {});
  try {
    const result = await work((name) => promised(transaction.objectStore(name)));
    await done;
    return result;
  } catch (error) {
    abort(transaction);
    throw error;
  }
}

/** @param {IDBTransaction} transaction */
function abort(transaction) {
  try {
    transaction.abort();
  } catch {
    // it had ended by itself
  }
}

/** @param {unknown} error iOS closes the connection of a sleeping page; a new one works. */
function isConnectionLost(error) {
  return (
    error instanceof DOMException && ['InvalidStateError', 'UnknownError'].includes(error.name)
  );
}

/**
 * @template T
 * @param {() => Promise<T>} attempt
 * @returns {Promise<T>}
 */
async function twice(attempt) {
  try {
    return await attempt();
  } catch (error) {
    if (!isConnectionLost(error)) throw new StorageError(error);
    forget();
  }
  try {
    return await attempt();
  } catch (error) {
    throw new StorageError(error);
  }
}

/**
 * @template T
 * @param {string[]} names
 * @param {(store: (name: string) => Store) => Promise<T>} work
 */
export const read = (names, work) => twice(() => transact(names, 'readonly', work));

/**
 * All or nothing, on the disk when it resolves.
 * @template T
 * @param {string[]} names
 * @param {(store: (name: string) => Store) => Promise<T>} work
 */
export const write = (names, work) => twice(() => transact(names, 'readwrite', work));

/** @param {string} prefix every key that begins with it */
export const under = (prefix) => IDBKeyRange.bound(prefix, `${prefix}\uffff`);

/** @param {string} key @returns {Promise<any>} */
export const recall = (key) => read(['bundle'], (store) => store('bundle').get(key));

/** @param {string} key @param {unknown} value */
export const remember = (key, value) =>
  write(['bundle'], (store) => store('bundle').put(value, key));

/**
 * One line for the page "my phone"; the last 200 are kept. Never stops what it reports on.
 * @param {string} what
 * @param {string} [detail]
 */
export async function log(what, detail = '') {
  const line = { at: new Date().toISOString(), what, detail };
  await write(['log'], async (store) => {
    const key = await store('log').put(line);
    await store('log').drop(IDBKeyRange.upperBound(Number(key) - 200));
  }).catch(() => {});
}
