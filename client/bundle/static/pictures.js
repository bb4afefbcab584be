/* Photos that a person picks: the camera is offered, and their bytes do not pass through Flutter.
 *
 * Flet's client copies a picked file several times and writes every byte of it into a text for a log, while the screen
 * stands still: eight seconds for a photo of 12 megapixels on a slow phone. So it is given a slip in place of each
 * photo, and the worker the photo itself under what is written on its slip; `shrink_browser.py` takes it there. Should
 * a browser not let its file field be given slips, the photo takes the way through Flutter.
 */
(() => {
  const isForPhotos = (field) => field.type === "file" && field.accept.startsWith("image/");
  const onChromiumOnAndroid = /Android.*Chrome\//.test(navigator.userAgent);
  // The start is known to `shrink_browser.py`, too.
  const newSlip = () => `lumbung-photo:${crypto.randomUUID()}`;

  function handOver({ target }) {
    const photos = Array.from(target.files, (photo) => [newSlip(), photo]);
    try {
      const slips = new DataTransfer();
      for (const [slip, { name, type }] of photos) slips.items.add(new File([slip], name, { type }));
      target.files = slips.files;
    } catch (error) {
      console.info("lumbung: photos go through Flutter:", String(error));
      return;
    }
    lumbungTellPython({ photos });
  }

  // Flutter's field stands nowhere in the page, so that no event of it can be caught on the way.
  const open = HTMLInputElement.prototype.click;
  HTMLInputElement.prototype.click = function () {
    if (isForPhotos(this)) {
      // From Android 14 on, Chromium offers no camera where only pictures are accepted. No file has this type.
      if (onChromiumOnAndroid) this.accept = "image/*,lumbung/camera";
      // Listeners that capture come before Flutter's own.
      this.addEventListener("change", handOver, { capture: true, once: true });
    }
    open.call(this);
  };
})();
