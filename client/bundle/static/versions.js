/* What this page knows of the versions of the app that are kept on the phone, and what it asks of the service worker
 * (sw.js) about them. A page keeps the version that it began with; another one begins when it is loaded anew.
 */
const lumbungVersions = (() => {
  const PATIENCE_MS = 10_000;
  const LOOK_AGAIN_MS = 3_600_000;
  const CHANGE_MS = 1500;
  const AROUND_KEY = "lumbung.around";
  const UPDATING_KEY = "lumbung.updating";
  const ATTEMPTS = 3;
  let kept = null;
  let looked = 0;

  const after = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds, null));

  /* The answer of the worker in office, or of another one; null when there is none. */
  function ask(message, worker = navigator.serviceWorker.controller) {
    if (!worker) return Promise.resolve(null);
    const { port1, port2 } = new MessageChannel();
    const answer = new Promise((resolve) => (port1.onmessage = ({ data }) => resolve(data)));
    worker.postMessage(message, [port2]);
    return Promise.race([answer, after(PATIENCE_MS)]);
  }

  /* Asks anew what is kept, for this page and for Python. */
  async function know() {
    kept = (await ask({ ask: "kept" })) ?? kept;
    globalThis.lumbungTellPython?.({ versions: kept });
  }

  /* Whether the page came around the service worker that there is (a forced reload does), with files of the server: it
   * has to be loaded again, or it would be of two versions. Once is enough: a browser may be told to do so always. */
  async function cameAround() {
    const registration = await navigator.serviceWorker.getRegistration();
    const isFirst = !sessionStorage.getItem(AROUND_KEY);
    sessionStorage.removeItem(AROUND_KEY);
    if (navigator.serviceWorker.controller || !registration?.active || !isFirst) return false;
    sessionStorage.setItem(AROUND_KEY, "1");
    return true;
  }

  /* Whether the page has to be loaded again before anything of the app is: a version that was ready begins now, or a
   * worker that waited comes into office. */
  async function renew() {
    const began = (await ask({ ask: "renew" })) === true;
    return (await activated()) || began;
  }

  /* The old worker sometimes stays until a page leaves (Chromium checks for idleness only every 30 s), so leaving is part
   * of the change. Starting the app while a change is under way could lose requests: hence the few attempts. */
  async function activated() {
    const waiting = (await navigator.serviceWorker.getRegistration())?.waiting;
    const attempts = Number(sessionStorage.getItem(UPDATING_KEY) ?? 0);
    sessionStorage.removeItem(UPDATING_KEY);
    if (!waiting || attempts >= ATTEMPTS) return false;
    const changed = new Promise((resolve) => {
      navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true });
    });
    if (!(await ask("activate-if-alone", waiting))) return false;
    sessionStorage.setItem(UPDATING_KEY, attempts + 1);
    await Promise.race([changed, after(CHANGE_MS)]);
    return true;
  }

  /* Has a version begin with the next page; false when it is not here as a whole. */
  const begin = (version) => ask({ ask: "begin", version });

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
    begin,
    cameAround,
    know,
    renew,
    watch,
    get kept() {
      return kept;
    },
    /* Where the files of this page's own version are found, whatever begins meanwhile. */
    get base() {
      return kept ? `/.version/${kept.running.version}/` : "/";
    },
  };
})();
