"""What the packaged app is made of: it runs from the staged tree alone, and only what is the phone's is in it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import flet
import pytest
from native import stage

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = Path(flet.__file__).resolve().parents[1]
SERVER = "https://lumbung.contoh.id"

# Run with `-I -S`: neither the environment nor the editable installs of the checkout are looked at.
PROBE = """
import sys

tree, library, checkout = sys.argv[1:]
sys.path[:0] = [tree, library]


def guard(event, arguments):
    if event == "open" and isinstance(arguments[0], str):
        if arguments[0].startswith(checkout) and not arguments[0].startswith(library):
            raise PermissionError(f"the checkout was read: {arguments[0]}")


sys.addaudithook(guard)

import asyncio, importlib, importlib.util, json, os, pkgutil
import main
import lumbung_client, lumbung_shared

for package in (lumbung_client, lumbung_shared):
    for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        importlib.import_module(found.name)
own = {name: module.__file__ for name, module in sys.modules.items() if name.startswith(("lumbung_", "main"))}

from lumbung_client import platform
from lumbung_client.session.session import Session


async def begin():
    session = await Session.open(await platform.ports())
    session.set_language("en")
    offered = [form.kind for form in session.catalogue.offered(["64.74.01.1001"], session.today())]
    await session.close()
    again = await Session.open(await platform.ports())
    language = again.language
    await again.close()
    return offered, language


offered, language = asyncio.run(begin())
print(json.dumps({
    "server": os.environ["LUMBUNG_SERVER"],
    "own": own,
    "offered": offered,
    "language": language,
    "strangers": [name for name in ("lumbung_server", "tests", "litestar") if name in sys.modules],
    "server_found": importlib.util.find_spec("lumbung_server") is not None,
}))
"""


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The staged tree, outside the checkout."""
    folder = tmp_path_factory.mktemp("staged") / "native"
    assert stage.main(["--out", str(folder), "--server", SERVER]) == 0
    return folder


@pytest.fixture(scope="module")
def project(tree: Path) -> dict[str, Any]:
    """What `flet build` reads."""
    return tomllib.loads((tree / "pyproject.toml").read_text("utf-8"))


def contents(tree: Path, matches: Callable[[Path], bool] = lambda _: True) -> dict[str, bytes]:
    """Return the files of the tree by their names in it."""
    files = (path for path in sorted(tree.rglob("*")) if path.is_file() and matches(path))
    return {path.relative_to(tree).as_posix(): path.read_bytes() for path in files}


