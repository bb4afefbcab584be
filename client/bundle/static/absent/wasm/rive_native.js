// Flutter code asks for this script at start. Rive animations are not used: their engine simply never becomes ready.
self.RiveNative = () => new Promise(() => {});
