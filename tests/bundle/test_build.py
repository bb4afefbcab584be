"""What the build promises about the bundle, without a browser."""

from __future__ import annotations

import hashlib
import io
import json
import re
import tarfile
import zipfile
from pathlib import Path

import pytest
from bundle import archives, flutter, offline, packages
from bundle.errors import BundleError

from tests.bundle.conftest import sample_bundle


def listed(bundle: Path) -> dict[str, dict[str, object]]:
    files: dict[str, dict[str, object]] = json.loads((bundle / "bundle.json").read_text())["files"]
    return files


def folder_with(folder: Path, names: list[str]) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"content of {name}")
    return folder


@pytest.mark.parametrize("pack", [archives.tar_gz, archives.zip_archive])
def test_the_same_files_give_the_same_archive_whatever_their_age_and_order(tmp_path: Path, pack: object) -> None:
    assert callable(pack)
    one = folder_with(tmp_path / "one", ["b.py", "a/c.py"])
    two = folder_with(tmp_path / "two", ["a/c.py", "b.py"])
    assert pack(one) == pack(two)


def test_an_unchanged_tree_is_not_built_again(first_bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (first_bundle / "sw.js").stat().st_mtime_ns
    assert sample_bundle("first", "Halo versi satu") == first_bundle
    assert "aplikasi ponsel sudah yang terbaru" in capsys.readouterr().out
    assert (first_bundle / "sw.js").stat().st_mtime_ns == before


def test_a_damaged_bundle_is_built_again(first_bundle: Path) -> None:
    (first_bundle / "boot.js").unlink()
    sample_bundle("first", "Halo versi satu")
    assert (first_bundle / "boot.js").is_file()


def test_another_text_in_the_app_changes_only_the_archive_of_the_app(first_bundle: Path, second_bundle: Path) -> None:
    first, second = listed(first_bundle), listed(second_bundle)
    assert {name for name in first | second if first.get(name) != second.get(name)} == {"app.tar.gz"}


def test_every_file_is_listed_with_its_true_hash_and_size(first_bundle: Path) -> None:
    on_disk = {name: path for name, path in archives.files_below(first_bundle) if not (name + "!").endswith(".gz!")}
    on_disk["app.tar.gz"] = first_bundle / "app.tar.gz"
    on_disk["packages.tar.gz"] = first_bundle / "packages.tar.gz"
    entries = listed(first_bundle)
    assert set(on_disk) - set(entries) == {"bundle.json", "sw.js"}
    for name, entry in entries.items():
        content = on_disk[name].read_bytes()
        assert entry["hash"] == hashlib.sha256(content).hexdigest()[: offline.HASH_LENGTH]
        assert entry["size"] == len(content)


def test_the_first_visit_stays_below_fifteen_megabytes(first_bundle: Path) -> None:
    wanted = [entry for name, entry in listed(first_bundle).items() if not name.startswith("canvaskit/canvaskit.")]
    assert sum(int(str(entry["transfer"])) for entry in wanted) < 15_000_000


def test_the_page_and_the_manifest_name_only_files_of_the_bundle(first_bundle: Path) -> None:
    page = (first_bundle / "index.html").read_text()
    named = set(re.findall(r'(?:href|src)="([^"]+)"', page)) - {"/"}
    manifest = json.loads((first_bundle / "manifest.webmanifest").read_text())
    named |= {icon["src"] for icon in manifest["icons"]}
    assert named <= set(listed(first_bundle))
    assert {icon.get("purpose", "any") for icon in manifest["icons"]} == {"any", "maskable"}


def test_no_script_of_flutter_starts_its_own_service_worker_or_names_the_animation_host(first_bundle: Path) -> None:
    assert "_flutter.loader.load(" not in (first_bundle / "flutter_bootstrap.js").read_text()
    assert flutter.RIVE_HOST not in (first_bundle / "main.dart.js").read_text()


def test_python_code_ships_compiled_and_without_what_no_phone_uses(first_bundle: Path) -> None:
    with tarfile.open(first_bundle / "packages.tar.gz") as archive:
        third_party = archive.getnames()
    library = zipfile.ZipFile(io.BytesIO((first_bundle / flutter.STANDARD_LIBRARY).read_bytes())).namelist()
    assert "flet/app.pyc" in third_party
    assert "codeop.pyc" in library
    assert [name for name in [*third_party, *library] if name.endswith((".py", ".pyi"))] == []
    assert {name.partition("/")[0] for name in third_party} & {"httpx", "anyio", "oauthlib"} == set()
    assert [name for name in library if name.startswith("unittest/")] == []


def test_the_worker_holds_its_list_and_the_downloader() -> None:
    entries = {"index.html": offline.entry(b"page", None)}
    worker = offline.service_worker("const BUNDLE = __BUNDLE__;", "const lumbungFiles = {};", entries)
    assert worker.startswith("const lumbungFiles = {};\nconst BUNDLE = {")
    assert entries["index.html"].hash in worker


def test_the_version_follows_content_and_names() -> None:
    page = {"index.html": offline.entry(b"page", None)}
    assert offline.version_of(page) == offline.version_of({"index.html": offline.entry(b"page", b"gz")})
    assert offline.version_of(page) != offline.version_of({"index.html": offline.entry(b"page!", None)})
    assert offline.version_of(page) != offline.version_of({"other.html": offline.entry(b"page", None)})


@pytest.mark.parametrize("name", sorted(flutter.PATCHES))
def test_a_changed_flet_release_fails_the_build_and_names_the_file(name: str) -> None:
    with pytest.raises((BundleError, ValueError), match=None if name.endswith(".json") else re.escape(name)):
        flutter.patched(name, b"something else")


def test_a_package_without_init_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="no Python package"):
        packages.copy_own({"lumbung_client": tmp_path}, tmp_path / "out")
