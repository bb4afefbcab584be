"""What the build promises about the bundle, without a browser."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import re
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import brotli
import pytest
from bundle import archives, build, flutter, offline, packages
from bundle.errors import BundleError

from tests.bundle.conftest import sample_bundle


def listed(bundle: Path) -> dict[str, dict[str, Any]]:
    files: dict[str, dict[str, Any]] = json.loads((bundle / "bundle.json").read_text())["files"]
    return files


def folder_with(folder: Path, names: list[str]) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"content of {name}")
    return folder


@pytest.mark.parametrize("pack", [archives.tar, archives.zip_archive])
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


@pytest.mark.parametrize("name", ["boot.js", "parts/1/main.dart.js"])
def test_a_damaged_bundle_is_built_again(first_bundle: Path, name: str) -> None:
    (first_bundle / name).unlink()
    sample_bundle("first", "Halo versi satu")
    assert (first_bundle / name).is_file()


def test_another_text_in_the_app_changes_only_the_archive_of_the_app(first_bundle: Path, second_bundle: Path) -> None:
    first, second = listed(first_bundle), listed(second_bundle)
    assert {name for name in first | second if first.get(name) != second.get(name)} == {"python/app.tar"}


def test_every_file_and_every_part_of_one_is_listed_with_its_true_hash_and_size(
    first_bundle: Path,
) -> None:
    on_disk = {name: path for name, path in archives.files_below(first_bundle) if path.suffix not in (".gz", ".br")}
    entries = listed(first_bundle)
    parts = {
        offline.part_name(name, number): part
        for name, entry in entries.items()
        for number, part in enumerate(entry.get("parts", []))
    }
    members = {offline.member_name(name) for entry in entries.values() for name, _ in entry.get("members", [])}
    assert set(on_disk) - set(entries) - set(parts) - members == {"bundle.json", "sw.js"}
    assert members <= set(on_disk)
    for name, entry in (entries | parts).items():
        content = on_disk[name].read_bytes()
        assert entry["hash"] == hashlib.sha256(content).hexdigest()[: offline.HASH_LENGTH]
        assert entry["size"] == len(content)


def test_a_large_file_is_the_same_in_parts_and_no_part_is_large(first_bundle: Path) -> None:
    large = {name: entry for name, entry in listed(first_bundle).items() if entry["size"] >= offline.LARGE}
    assert {"main.dart.js", "pyodide/pyodide.asm.wasm", "canvaskit/chromium/canvaskit.wasm"} <= set(large)
    for name, entry in large.items():
        parts = [first_bundle / offline.part_name(name, number) for number in range(len(entry["parts"]))]
        assert b"".join(part.read_bytes() for part in parts) == (first_bundle / name).read_bytes()
        assert max(part.stat().st_size for part in parts) <= offline.PART
        assert entry["transfer"] == sum(part["transfer"] for part in entry["parts"])


def test_an_archive_of_our_own_code_is_its_members_one_after_the_other(first_bundle: Path) -> None:
    entries = listed(first_bundle)
    assert {name for name, entry in entries.items() if "members" in entry} == set(packages.OWN)
    for name in packages.OWN:
        pieces = [(first_bundle / offline.member_name(member)).read_bytes() for member, _ in entries[name]["members"]]
        assert b"".join(pieces) == (first_bundle / name).read_bytes()
        assert pieces[-1] == archives.END_OF_TAR


def test_the_members_of_a_tar_are_its_files_and_its_end(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    for name, size in {"a/empty": 0, "a/even": 1024, "odd": 700, "a/" + "x" * 98: 3}.items():
        (tmp_path / name).write_bytes(b"x" * size)
    packed = archives.tar(tmp_path)
    pieces = archives.members(packed)
    assert b"".join(pieces) == packed
    assert {len(piece) % archives.BLOCK for piece in pieces} == {0}
    with tarfile.open(fileobj=io.BytesIO(packed)) as opened:
        assert sorted(opened.getnames()) == [name for name, _ in archives.files_below(tmp_path)]


def test_a_path_that_the_phone_could_not_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / ("x" * 101)).touch()
    with pytest.raises(BundleError, match="longer than 100"):
        archives.tar(tmp_path)


def test_compressed_copies_are_the_file_and_no_archive_is_compressed_twice(first_bundle: Path) -> None:
    for name, path in archives.files_below(first_bundle):
        if path.suffix == ".gz":
            assert gzip.decompress(path.read_bytes()) == path.with_suffix("").read_bytes(), name
        if path.suffix == ".br":
            assert brotli.decompress(path.read_bytes()) == path.with_suffix("").read_bytes(), name
    with zipfile.ZipFile(first_bundle / flutter.STANDARD_LIBRARY) as library:
        assert {entry.compress_type for entry in library.infolist()} == {zipfile.ZIP_STORED}


def test_the_first_visit_stays_below_eleven_megabytes_however_quickly_it_was_compressed(first_bundle: Path) -> None:
    wanted = [entry for name, entry in listed(first_bundle).items() if not name.startswith("canvaskit/canvaskit.")]
    assert sum(entry["transfer"] for entry in wanted) < 11_000_000
    assert sum(entry["size"] for entry in wanted) < 40_000_000


def test_a_release_is_not_replaced_by_less_and_what_is_less_is_replaced_by_a_release(tmp_path: Path) -> None:
    (tmp_path / offline.SERVICE_WORKER).touch()
    page = {"index.html": offline.entry(b"page", None)}
    (tmp_path / "index.html").write_bytes(b"page")
    for quality, current in ((build.BEST, True), (build.QUICK, False)):
        (tmp_path / offline.BUNDLE_LIST).write_text(offline.bundle_list(page, "inputs", quality))
        assert bool(build.current_version(tmp_path, "inputs", build.BEST)) is current
        assert build.current_version(tmp_path, "inputs", build.QUICK) == offline.version_of(page)
        assert build.current_version(tmp_path, "other inputs", build.QUICK) is None


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
    with tarfile.open(first_bundle / packages.THIRD_PARTY) as archive:
        third_party = archive.getnames()
    library = zipfile.ZipFile(io.BytesIO((first_bundle / flutter.STANDARD_LIBRARY).read_bytes())).namelist()
    assert "flet/app.pyc" in third_party
    assert "codeop.pyc" in library
    assert [name for name in [*third_party, *library] if name.endswith((".py", ".pyi"))] == []
    assert {name.partition("/")[0] for name in third_party} & {"httpx", "anyio", "oauthlib"} == set()
    assert [name for name in library if name.startswith("unittest/")] == []


def test_the_names_of_icons_are_those_of_the_font_and_go_with_our_own_code(first_bundle: Path) -> None:
    with tarfile.open(first_bundle / packages.THIRD_PARTY) as third_party:
        assert packages.ICON_NAMES not in third_party.getnames()
    with tarfile.open(first_bundle / packages.OTHER) as own:
        names = json.load(own.extractfile(packages.ICON_NAMES) or io.BytesIO())
    assert {"HOME", "ASSIGNMENT", "COMPOST"} <= set(names)
    assert "HOME_SHARP" not in names


def test_the_worker_unpacks_every_archive(first_bundle: Path) -> None:
    (archives_of_worker,) = re.findall(r"const ARCHIVES = (\[.*\]);", (first_bundle / "python-worker.js").read_text())
    unpacked = {f"python/{name}.tar" for name in json.loads(archives_of_worker)}
    assert unpacked == {name for name in listed(first_bundle) if name.startswith("python/")}
    assert unpacked == {packages.THIRD_PARTY, packages.OTHER, *packages.OWN_ARCHIVES}


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
        packages.own_archives({"lumbung_client": tmp_path})
