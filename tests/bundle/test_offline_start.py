"""The installable app in a real browser: it starts without a network, resumes, updates, and says what went wrong."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from bundle import offline

from lumbung_server.routes.headers import APP_POLICY
from tests.bundle.bare import BareBrowser
from tests.bundle.site import Site
from tests.e2e.driver import Phone

READY = "lumbungVersions.kept?.ready?.version ?? ''"
RUNNING = "lumbungVersions.kept?.running.version ?? ''"
OWN_APP = """fetch('/python/app.tar').then((file) => file.arrayBuffer())
  .then((content) => crypto.subtle.digest('SHA-256', content))
  .then((hash) => [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('').slice(0, 32))"""
BEGIN = "new Promise((resolve) => lumbungVersions.act({ask: 'begin', version: '%s'}, {postMessage: resolve}))"
KEPT = "caches.open('lumbung-files').then((store) => store.keys()).then((keys) => keys.length)"
POLICY = "async () => (await fetch('/index.html')).headers.get('content-security-policy')"
# In a turn of its own: what the debugger itself evaluates may do what a page may not.
EVALUATED = """() => new Promise((resolve) => setTimeout(() => {
  try { resolve(String(eval('1 + 1'))) } catch (error) { resolve(error.name) }
}))"""
ELSEWHERE = "() => fetch('http://localhost:9/').then(() => 'asked', (error) => error.name)"
INLINE = """() => {
  const script = document.createElement('script');
  script.textContent = "globalThis.ran = 'ran'";
  document.head.append(script);
  return globalThis.ran ?? 'refused';
}"""
pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]


def visible_failure(phone: Phone) -> bool:
    return bool(phone.page.locator("#failure").is_visible())


def test_after_one_visit_the_app_starts_with_the_server_stopped_and_no_network(site: Site, phone: Phone) -> None:
    phone.open(text="Halo versi satu")
    assert [name for name, times in Counter(site.requested()).items() if times > 1 and is_large(name)] == []
    site.captive_portal()
    phone.reload("Halo versi satu")
    site.undisturbed()
    site.stop()
    phone.go_offline()
    phone.reload("Halo versi satu")
    phone.reopen("/kegiatan/1", "Halo versi satu")
    assert phone.page.evaluate(POLICY) == APP_POLICY
    assert phone.record.hosts() == {urlsplit(site.origin).netloc}
    assert phone.record.violations() == []
    assert phone.record.page_errors == []


def test_the_page_runs_no_text_as_a_script_and_asks_no_other_host(site: Site, phone: Phone) -> None:
    phone.open(text="Halo versi satu")
    assert site.origin.startswith("http://127.0.0.1:")
    assert phone.page.evaluate(EVALUATED) == "EvalError"
    assert phone.page.evaluate(INLINE) == "refused"
    assert phone.page.evaluate(ELSEWHERE) == "TypeError"
    assert len(phone.record.violations()) >= 3, "what the other tests look for is seen"


def test_a_download_cut_midway_keeps_what_arrived_and_resumes(site: Site, phone: Phone, first_bundle: Path) -> None:
    cut = "parts/1/pyodide/pyodide.asm.wasm"
    site.cut(cut)
    phone.page.goto(site.origin)
    phone.wait_until(lambda: visible_failure(phone), "the cut download is not noticed", 60)
    assert "Bagian yang sudah diunduh tetap tersimpan" in phone.page.locator("#sentence").inner_text()
    assert phone.page.locator("#again").inner_text() == "Coba lagi"
    arrived = {name for name in site.requested() if is_large(name)} - {cut}
    assert {"parts/2/main.dart.js", "parts/0/pyodide/pyodide.asm.wasm"} <= arrived
    site.undisturbed()
    phone.page.locator("#again").click()
    phone.wait_started()
    phone.wait_text("Halo versi satu")
    times = Counter(site.requested())
    assert {name: times[name] for name in arrived} == dict.fromkeys(arrived, 1)
    assert times[cut] == 2
    assert times["pyodide/pyodide.asm.wasm"] == 0
    phone.wait_until(
        lambda: phone.page.evaluate(KEPT) == kept_files(first_bundle), "parts stay beside the joined file", 20
    )


def test_an_update_costs_only_what_changed_and_begins_when_the_page_is_alone(
    site: Site, bare_browser: BareBrowser, first_bundle: Path, second_bundle: Path
) -> None:
    page = bare_browser.new_page()
    page.open(site.origin)
    page.wait_shown("Halo versi satu")
    before = len(site.requested())
    site.deploy(second_bundle)
    page.reload()
    page.wait_shown("Halo versi satu")
    page.wait_for(READY, version_of(second_bundle))
    (changed,) = members(second_bundle) - members(first_bundle)
    assert sorted(set(site.requested()[before:])) == [changed, "sw.js"]

    other = bare_browser.new_page()
    other.open(site.origin)
    other.wait_shown("Halo versi satu")
    other.close()
    page.reload()
    page.wait_shown("Halo versi dua")
    site.stop()
    page.reload()
    page.wait_shown("Halo versi dua")
    # All of the new version, and what the one before has otherwise: one can go back to that.
    page.wait_for(KEPT, kept_files(second_bundle) + 1)


def test_a_page_keeps_the_version_that_it_began_with_while_another_begins_beside_it(
    site: Site, bare_browser: BareBrowser, first_bundle: Path, second_bundle: Path
) -> None:
    older = bare_browser.new_page()
    older.open(site.origin)
    older.wait_shown("Halo versi satu")
    site.deploy(second_bundle)
    older.evaluate("dispatchEvent(new Event('online'))")
    older.wait_for(READY, version_of(second_bundle))
    newer = bare_browser.new_page()
    newer.open(site.origin)
    newer.wait_shown("Halo versi satu")  # it is not alone, and nobody wanted it otherwise
    assert newer.evaluate(BEGIN % version_of(second_bundle)) is True
    newer.reload()
    newer.wait_shown("Halo versi dua")
    assert (older.evaluate(RUNNING), newer.evaluate(RUNNING)) == (version_of(first_bundle), version_of(second_bundle))
    assert (older.evaluate(OWN_APP), newer.evaluate(OWN_APP)) == (app_of(first_bundle), app_of(second_bundle))


def test_a_version_that_does_not_start_leads_back_to_the_one_before(
    site: Site, bare_browser: BareBrowser, first_bundle: Path, broken_bundle: Path
) -> None:
    page = bare_browser.new_page()
    page.open(site.origin)
    page.wait_shown("Halo versi satu")
    site.deploy(broken_bundle)
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for(READY, version_of(broken_bundle))
    page.reload()
    page.wait_for("document.querySelector('#failure')?.hidden === false && !document.querySelector('#back').hidden")
    assert page.evaluate("document.querySelector('#back').textContent") == "Kembali ke versi sebelumnya"
    page.evaluate("document.querySelector('#back').click()")
    page.wait_shown("Halo versi satu")
    assert page.evaluate(RUNNING) == version_of(first_bundle)
    page.reload()
    page.wait_shown("Halo versi satu")  # it is not begun again by itself


def version_of(bundle: Path) -> str:
    return str(json.loads((bundle / "bundle.json").read_text())["version"])


def app_of(bundle: Path) -> str:
    return str(json.loads((bundle / "bundle.json").read_text())["files"]["python/app.tar"]["hash"])


def test_an_update_of_one_module_of_many_fetches_that_module_and_the_rest_from_what_is_kept(
    site: Site, bare_browser: BareBrowser, many_modules: tuple[Path, Path]
) -> None:
    first, second = many_modules
    site.deploy(first)
    page = bare_browser.new_page()
    page.open(site.origin)
    page.wait_shown("Versi 1")
    before = len(site.requested())
    site.deploy(second)
    page.reload()
    page.wait_shown("Versi 1")
    page.wait_for(READY, version_of(second))
    (changed,) = members(second) - members(first)
    assert sorted(set(site.requested()[before:])) == [changed, "sw.js"]
    page.reload()
    page.wait_shown("Versi 2")
    site.stop()
    page.reload()
    page.wait_shown("Versi 2")


@pytest.mark.full
@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("id", r"\d+,\d dari \d+,\d MB, kira-kira \d+ (detik|menit) lagi"),
        ("en", r"\d+\.\d of \d+\.\d MB, about \d+ (seconds|minutes?) left"),
    ],
)
def test_the_first_visit_says_how_much_has_come_and_how_long_the_rest_takes(
    site: Site, phone: Phone, language: str, told: str
) -> None:
    phone.page.add_init_script(f"localStorage.setItem('lumbung.language', '{language}')")
    site.slow("parts/0/main.dart.js")
    phone.page.goto(site.origin)
    status = phone.page.locator("#status")
    phone.wait_until(
        lambda: re.search(told, status.inner_text().replace("\u00a0", " ")), "the time that is left is not told", 60
    )
    phone.wait_started()


def test_an_app_that_cannot_start_says_so_with_details_and_a_way_on(
    site: Site, phone: Phone, broken_bundle: Path
) -> None:
    site.deploy(broken_bundle)
    phone.page.goto(site.origin)
    phone.wait_until(lambda: visible_failure(phone), "the failure is not shown", 60)
    assert "Catatan Anda di ponsel ini tidak dihapus" in phone.page.locator("#sentence").inner_text()
    assert "RuntimeError: rusak di awal" in (phone.page.locator("#raw").text_content() or "")
    phone.page.evaluate("localStorage.setItem('lumbung.language', 'en')")
    phone.page.locator("#again").click()
    phone.wait_until(lambda: visible_failure(phone), "the failure is not shown again", 60)
    assert "Your records on this phone were not deleted" in phone.page.locator("#sentence").inner_text()


def kept_files(bundle: Path) -> int:
    """How many contents of a bundle are kept: the tiny app has archives with nothing in them, which are all one."""
    listed = json.loads((bundle / "bundle.json").read_text())["files"]
    return len({entry["hash"] for name, entry in listed.items() if not name.startswith("canvaskit/canvaskit.")})


def members(bundle: Path) -> set[str]:
    listed = json.loads((bundle / "bundle.json").read_text())["files"]
    return {offline.member_name(name) for entry in listed.values() for name, _ in entry.get("members", [])}


def is_large(name: str) -> bool:
    return name.endswith((".wasm", ".zip", ".tar", ".otf", "main.dart.js", "pyodide.asm.mjs"))
