// node run.mjs PYODIDE_FOLDER SITE_FOLDER PROJECT_FOLDER CACHE_FOLDER PYTEST_ARGUMENT...
// Runs pytest in the very CPython that the phone app ships with, on the project's own files. Ends with pytest's exit code.
import { pathToFileURL } from "node:url";

const [, , pyodideFolder, site, project, cache, ...wanted] = process.argv;
const { loadPyodide } = await import(pathToFileURL(`${pyodideFolder}/pyodide.mjs`).href);
const python = await loadPyodide({
  indexURL: pyodideFolder,
  env: { HOME: "/home/pyodide", PYTHONHASHSEED: "0", PYTHONPYCACHEPREFIX: "/cache" },
});
for (const [inside, folder] of Object.entries({ "/site": site, "/project": project, "/cache": cache })) {
  python.FS.mkdirTree(inside);
  python.mountNodeFS(inside, folder);
}
python.globals.set("wanted", python.toPy(wanted));
// Asynchronous, so that Python may wait as it does in a browser that can switch stacks.
process.exitCode = await python.runPythonAsync(`
import os, sys
sys.path[:0] = ["/site", "/project", "/project/shared", "/project/client"]
os.chdir("/project")
import pytest
int(pytest.main(list(wanted)))
`);
