const EARTH_M = 6_371_008.8;

/**
 * Great-circle distance in metres.
 * @param {{lat: number, lon: number}} a
 * @param {{lat: number, lon: number}} b
 */
export function distanceMetres(a, b) {
  const [p, q] = [a.lat, b.lat].map((degrees) => (degrees * Math.PI) / 180);
  const half = Math.sin((q - p) / 2) ** 2;
  const turn = Math.sin(((b.lon - a.lon) * Math.PI) / 360) ** 2;
  return 2 * EARTH_M * Math.asin(Math.sqrt(half + Math.cos(p) * Math.cos(q) * turn));
}
