/** A zip of stored (uncompressed) files: photos are compressed already. Source: PKWARE APPNOTE 6.3.10. */

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k += 1) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
  return c;
});

/** @param {Uint8Array} bytes */
export function crc32(bytes) {
  let c = 0xffffffff;
  for (const byte of bytes) c = (c >>> 8) ^ TABLE[(c ^ byte) & 0xff];
  return (c ^ 0xffffffff) >>> 0;
}

/**
 * Little-endian fields, two or four bytes each.
 * @param {[number, number][]} fields pairs of value and width
 */
function packed(fields) {
  const bytes = new Uint8Array(fields.reduce((sum, [, width]) => sum + width, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [value, width] of fields) {
    if (width === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += width;
  }
  return bytes;
}

const DOS_DATE = ((2026 - 1980) << 9) | (1 << 5) | 1;
const UTF8 = 0x0800;

/** Writes one entry after another; nothing but names, sums and places is kept. */
export class ZipWriter {
  constructor() {
    /** @type {{name: Uint8Array, crc: number, size: number, at: number}[]} */
    this.entries = [];
    this.at = 0;
  }

  /**
   * What stands before the file's own bytes.
   * @param {string} path
   * @param {Uint8Array} bytes
   * @returns {Uint8Array<ArrayBuffer>[]}
   */
  header(path, bytes) {
    const name = new TextEncoder().encode(path);
    const entry = { name, crc: crc32(bytes), size: bytes.length, at: this.at };
    this.entries.push(entry);
    const head = packed([[0x04034b50, 4], [20, 2], ...common(entry)]);
    this.at += head.length + name.length + bytes.length;
    return [head, name];
  }

  /** The directory at the end. @returns {Uint8Array<ArrayBuffer>[]} */
  end() {
    const start = this.at;
    const parts = this.entries.flatMap((entry) => {
      const fixed = packed([
        [0x02014b50, 4],
        [20, 2],
        [20, 2],
        ...common(entry),
        [0, 2],
        [0, 2],
        [0, 2],
        [0, 4],
        [entry.at, 4],
      ]);
      this.at += fixed.length + entry.name.length;
      return [fixed, entry.name];
    });
    const count = this.entries.length;
    const tail = packed([
      [0x06054b50, 4],
      [0, 2],
      [0, 2],
      [count, 2],
      [count, 2],
      [this.at - start, 4],
      [start, 4],
      [0, 2],
    ]);
    return /** @type {Uint8Array<ArrayBuffer>[]} */ ([...parts, tail]);
  }
}

/**
 * The fields that both headers of an entry share.
 * @param {{name: Uint8Array, crc: number, size: number}} entry
 * @returns {[number, number][]}
 */
function common({ name, crc, size }) {
  return [
    [UTF8, 2],
    [0, 2],
    [0, 2],
    [DOS_DATE, 2],
    [crc, 4],
    [size, 4],
    [size, 4],
    [name.length, 2],
    [0, 2],
  ];
}

/**
 * Where each stored file lies.
 * @param {Uint8Array} bytes the whole zip
 * @returns {Map<string, Uint8Array>} views into the same bytes
 * @throws {RangeError} when it is not a whole zip of stored files
 */
export function unzipped(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = endOfDirectory(view);
  const files = new Map();
  let at = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0; left -= 1) {
    const [path, file, next] = entryAt(bytes, view, at);
    files.set(path, file);
    at = next;
  }
  return files;
}

/** @param {DataView} view */
function endOfDirectory(view) {
  for (let at = view.byteLength - 22; at >= 0; at -= 1) {
    if (view.getUint32(at, true) === 0x06054b50) return at;
  }
  throw new RangeError('not a zip');
}

/**
 * @param {Uint8Array} bytes
 * @param {DataView} view
 * @param {number} at
 * @returns {[string, Uint8Array, number]} path, bytes, where the next entry begins
 */
function entryAt(bytes, view, at) {
  const stored = view.getUint32(at, true) === 0x02014b50 && view.getUint16(at + 10, true) === 0;
  if (!stored) throw new RangeError('damaged or compressed');
  const [size, nameLength] = [view.getUint32(at + 24, true), view.getUint16(at + 28, true)];
  const [extra, comment] = [view.getUint16(at + 30, true), view.getUint16(at + 32, true)];
  const local = view.getUint32(at + 42, true);
  const from = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  const path = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
  const file = bytes.subarray(from, from + size);
  if (file.length !== size || crc32(file) !== view.getUint32(at + 16, true))
    throw new RangeError('damaged');
  return [path, file, at + 46 + nameLength + extra + comment];
}
