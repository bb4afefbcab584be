/* Saves the raw files of this phone's store into one zip, without the app and without changing any of them.
 *
 * For the day on which the app cannot start: nothing here needs Python, Flutter or a network.
 */
(() => {
  const TEXTS = {
    id: {
      title: "Selamatkan data Lumbung",
      explanation:
        "Halaman ini menyalin semua data Lumbung di ponsel ini ke satu berkas. Data di ponsel tidak diubah dan tidak " +
        "dihapus. Berkas itu memuat catatan dan kunci masuk semua orang yang memakai Lumbung di ponsel ini, jadi kirimkan " +
        "hanya kepada koordinator atau petugas Lumbung.",
      none: "Tidak ada data Lumbung di peramban ini. Buka halaman ini di peramban yang Anda pakai untuk mencatat.",
      found: (count, size) => `Data di ponsel ini: ${count} berkas, ${size}.`,
      failed: "Data Lumbung tidak dapat dibaca. Tutup semua tab Lumbung, lalu muat ulang halaman ini.",
      save: "Simpan semua ke satu berkas",
      busy: "Sedang menyalin…",
      saved: (name, size) => `Tersimpan: ${name} (${size}). Carilah di folder Unduhan (Download).`,
      notSaved: "Belum berhasil disalin. Tutup semua tab Lumbung, sisakan ruang di ponsel, lalu coba lagi.",
      app: "Kembali ke Lumbung",
      other: "English",
    },
    en: {
      title: "Rescue Lumbung's data",
      explanation:
        "This page copies all of Lumbung's data on this phone into one file. Nothing on the phone is changed or " +
        "deleted. The file holds the records and access keys of everybody who uses Lumbung on this phone, so send it " +
        "only to your coordinator or to Lumbung's support.",
      none: "There is no Lumbung data in this browser. Open this page in the browser that you record with.",
      found: (count, size) => `Data on this phone: ${count} files, ${size}.`,
      failed: "Lumbung's data cannot be read. Close all tabs of Lumbung, then reload this page.",
      save: "Save everything to one file",
      busy: "Copying…",
      saved: (name, size) => `Saved: ${name} (${size}). Look for it in the Download folder.`,
      notSaved: "Copying did not work. Close all tabs of Lumbung, make some room on the phone, then try again.",
      app: "Back to Lumbung",
      other: "Bahasa Indonesia",
    },
  };
  const FOLDER = "lumbung";
  const FOLDERS = /^lumbung(-\d+)?$/;
  const LANGUAGE_KEY = "lumbung.language";
  const element = (id) => document.getElementById(id);
  let language = readLanguage();
  let result = () => "";
  let found = [];
  let state = (texts) => texts.busy;

  function readLanguage() {
    try {
      return localStorage.getItem(LANGUAGE_KEY) === "en" ? "en" : "id";
    } catch {
      return "id";
    }
  }

  function readable(bytes) {
    const units = ["B", "KB", "MB", "GB"];
    const step = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
    const digits = { maximumFractionDigits: step ? 1 : 0 };
    return `${(bytes / 1000 ** step).toLocaleString(language, digits)}\u00a0${units[step]}`;
  }

  function draw() {
    const texts = TEXTS[language];
    document.documentElement.lang = language;
    document.title = texts.title;
    for (const id of ["title", "explanation", "save", "app"]) element(id).textContent = texts[id];
    element("language").textContent = texts.other;
    element("state").textContent = state(texts);
    element("result").textContent = result(texts);
    element("save").hidden = found.length === 0;
    element("files").replaceChildren(...found.map(({ name, blob }) => row(name, readable(blob.size))));
  }

  function row(...texts) {
    const line = document.createElement("li");
    for (const text of texts) {
      const cell = document.createElement("span");
      cell.textContent = text;
      line.append(cell);
    }
    return line;
  }

  /* The files as they are now, of all people on this phone: [{name, blob}] by name. Who came first has a folder of the
   * plain name; those of the others have a number behind it, which stands before the names of their files. */
  async function read() {
    const files = [];
    for await (const [name, folder] of (await navigator.storage.getDirectory()).entries()) {
      if (folder.kind !== "directory" || !FOLDERS.test(name)) continue;
      const before = name === FOLDER ? "" : `${name}/`;
      for await (const [own, handle] of folder.entries()) {
        if (handle.kind === "file") files.push({ name: before + own, blob: await handle.getFile() });
      }
    }
    return files.sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  const sizeOf = (files) => files.reduce((sum, { blob }) => sum + blob.size, 0);

  async function look() {
    try {
      found = await read();
      const files = found;
      state = (texts) => (files.length ? texts.found(files.length, readable(sizeOf(files))) : texts.none);
    } catch (error) {
      console.warn("lumbung:", String(error));
      found = [];
      state = (texts) => texts.failed;
    }
    draw();
  }

  async function save() {
    element("save").disabled = true;
    result = (texts) => texts.busy;
    draw();
    try {
      // The app may have written since the page was opened.
      await look();
      const now = new Date();
      const packed = await lumbungZip.pack(found, now);
      const name = `lumbung-mentah-${now.toISOString().slice(0, 19).replaceAll(":", "").replace("T", "-")}.zip`;
      download(name, packed);
      result = (texts) => texts.saved(name, readable(packed.size));
    } catch (error) {
      console.warn("lumbung:", String(error));
      result = (texts) => texts.notSaved;
    }
    element("save").disabled = false;
    draw();
  }

  function download(name, content) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(content);
    link.download = name;
    link.click();
    // The browser reads it in its own time.
    setTimeout(() => URL.revokeObjectURL(link.href), 600_000);
  }

  element("save").addEventListener("click", save);
  element("language").addEventListener("click", () => {
    language = language === "id" ? "en" : "id";
    draw();
  });
  draw();
  look();
})();
