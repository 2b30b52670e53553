const PATIENCE_MS = 12_000;

/**
 * One reading, at the door.
 * @returns {Promise<import('../lib/types.js').Position | 'refused' | 'unknown'>}
 */
export function readPosition() {
  return new Promise((resolve) => {
    if (!navigator.geolocation) {
      resolve('unknown');
      return;
    }
    navigator.geolocation.getCurrentPosition(
      ({ coords, timestamp }) =>
        resolve({
          lat: Number(coords.latitude.toFixed(6)),
          lon: Number(coords.longitude.toFixed(6)),
          accuracy_m: Math.round(coords.accuracy),
          at: new Date(timestamp).toISOString(),
        }),
      ({ code }) => resolve(code === 1 ? 'refused' : 'unknown'),
      { enableHighAccuracy: true, timeout: PATIENCE_MS, maximumAge: 60_000 },
    );
  });
}
