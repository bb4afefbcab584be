/* Answers for the app's files from what is kept on the phone, so that the app starts without a network.
 *
 * The build puts download.js in front of this file and the list of files into BUNDLE. A new version is fetched
 * beside the running one and waits; the page activates it at a start when it is the only open one.
 */
const BUNDLE = __BUNDLE__;
const NEVER_TOUCHED = /^\/(api|schema|katalog|bukti)(\/|$)|^\/(healthz|readyz|sw\.js|bundle\.json)$/;

self.addEventListener("install", (event) => event.waitUntil(lumbungFiles.fill(BUNDLE.files)));

self.addEventListener("activate", (event) => {
  const tidy = async () => {
    // A version that is being fetched or waits has files here too.
    if (!self.registration.installing && !self.registration.waiting) await lumbungFiles.sweep(BUNDLE.files);
    await self.clients.claim();
  };
  event.waitUntil(tidy());
});

self.addEventListener("message", (event) => {
  if (event.data === "claim") event.waitUntil(self.clients.claim());
  if (event.data === "activate-if-alone") event.waitUntil(activateIfAlone(event.ports[0]));
});

async function activateIfAlone(port) {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const alone = pages.length <= 1;
  port.postMessage(alone);
  if (alone) self.skipWaiting();
}

self.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== self.location.origin || NEVER_TOUCHED.test(pathname)) return;
  const name = decodeURIComponent(pathname.slice(1));
  if (name in BUNDLE.files) {
    event.respondWith(answer(name, event.request));
  } else if (mode === "navigate") {
    event.respondWith(answer("index.html", event.request));
  } else if (name.startsWith("assets/fonts/noto")) {
    // Flutter asks without end for the font of a missing letter until somebody answers.
    event.respondWith(new Response(null, { status: 204 }));
  }
});

async function answer(name, request) {
  try {
    return await lumbungFiles.take(name, BUNDLE.files[name]);
  } catch (error) {
    console.warn("lumbung:", String(error));
    return fetch(request);
  }
}
