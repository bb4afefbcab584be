"""Decide which Python modules stay out of the phone app's bundle, by name. A test imports everything that is left.

A name stands for a module or a package with all that is in it.
"""

from __future__ import annotations

# Whole wheels, needed by Flet's sign-in flow only, which the app does not use.
DISTRIBUTIONS = frozenset({"anyio", "h11", "httpcore", "httpx", "oauthlib"})

STANDARD_LIBRARY = frozenset(
    "_markupbase _py_abc _pydatetime _pyio _pyrepl _sysconfigdata__emscripten_wasm32-emscripten "
    "_threading_local __hello__ __phello__ antigravity argparse asyncio.proactor_events asyncio.windows_events "
    "asyncio.windows_utils bdb cProfile cmd code colorsys compileall compression.bz2 compression.gzip "
    "compression.lzma compression.zlib concurrent.futures.interpreter concurrent.futures.process "
    "concurrent.interpreters configparser ctypes doctest filecmp fileinput fractions ftplib "
    "getopt getpass gettext graphlib html http.server imaplib importlib.simple json.tool logging.config "
    "logging.handlers mailbox modulefinder multiprocessing netrc nturl2path optparse pathlib.types pdb "
    "pickletools plistlib poplib pprint profile pstats pty py_compile pyclbr pydoc "
    "pyodide._nodesock_transport rlcompleter sched shelve shlex smtplib socketserver sqlite3 sre_compile "
    "sre_constants sre_parse statistics symtable sysconfig tabnanny this timeit tomllib trace tracemalloc "
    "tty unittest urllib.robotparser wave webbrowser wsgiref xml.dom xml.etree xmlrpc "
    "zipapp zipfile.__main__ zoneinfo".split()
)
# Of the character sets, those that Python itself, zip files and addresses need.
ENCODINGS = frozenset(
    "__init__ aliases ascii cp437 cp1252 hex_codec idna latin_1 punycode raw_unicode_escape undefined unicode_escape "
    "utf_16 utf_16_be utf_16_le utf_32 utf_32_be utf_32_le utf_8 utf_8_sig".split()
)

_CONTROLS = {
    "flet.controls.core": (
        "animated_switcher canvas drag_target draggable flet_app gesture_detector grid_view hero markdown "
        "page_view pagelet placeholder raw_image reorderable_drag_handle rotated_box "
        "screenshot shader_mask shimmer transparent_pointer window_drag_area"
    ),
    "flet.controls.cupertino": (
        "cupertino_action_sheet cupertino_action_sheet_action cupertino_activity_indicator "
        "cupertino_alert_dialog cupertino_app_bar cupertino_bottom_sheet cupertino_button cupertino_checkbox "
        "cupertino_context_menu cupertino_context_menu_action cupertino_date_picker cupertino_dialog_action "
        "cupertino_filled_button cupertino_icons cupertino_list_tile cupertino_navigation_bar "
        "cupertino_picker cupertino_radio cupertino_segmented_button cupertino_slider "
        "cupertino_sliding_segmented_button cupertino_switch cupertino_textfield cupertino_timer_picker "
        "cupertino_tinted_button"
    ),
    "flet.controls.material": (
        "auto_complete banner circle_avatar context_menu datatable date_range_picker dropdownm2 "
        "expansion_panel menu_item_button range_slider reorderable_list_view search_bar segmented_button "
        "selection_area submenu_button"
    ),
    "flet.controls.services": (
        "accelerometer barometer battery browser_context_menu gyroscope haptic_feedback magnetometer "
        "screen_brightness shake_detector shared_preferences storage_paths user_accelerometer wakelock"
    ),
}

PACKAGES = frozenset(
    {
        "certifi.__main__",
        "certifi.tests",
        "charset_normalizer.__main__",
        "charset_normalizer.api",
        "charset_normalizer.cd",
        "charset_normalizer.cli",
        "charset_normalizer.constant",
        "charset_normalizer.legacy",
        "charset_normalizer.md",
        "charset_normalizer.models",
        "charset_normalizer.utils",
        "flet.auth.providers",
        "flet.canvas",
        "flet.cli",
        "flet.fastapi",
        "flet.messaging.flet_dart_bridge_server",
        "flet.messaging.flet_socket_server",
        "flet.pytest_plugin",
        "flet.testing",
        "flet.security",
        "flet.utils.griffe_deprecations",
        "idna.__main__",
        "idna.cli",
        "idna.codec",
        "idna.compat",
        "lumbung_client.draw_native",
        "lumbung_client.platform_native",
        "lumbung_client.shrink_native",
        "requests.help",
        "segno.cli",
        "segno.helpers",
        "tinydb.middlewares",
        "tinydb.mypy_plugin",
        "tinydb.operations",
        "urllib3.contrib.pyopenssl",
        "urllib3.contrib.socks",
        "urllib3.http2.connection",
        *(f"{package}.{name}" for package, names in _CONTROLS.items() for name in names.split()),
    }
)


def is_left_out(module: str, names: frozenset[str]) -> bool:
    """Whether a module is one of the names, or lies in one."""
    parts = module.split(".")
    return any(".".join(parts[:length]) in names for length in range(1, len(parts) + 1))