def test_the_app_starts_from_the_tree_alone_and_keeps_its_store_where_flet_says(tree: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    command = [sys.executable, "-B", "-I", "-S", "-c", PROBE, str(tree / "src"), str(LIBRARY), f"{ROOT}/"]
    environment = {"FLET_APP_STORAGE_DATA": str(data), "FLET_PLATFORM": "android"}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["server"] == SERVER
    assert told["own"]["main"] == str(tree / "src" / "main.py")
    assert [name for name, file in told["own"].items() if not file.startswith(str(tree))] == []
    assert "lumbung_client.platform_native" in told["own"]
    assert [name for name in told["own"] if name.endswith("_browser")] == []
    assert "compost-training" in told["offered"]
    assert told["language"] == "en"  # the second opening read what the first had written
    assert told["strangers"] == []
    assert not told["server_found"]
    assert list(data.iterdir())


def test_the_tree_holds_every_module_of_the_phone_and_no_other(tree: Path) -> None:
    wanted = {"main.py"}
    for name, package in stage.PACKAGES.items():
        files = (path.relative_to(package).as_posix() for path in package.rglob("*.py"))
        wanted |= {f"{name}/{file}" for file in files if not file.endswith("_browser.py")}
    staged = {path.relative_to(tree / "src").as_posix() for path in (tree / "src").rglob("*.py")}
    assert staged == wanted


def test_nothing_of_the_server_no_test_and_no_left_over_is_in_the_tree(tree: Path) -> None:
    files = contents(tree)
    parts = {part for name in files for part in Path(name).parts}
    assert (
        parts & {"lumbung_server", "tests", "benchmarks", "tools", "__pycache__", ".venv", "requirements.txt"} == set()
    )
    assert [name for name in files if Path(name).name.startswith(("test_", "conftest"))] == []
    imports = re.compile(rb"^\s*(?:from|import) (?:lumbung_server|tests|pytest|litestar|sqlalchemy)\b", re.MULTILINE)
    assert [name for name, content in files.items() if imports.search(content)] == []


def test_no_path_of_the_machine_that_staged_it_is_in_the_tree(tree: Path) -> None:
    here = [str(place).encode() for place in (ROOT, tree, LIBRARY, sys.executable)]
    assert [name for name, content in contents(tree).items() if any(place in content for place in here)] == []


def test_pictures_that_the_app_shows_and_flet_makes_icons_of_are_in_the_tree(tree: Path) -> None:
    shown = {
        picture
        for content in contents(tree, lambda path: path.suffix == ".py").values()
        for picture in re.findall(r'src="([^"]+)"', content.decode())
    }
    assert shown
    for name in ("icon.png", "splash.png", *shown):
        assert (tree / "src" / "assets" / name).read_bytes().startswith(b"\x89PNG"), name


def test_it_needs_what_the_client_needs_in_the_versions_that_are_tested_here(project: dict[str, Any]) -> None:
    client = tomllib.loads((ROOT / "client" / "pyproject.toml").read_text("utf-8"))["project"]
    needed = {re.split(r"[=<>]", one)[0]: one for one in project["project"]["dependencies"]}
    assert set(needed) == {re.split(r"[=<>;]", one)[0] for one in client["dependencies"]} - {"lumbung-shared"}
    assert needed["flet"] == f"flet=={flet.__version__}"
    assert [one for name, one in needed.items() if "==" not in one] == [needed["pillow"]]
    assert not any(";" in one for one in needed.values())
    assert project["project"]["version"] == client["version"]


def test_it_asks_for_the_place_while_it_is_used_and_for_nothing_else(project: dict[str, Any]) -> None:
    settings = project["tool"]["flet"]
    assert "permissions" not in settings  # Flet's own words ask for more
    assert [name for name, wanted in settings["android"]["permission"].items() if wanted] == [
        "android.permission.ACCESS_COARSE_LOCATION",
        "android.permission.ACCESS_FINE_LOCATION",
    ]
    assert settings["android"]["permission"]["android.permission.ACCESS_BACKGROUND_LOCATION"] is False
    assert not any(settings["android"]["feature"].values())
    asked = {name for name in settings["ios"]["info"] if name.endswith("UsageDescription")}
    assert asked == {"NSLocationWhenInUseUsageDescription", "NSPhotoLibraryUsageDescription"}
    assert all(settings["ios"]["info"][name].endswith(".") for name in asked)


def test_a_link_of_either_system_leads_to_the_enrolment_with_its_code(project: dict[str, Any]) -> None:
    from urllib.parse import urlsplit

    from lumbung_client.ui.screens.enrol import code_in_address

    for system in ("android", "ios"):
        link = project["tool"]["flet"][system]["deep_linking"]
        address = urlsplit(f"{link['scheme']}://{link['host']}/masuk?kode=K7QM-2R9A")
        # What Flet makes of a link before the app sees it: path and query.
        assert code_in_address(f"{address.path}?{address.query}") == "K7QM-2R9A"


def test_staging_again_leaves_nothing_of_before_and_keeps_what_flet_has_built(tmp_path: Path) -> None:
    out = tmp_path / "native"
    assert stage.main(["--out", str(out)]) == 0
    (out / "src" / "lumbung_client" / "gone.py").write_text("")
    (out / "build").mkdir()
    (out / "build" / "cache").write_text("kept")
    assert stage.main(["--out", str(out), "--server", f"{SERVER}/"]) == 0
    assert not (out / "src" / "lumbung_client" / "gone.py").exists()
    assert (out / "build" / "cache").read_text() == "kept"
    assert f'"{SERVER}"' in (out / "src" / "main.py").read_text()


@pytest.mark.parametrize(
    "address",
    ["lumbung.contoh.id", "http://lumbung.contoh.id", "https://", "https://a.id/b", 'https://a.id" + "', "ftp://a.id"],
)
def test_an_address_that_no_phone_should_have_is_refused(
    tmp_path: Path, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert stage.main(["--out", str(tmp_path / "native"), "--server", address]) == 1
    assert capsys.readouterr().err.startswith("lumbung: ")
    assert not (tmp_path / "native").exists()


@pytest.mark.parametrize("address", ["http://127.0.0.1:8000", "http://10.0.2.2:8000", "https://lumbung.contoh.id:8443"])
def test_a_server_of_this_machine_needs_no_https(address: str) -> None:
    assert stage.server_address(address) == address


def test_the_workflow_builds_what_make_stages_with_the_flet_of_the_client() -> None:
    workflow = (ROOT / ".github" / "workflows" / "native.yml").read_text("utf-8")
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert "make stage-native" in workflow
    assert "stage-native: .prepared-run" in makefile
    assert "--out build/native" in makefile
    assert "flet build apk build/native" in workflow
    used = re.findall(r"uses: (\S+)", workflow)
    assert used
    assert all(re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", action) for action in used)
    builder = (ROOT / "requirements" / "native.txt").read_text("utf-8")
    assert "--require-hashes -r requirements/native.txt" in workflow
    for name in ("flet", "flet-cli"):
        assert re.search(rf"^{name}=={re.escape(flet.__version__)}\b", builder, re.MULTILINE), name
