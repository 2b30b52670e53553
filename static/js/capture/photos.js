/** From the camera's file to bytes on the disk, one photo at a time. */

import { withPhoto } from '../lib/document.js';
import { changeAudit, photoKey, thumbKey } from '../offline/audits.js';
import { prepared } from './scale.js';

/** @typedef {import('./scale.js').Photo} Photo */

/** @type {Promise<unknown>} */
let before = Promise.resolve();

/**
 * @param {File} file
 * @returns {Promise<Photo>}
 */
function scaled(file) {
  if (typeof OffscreenCanvas !== 'function' || typeof Worker !== 'function')
    return prepared(file);
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
    const here = () => {
      worker.terminate();
      prepared(file).then(resolve, reject);
    };
    worker.onmessage = ({ data }) => {
      if (!data.photo) return here();
      worker.terminate();
      resolve(data.photo);
    };
    worker.onerror = here;
    worker.postMessage(file);
  });
}

/**
 * Store one photo with its place in the document; resolves when it has been read back.
 * @param {string} audit
 * @param {File} file
 * @param {{item: string | null, source: 'camera' | 'album', position?: import('../lib/types.js').Position}} about
 */
export function keepPhoto(audit, file, about) {
  const work = before.then(() => store(audit, file, about));
  before = work.catch(() => {});
  return work;
}

/**
 * @param {string} audit
 * @param {File} file
 * @param {{item: string | null, source: 'camera' | 'album', position?: import('../lib/types.js').Position}} about
 */
async function store(audit, file, { item, source, position }) {
  const { bytes, type, thumb, sha256 } = await scaled(file);
  const taken =
    source === 'album' && file.lastModified ? new Date(file.lastModified) : new Date();
  const about = {
    sha256,
    bytes: bytes.byteLength,
    type,
    taken_at: taken.toISOString(),
    source,
  };
  const photo = { ...about, ...(item ? { item } : {}), ...(position ? { position } : {}) };
  const photos = [{ key: photoKey(audit, sha256), value: bytes }];
  if (thumb) photos.push({ key: thumbKey(audit, sha256), value: thumb });
  return changeAudit(audit, (document) => withPhoto(document, photo), { photos });
}
