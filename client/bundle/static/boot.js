/* Decides what a person sees until the app shows its first screen: progress, patience, or what went wrong.
 *
 * First visit: keep every file on the phone, then let the service worker take over, then start. Later visits start at
 * once from what is kept. A version that is ready begins here, before anything of the app was loaded, so the bundle
 * that a page started with stays its bundle.
 */
const lumbungBoot = (() => {
  const TEXTS = {
    id: {
      opening: "Membuka Lumbung…",
      preparing: (done, total, left) =>
        `Menyiapkan Lumbung agar bisa dipakai tanpa sinyal… ${done} dari ${total}\u00a0MB${left && `, ${left}`}`,
      left: ({ seconds, minutes }) => (minutes ? `kira-kira ${minutes} menit lagi` : `kira-kira ${seconds} detik lagi`),
      patience: "Masih membuka Lumbung. Ponsel yang lambat memerlukan waktu lebih lama.",
      tooLong: "Jika terlalu lama, coba lagi.",
      again: "Coba lagi",
      details: "Rincian untuk petugas",
      rescue: "Selamatkan data di ponsel ini",
      back: "Kembali ke versi sebelumnya",
      interrupted:
        "Lumbung belum selesai diunduh karena sambungan terputus. Bagian yang sudah diunduh tetap tersimpan. " +
        "Cari tempat yang ada sinyalnya, lalu coba lagi.",
      unsupported:
        "Peramban ini tidak dapat menyimpan Lumbung untuk dipakai tanpa sinyal. Buka alamat ini (https) " +
        "dengan Chrome versi terbaru, bukan dalam mode samaran.",
      storage: "Tempat penyimpanan di ponsel ini penuh. Hapus beberapa berkas, lalu coba lagi.",
      broken: "Lumbung tidak dapat dimulai. Catatan Anda di ponsel ini tidak dihapus.",
      stopped: "Lumbung berhenti. Catatan yang sudah tersimpan di ponsel ini tidak dihapus.",
    },
    en: {
      opening: "Opening Lumbung…",
      preparing: (done, total, left) =>
        `Preparing Lumbung for use without a signal… ${done} of ${total}\u00a0MB${left && `, ${left}`}`,
      left: ({ seconds, minutes }) =>
        minutes ? `about ${minutes} ${minutes === 1 ? "minute" : "minutes"} left` : `about ${seconds} seconds left`,
      patience: "Still opening Lumbung. A slow phone takes longer.",
      tooLong: "If it takes too long, try again.",
      again: "Try again",
      details: "Details for support",
      rescue: "Rescue the data on this phone",
      back: "Go back to the previous version",
      interrupted:
        "The download of Lumbung stopped because the connection was lost. What has arrived is kept. " +
        "Find a place with a signal, then try again.",
      unsupported:
        "This browser cannot keep Lumbung for use without a signal. Open this address (https) " +
        "with a recent Chrome, not in incognito mode.",
      storage: "The storage of this phone is full. Delete some files, then try again.",
      broken: "Lumbung could not start. Your records on this phone were not deleted.",
      stopped: "Lumbung stopped. Records that were saved on this phone were not deleted.",
    },
  };
  const LANGUAGE_KEY = "lumbung.language";
  const PACE_MS = 15_000;
  const PATIENCE_MS = 20_000;
  const TOO_LONG_MS = 60_000;
  const TAKEOVER_MS = 30_000;

  const language = readLanguage();
  const texts = TEXTS[language];
  const element = (id) => document.getElementById(id);
  const troubles = [];
  let shown = false;
  let failed = false;

  function readLanguage() {
    try {
      return localStorage.getItem(LANGUAGE_KEY) === "en" ? "en" : "id";
    } catch {
      return "id";
    }
  }

  /* The app's language, so that the next start speaks it from the first moment. */
  function rememberLanguage(value) {
    try {
      localStorage.setItem(LANGUAGE_KEY, value);
    } catch (error) {
      console.warn("lumbung: language not kept:", String(error));
    }
  }

  const megabytes = (bytes) =>
    (bytes / 1e6).toLocaleString(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });

  /* How long the rest takes at the pace of the last seconds: {seconds} in fives, or {minutes}; null until it shows. */
  const pace = [];
  function timeLeft(done, total, now = performance.now()) {
    pace.push({ now, done });
    while (pace.length > 2 && now - pace[1].now >= PACE_MS) pace.shift();
    const arrived = done - pace[0].done;
    const passed = now - pace[0].now;
    if (passed < PACE_MS / 5 || arrived <= 0) return null;
    const seconds = ((total - done) * passed) / arrived / 1000;
    return seconds < 58 ? { seconds: Math.max(5, Math.ceil(seconds / 5) * 5) } : { minutes: Math.ceil(seconds / 60) };
  }

  function showProgress(done, total) {
    element("progress").max = total;
    element("progress").value = done;
    const left = timeLeft(done, total);
    element("status").textContent = texts.preparing(megabytes(done), megabytes(total), left ? texts.left(left) : "");
  }

  function showOpening() {
    element("progress").removeAttribute("value");
    element("status").textContent = texts.opening;
  }

  /* A start that takes long says so, and later offers a way on without giving up. */
  function growPatient() {
    setTimeout(() => {
      if (!shown) element("status").textContent = texts.patience;
    }, PATIENCE_MS);
    setTimeout(() => {
      if (shown || failed) return;
      offerAgain(texts.tooLong, troubles.join("\n"));
      offerBack();
      offerRescue();
    }, TOO_LONG_MS);
  }

  function offerAgain(sentence, details) {
    element("failure").hidden = false;
    element("sentence").textContent = sentence;
    element("again").textContent = texts.again;
    element("again").onclick = () => location.reload();
    element("details").hidden = !details;
    element("summary").textContent = texts.details;
    element("raw").textContent = details;
  }

  /* The way back to the version before, while it is kept: the new one may be what does not work. */
  function offerBack() {
    const { previous } = lumbungVersions.kept ?? {};
    if (!previous) return;
    element("back").hidden = false;
    element("back").textContent = texts.back;
    element("back").onclick = async () => {
      await lumbungVersions.begin(previous.version);
      location.reload();
    };
  }

  /* The way to the page that saves the raw data: where the app was there before, and does not come up now. */
  function offerRescue() {
    element("rescue").hidden = false;
    element("rescue").textContent = texts.rescue;
  }

  function showFailure(sentence, details) {
    if (failed) return;
    failed = true;
    element("splash").style.removeProperty("display");
    element("waiting").hidden = true;
    offerAgain(sentence, details ?? "");
  }

  /* The first screen of the app is painted: nothing here is needed any more, unless the app stops later. */
  function showApp() {
    if (shown || failed) return;
    shown = true;
    element("splash").style.display = "none";
    askToKeep();
    lumbungVersions.watch();
  }

  /* Asks the browser never to evict what Lumbung keeps; resolves with its answer. */
  async function askToKeep() {
    try {
      return (await navigator.storage?.persist?.()) ?? false;
    } catch (error) {
      console.warn("lumbung: storage not promised:", String(error));
      return false;
    }
  }

  /* Python could not start, or died; `details` is the raw error. */
  function appFailed(details) {
    offerBack();
    offerRescue();
    showFailure(shown ? texts.stopped : texts.broken, details);
  }

  const isStorageError = (error) => error?.name === "QuotaExceededError";

  async function firstVisit() {
    const response = await fetch("bundle.json", { cache: "no-cache" });
    if (!response.ok) throw new Error(`bundle.json: HTTP ${response.status}`);
    const bundle = await response.json();
    await lumbungFiles.fill(bundle.files, showProgress);
    showOpening();
    const registration = await navigator.serviceWorker.register("sw.js", { updateViaCache: "none" });
    await takenOver(registration);
  }

  /* Resolves when the service worker answers for this page. */
  function takenOver(registration) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("sw.js: no answer")), TAKEOVER_MS);
      const done = () => {
        clearTimeout(timer);
        resolve();
      };
      navigator.serviceWorker.addEventListener("controllerchange", done, { once: true });
      if (navigator.serviceWorker.controller) done();
      const worker = registration.installing ?? registration.waiting ?? registration.active;
      worker.addEventListener("statechange", () => {
        if (worker.state === "redundant") reject(new Error("sw.js: not installed"));
      });
      // A forced reload leaves the page alone although the worker is there.
      registration.active?.postMessage("claim");
    });
  }

  function addScript(source) {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = source;
      script.onload = resolve;
      script.onerror = () => reject(new Error(`${source} could not be loaded`));
      document.head.append(script);
    });
  }

  async function launch() {
    showOpening();
    growPatient();
    // What Flet's web client reads from the page.
    window.flet = {
      pyodide: true,
      multiView: false,
      noCdn: true,
      webSocketEndpoint: "/ws",
      entrypointBaseUrl: "/",
      assetBase: "/",
      routeUrlStrategy: "path",
      canvasKitBaseUrl: "/canvaskit/",
      fontFallbackBaseUrl: "assets/fonts/",
      webRenderer: "canvaskit",
    };
    await addScript("python.js");
    await addScript("pictures.js");
    await addScript("flutter_bootstrap.js");
    const config = {
      multiViewEnabled: false,
      entrypointBaseUrl: flet.entrypointBaseUrl,
      assetBase: flet.assetBase,
      renderer: flet.webRenderer,
      canvasKitBaseUrl: flet.canvasKitBaseUrl,
      fontFallbackBaseUrl: flet.fontFallbackBaseUrl,
    };
    const startEngine = async (initializer) => {
      try {
        const engine = await initializer.initializeEngine(config);
        flet.flutterApp = await engine.runApp();
      } catch (error) {
        appFailed(textOf(error));
      }
    };
    await _flutter.loader.load({ config, onEntrypointLoaded: startEngine });
  }

  const textOf = (error) => String(error?.stack ?? error);

  function watch() {
    // Not every error is fatal; they are shown as details when the app does not come up.
    const note = (error) => troubles.push(textOf(error));
    addEventListener("error", (event) => note(event.error ?? event.message));
    addEventListener("unhandledrejection", (event) => note(event.reason));
    // WebKit restores a page from its history with frame scheduling stopped; only a fresh start paints again.
    addEventListener("pageshow", (event) => {
      if (event.persisted && navigator.vendor.startsWith("Apple")) location.reload();
    });
  }

  async function start() {
    document.documentElement.lang = language;
    element("status").textContent = texts.opening;
    if (!navigator.serviceWorker || !self.caches || !navigator.locks) return showFailure(texts.unsupported);
    watch();
    try {
      if (await lumbungVersions.cameAround()) return location.reload();
      if (!navigator.serviceWorker.controller) await firstVisit();
      else if (await lumbungVersions.renew()) return location.reload();
      await lumbungVersions.know();
    } catch (error) {
      addEventListener("online", () => location.reload());
      return showFailure(isStorageError(error) ? texts.storage : texts.interrupted, String(error));
    }
    try {
      await launch();
    } catch (error) {
      appFailed(textOf(error));
    }
  }

  start();
  return { showApp, appFailed, rememberLanguage, askToKeep, language };
})();
