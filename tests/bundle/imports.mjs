// node imports.mjs PYODIDE_FOLDER BUNDLE SOURCES NAMES
// Starts Python from a bundle's own archives, imports everything in them, and prints as JSON what could not be imported,
// which of NAMES (a JSON list) `flet` does not offer, and what modules below SOURCES import that is not there: by whom.
import fs from "node:fs";
import { pathToFileURL } from "node:url";

const [, , pyodideFolder, bundle, sources, names] = process.argv;
const { loadPyodide } = await import(pathToFileURL(`${pyodideFolder}/pyodide.mjs`).href);
const python = await loadPyodide({ indexURL: pyodideFolder, stdLibURL: `${bundle}/pyodide/python_stdlib.zip` });
python.registerJsModule("flet_js", { args: null });
for (const name of fs.readdirSync(`${bundle}/python`).filter((one) => one.endsWith(".tar"))) {
  python.unpackArchive(new Uint8Array(fs.readFileSync(`${bundle}/python/${name}`)), "tar", { extractDir: "/lumbung" });
}
python.mountNodeFS("/sources", sources);
python.globals.set("wanted_names", python.toPy(JSON.parse(names)));
const PROGRAM = `
import ast, importlib, json, os, pkgutil, sys, warnings

warnings.simplefilter("ignore")
HOME = "/lumbung"
sys.path.insert(0, HOME)


def all_modules():
    for folder, _, files in os.walk(HOME):
        for name in files:
            parts = os.path.relpath(os.path.join(folder, name), HOME).split("/")
            if name.endswith(".pyc") and name != "__main__.pyc":
                parts[-1] = name.removesuffix(".pyc")
                yield ".".join(parts).removesuffix(".__init__")


def imported_by(node, package):
    if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
        return
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        parts = package.split(".")[: len(package.split(".")) + 1 - node.level] if node.level else []
        yield ".".join([*parts, *([node.module] if node.module else [])])
    for child in ast.iter_child_nodes(node):
        yield from imported_by(child, package)


def attempt(name):
    try:
        importlib.import_module(name)
    except BaseException as error:
        return repr(error)


modules = sorted(all_modules())
modules.remove("main")
failed = {name: error for name in modules if (error := attempt(name))}
import flet
absent = [name for name in wanted_names if not hasattr(flet, name)]

imports = {}
for folder, _, files in os.walk("/sources"):
    for name in files:
        if name.endswith(".py"):
            path = os.path.join(folder, name)
            parts = os.path.relpath(path, "/sources").removesuffix(".py").split("/")
            package = ".".join(parts[:-1])
            for found in imported_by(ast.parse(open(path, "rb").read()), package):
                imports.setdefault(found, set()).add(".".join(parts).removesuffix(".__init__"))


def is_found(name):
    if name.split(".")[0] in sys.builtin_module_names or name in sys.modules:
        return True
    try:
        return importlib.util.find_spec(name) is not None
    except ImportError:
        return False


missing = {name: sorted(by) for name, by in sorted(imports.items()) if not is_found(name)}
json.dumps({"modules": modules, "failed": failed, "absent": absent, "missing": missing})
`;
try {
  console.log(python.runPython(PROGRAM));
} catch (error) {
  console.log(error.message);
  process.exit(1);
}
