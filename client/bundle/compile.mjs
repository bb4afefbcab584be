// node compile.mjs PYODIDE_FOLDER FOLDER...
// Replaces every .py below each FOLDER by byte code of the very CPython that will run it in the browser.
import { pathToFileURL } from "node:url";

const [, , pyodideFolder, ...folders] = process.argv;
const { loadPyodide } = await import(pathToFileURL(`${pyodideFolder}/pyodide.mjs`).href);
const python = await loadPyodide({ indexURL: pyodideFolder });
folders.forEach((folder, number) => python.mountNodeFS(`/tree${number}`, folder));
const compileTree = python.runPython(`
import os, py_compile, warnings
from py_compile import PycInvalidationMode

warnings.simplefilter("ignore", SyntaxWarning)

def compile_tree(root):
    count = 0
    for folder, _, files in os.walk(root):
        for name in files:
            if name.endswith(".py"):
                source = os.path.join(folder, name)
                py_compile.compile(source, source + "c", os.path.relpath(source, root), doraise=True,
                                   invalidation_mode=PycInvalidationMode.UNCHECKED_HASH)
                os.remove(source)
                count += 1
    return count

compile_tree
`);
for (const number of folders.keys()) {
  console.log(compileTree(`/tree${number}`));
}
