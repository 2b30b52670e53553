/** A photo made small: 1600 px on the long side, turned upright, without what the camera wrote into it. */

const LONG_SIDE = 1600;
const THUMB_SIDE = 176;
const QUALITY = 0.8;

/** @typedef {{bytes: ArrayBuffer, type: string, thumb: ArrayBuffer | null, sha256: string}} Photo */

/**
 * @param {number} width
 * @param {number} height
 * @param {number} side
 */
export function fitted(width, height, side) {
  const factor = Math.min(1, side / Math.max(width, height));
  return {
    width: Math.max(1, Math.round(width * factor)),
    height: Math.max(1, Math.round(height * factor)),
  };
}

/**
 * @param {Blob} file
 * @returns {Promise<Photo>} the original bytes when this browser cannot read the picture
 */
export async function prepared(file) {
  const picture = await decoded(file);
  if (!picture) return sealed(await file.arrayBuffer(), file.type || 'image/jpeg', null);
  const bytes = await drawn(picture, LONG_SIDE, QUALITY);
  const thumb = await drawn(picture, THUMB_SIDE, 0.6);
  picture.close();
  return sealed(bytes, 'image/jpeg', thumb);
}

/**
 * @param {Blob} file
 * @returns {Promise<ImageBitmap | null>}
 */
async function decoded(file) {
  try {
    return await createImageBitmap(file, { imageOrientation: 'from-image' });
  } catch {
    return null; // HEIC outside Apple, for one: the server can read it
  }
}

/**
 * @param {ImageBitmap} picture
 * @param {number} side
 * @param {number} quality
 */
async function drawn(picture, side, quality) {
  const { width, height } = fitted(picture.width, picture.height, side);
  const canvas = canvasOf(width, height);
  const pen = /** @type {CanvasRenderingContext2D} */ (
    canvas.getContext('2d', { alpha: false })
  );
  pen.imageSmoothingQuality = 'high';
  pen.drawImage(picture, 0, 0, width, height);
  return (await asJpeg(canvas, quality)).arrayBuffer();
}

/** @param {number} width @param {number} height @returns {HTMLCanvasElement | OffscreenCanvas} */
function canvasOf(width, height) {
  if (typeof OffscreenCanvas === 'function') return new OffscreenCanvas(width, height);
  return Object.assign(document.createElement('canvas'), { width, height });
}

/**
 * @param {HTMLCanvasElement | OffscreenCanvas} canvas
 * @param {number} quality
 * @returns {Promise<Blob>}
 */
async function asJpeg(canvas, quality) {
  if ('convertToBlob' in canvas) return canvas.convertToBlob({ type: 'image/jpeg', quality });
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error('no picture'))),
      'image/jpeg',
      quality,
    );
  });
}

/**
 * @param {ArrayBuffer} bytes
 * @param {string} type
 * @param {ArrayBuffer | null} thumb
 */
async function sealed(bytes, type, thumb) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return { bytes, type, thumb, sha256 };
}
