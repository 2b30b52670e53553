/** Scales photos away from the page, so that a tap never waits for one. */

import { prepared } from './scale.js';

const worker = /** @type {any} */ (globalThis);

/** @param {MessageEvent<Blob>} message */
worker.onmessage = async ({ data }) => {
  try {
    const photo = await prepared(data);
    worker.postMessage({ photo }, [photo.bytes, ...(photo.thumb ? [photo.thumb] : [])]);
  } catch (error) {
    worker.postMessage({ error: String(error) });
  }
};
