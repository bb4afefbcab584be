/* What this page knows of the versions of the app that are kept on the phone, and what it asks of the service worker
 * (sw.js) about them. A page keeps the version that it began with; another one begins when it is loaded anew.
 */
const lumbungVersions = (() => {
  const PATIENCE_MS = 10_000;
  const LOOK_AGAIN_MS = 3_600_000;
  const AROUND_KEY = "lumbung.around";
  let kept = null;
  let looked = 0;

  /* The service worker's answer; null when there is none. */
  function ask(message) {
    return new Promise((resolve) => {
      const worker = navigator.serviceWorker.controller;
      if (!worker) return resolve(null);
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }) => resolve(data);
      setTimeout(resolve, PATIENCE_MS, null);
      worker.postMessage(message, [port2]);
    });
  }

  /* Asks anew what is kept, for this page and for Python. */
  async function know() {
    kept = (await ask({ ask: "kept" })) ?? kept;
    globalThis.lumbungTellPython?.({ versions: kept });
  }

  /* Whether a version that waits begins now, so that the page has to be loaded again. */
  const renew = async () => (await ask({ ask: "renew" })) === true;

  /* Whether the page came around the service worker that there is (a forced reload does), with files of the server: it
   * has to be loaded again, or it would be of two versions. Once is enough: a browser may be told to do so always. */
  async function cameAround() {
    const registration = await navigator.serviceWorker.getRegistration();
    const isOnce = !sessionStorage.getItem(AROUND_KEY);
    if (!navigator.serviceWorker.controller && registration?.active && isOnce) {
      sessionStorage.setItem(AROUND_KEY, "1");
      return true;
    }
    sessionStorage.removeItem(AROUND_KEY);
    return false;
  }

  /* Looks for a newer version; the browser fetches it beside this one. */
  async function look() {
    looked = performance.now();
    try {
      await (await navigator.serviceWorker.getRegistration())?.update();
    } catch (error) {
      console.info("lumbung: no update:", String(error));
    }
  }

  /* Looks now, when the network is back, and from time to time when the app is looked at again. */
  function watch() {
    addEventListener("online", look);
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden && performance.now() - looked > LOOK_AGAIN_MS) look();
    });
    look();
  }

  /* What Python wants: {look}, {reload}, or a question for the service worker, whose answer goes to the port. */
  function act(wish, port) {
    if (wish.look) look();
    else if (wish.reload) location.reload();
    else ask(wish).then((answer) => port?.postMessage(answer));
  }

  navigator.serviceWorker?.addEventListener("message", ({ data }) => {
    if (data?.versions === "changed") know();
  });

  return {
    act,
    cameAround,
    know,
    renew,
    watch,
    get kept() {
      return kept;
    },
    /* Where this page's own version is found, whatever begins meanwhile. */
    get base() {
      return kept ? `/.version/${kept.running.version}/` : "/";
    },
  };
})();
