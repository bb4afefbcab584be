/* Packs files into a zip without compressing them. Nothing is held in memory but what describes them: the browser
 * takes the bytes from where they lie when the zip is read.
 */
const lumbungZip = (() => {
  const LOCAL = 0x04034b50;
  const CENTRAL = 0x02014b50;
  const END = 0x06054b50;
  const VERSION = 20;
  const UTF8 = 0x0800;
  const LONGEST = 0xffffffff;
  const CRC = new Uint32Array(256).map((_, byte) => {
    let value = byte;
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
    return value;
  });

  async function checksum(blob) {
    const reader = blob.stream().getReader();
    let value = 0xffffffff;
    for (;;) {
      const { done, value: bytes } = await reader.read();
      if (done) return (value ^ 0xffffffff) >>> 0;
      for (const byte of bytes) value = CRC[(value ^ byte) & 0xff] ^ (value >>> 8);
    }
  }

  /* `fields`: pairs of width (2 or 4 bytes) and number. */
  function record(...fields) {
    const view = new DataView(new ArrayBuffer(fields.reduce((size, [width]) => size + width, 0)));
    let place = 0;
    for (const [width, number] of fields) {
      if (width === 2) view.setUint16(place, number, true);
      else view.setUint32(place, number, true);
      place += width;
    }
    return view.buffer;
  }

  /* DOS date and time, as zips have it: local, even seconds. */
  function stamp(date) {
    const day = ((date.getFullYear() - 1980) << 9) | ((date.getMonth() + 1) << 5) | date.getDate();
    const time = (date.getHours() << 11) | (date.getMinutes() << 5) | (date.getSeconds() >> 1);
    return [[2, time], [2, day]];
  }

  /* `files`: [{name, blob}]. Resolves with the zip as a Blob. */
  async function pack(files, date) {
    const parts = [];
    const directory = [];
    let place = 0;
    for (const { name, blob } of files) {
      const title = new TextEncoder().encode(name);
      const about = [
        [2, VERSION], [2, UTF8], [2, 0], ...stamp(date), [4, await checksum(blob)],
        [4, blob.size], [4, blob.size], [2, title.length], [2, 0],
      ];
      directory.push(record([4, CENTRAL], [2, VERSION], ...about, [2, 0], [2, 0], [2, 0], [4, 0], [4, place]), title);
      const head = record([4, LOCAL], ...about);
      parts.push(head, title, blob);
      place += head.byteLength + title.length + blob.size;
      if (place > LONGEST) throw new RangeError("too much for one file");
    }
    const size = directory.reduce((sum, part) => sum + part.byteLength, 0);
    const count = files.length;
    const end = record([4, END], [2, 0], [2, 0], [2, count], [2, count], [4, size], [4, place], [2, 0]);
    return new Blob([...parts, ...directory, end], { type: "application/zip" });
  }

  return { pack };
})();
