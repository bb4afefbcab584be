/* Connects Flet's web client (Dart) with Python in a worker.
 *
 * Dart calls jsConnect, jsSend and jsDisconnect. The worker is started right away, so that Python gets ready while
 * Flutter does; the first screen counts as shown when Flutter painted and Python has answered.
 */
(() => {
  const workers = new Map();
  const running = new WeakSet();
  let prepared = newWorker();
  const painted = new Promise((resolve) => addEventListener("flutter-first-frame", resolve, { once: true }));

  function newWorker() {
    const worker = new Worker(`${lumbungVersions.base}python-worker.js`, { type: "module" });
    // Before the app runs this means that the script could not be loaded; errors of Python arrive as messages.
    worker.onerror = (event) => {
      if (!running.has(worker)) lumbungBoot.appFailed(event.message ?? "python-worker.js could not be loaded");
    };
    return worker;
  }

  async function showAppSoon() {
    await painted;
    requestAnimationFrame(() => requestAnimationFrame(() => lumbungBoot.showApp()));
  }

  globalThis.jsConnect = (appId, args, dartOnMessage) =>
    new Promise((resolve, reject) => {
      const worker = prepared ?? newWorker();
      prepared = null;
      workers.set(appId, worker);
      worker.onmessage = ({ data, ports }) => {
        if (data instanceof Uint8Array) return dartOnMessage(data);
        if (data.connected) {
          running.add(worker);
          resolve();
        }
        if (data.ready) showAppSoon();
        if (data.language) lumbungBoot.rememberLanguage(data.language);
        if (data.versions) lumbungVersions.act(data.versions, ports[0]);
        if (data.askToKeep) lumbungBoot.askToKeep().then((kept) => ports[0].postMessage(kept));
        if (data.failed) {
          lumbungBoot.appFailed(data.failed);
          reject(new Error(data.failed));
        }
      };
      const { language } = lumbungBoot;
      worker.postMessage({ args, documentUrl: document.URL, language, versions: lumbungVersions.kept });
    });

  globalThis.lumbungTellPython = (message) => workers.forEach((worker) => worker.postMessage(message));

  /* The page is about to go: what was typed last must be saved now. The first of these events leaves most time. */
  const tellLeaving = () => lumbungTellPython({ leaving: true });
  addEventListener("beforeunload", tellLeaving);
  addEventListener("pagehide", tellLeaving);
  document.addEventListener("visibilitychange", () => document.hidden && tellLeaving());

  /* The app is being used: told in half a minute once at most. A PIN is asked for after ten minutes without. */
  const BETWEEN_MS = 30_000;
  let told = -BETWEEN_MS;
  const tellUse = () => {
    const now = performance.now();
    if (now - told < BETWEEN_MS) return;
    told = now;
    lumbungTellPython({ used: true });
  };
  for (const name of ["pointerdown", "keydown", "wheel"]) addEventListener(name, tellUse, { capture: true, passive: true });

  globalThis.jsSend = async (appId, data) => {
    workers.get(appId)?.postMessage(data, [data.buffer]);
  };

  globalThis.jsDisconnect = async (appId) => {
    workers.get(appId)?.terminate();
    workers.delete(appId);
  };
})();
