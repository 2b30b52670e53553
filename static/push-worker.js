/* Shows what the server tells while no page is open. Nothing is kept here. */

self.addEventListener('push', (event) => {
  const { title, body, url } = event.data.json();
  const options = { body, data: { url }, tag: url };
  event.waitUntil(self.registration.showNotification(title, options));
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(open(new URL(event.notification.data.url, self.location.origin)));
});

/** A page of ours that is open already leads there; else a new one does. */
async function open(address) {
  if (address.origin !== self.location.origin) return;
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const page = pages.find((each) => !new URL(each.url).pathname.startsWith('/field/'));
  if (page) {
    await page.focus();
    await page.navigate(address.href).catch(() => self.clients.openWindow(address.href));
  } else await self.clients.openWindow(address.href);
}
