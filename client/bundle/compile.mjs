// node compile.mjs PYODIDE_FOLDER '[{"folder": …, "annotations": false}, …]'
// Replaces every .py below each folder by byte code of the very CPython that will run it in the browser (see lean.py).
import fs from "node:fs";
import { pathToFileURL } from "node:url";

const [, , pyodideFolder, trees] = process.argv;
const { loadPyodide } = await import(pathToFileURL(`${pyodideFolder}/pyodide.mjs`).href);
const python = await loadPyodide({ indexURL: pyodideFolder, env: { HOME: "/home/pyodide", PYTHONNODEBUGRANGES: "1" } });
python.runPython(fs.readFileSync(new URL("lean.py", import.meta.url), "utf8"));
const compileTree = python.globals.get("compile_tree");
JSON.parse(trees).forEach(({ folder, annotations }, number) => {
  python.mountNodeFS(`/tree${number}`, folder);
  console.log(compileTree(`/tree${number}`, annotations));
});
