"""Decide what the installable web app consists of and assemble it; never runs in the app, never serves it.

The pieces: `flutter` (Flet's web client, trimmed and patched), `fonts` (the icons there are), `packages` (Python wheels
for the browser), `left_out` (the modules that stay behind), `compiled` and `lean` (byte code made by Pyodide's own
CPython), `archives` (same bytes for same input), `offline` (the list of files that the service worker keeps), `build`
(the command that joins them).
"""
