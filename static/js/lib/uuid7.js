/**
 * A UUIDv7: sorts by the time it was made. Source: RFC 9562, 5.7.
 * @param {number} milliseconds since 1970
 * @param {Uint8Array} random ten random bytes
 */
export function uuid7(milliseconds, random) {
  const bytes = new Uint8Array(16);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(Math.trunc(milliseconds)) << 16n);
  bytes.set(random.subarray(0, 10), 6);
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
