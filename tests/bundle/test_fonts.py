"""The icon fonts hold every icon that is drawn, under the right number, and hardly more."""

from __future__ import annotations

import io
import json
from pathlib import Path

import flet
import pytest
from bundle import build, flutter, fonts
from bundle.errors import BundleError
from fontTools.ttLib import TTFont

CLIENT = build.ROOT / "client" / "lumbung_client"


@pytest.fixture(scope="module")
def icons() -> fonts.Icons:
    return fonts.icons_of(flutter.program(flutter.web_folder()))


@pytest.fixture(scope="module")
def material() -> bytes:
    return (flutter.web_folder() / "assets/fonts/MaterialIcons-Regular.otf").read_bytes()


def signs(font: bytes) -> dict[int, str]:
    found: dict[int, str] = TTFont(io.BytesIO(font)).getBestCmap()
    return found


def test_the_icons_that_code_or_a_form_may_name_are_the_signs_of_those_names(
    icons: fonts.Icons, material: bytes
) -> None:
    named, all_signs = fonts.named_icons([CLIENT]), signs(material)
    offered = fonts.offered(icons, named)
    assert named < set(offered)
    assert len(offered) > 2_000
    wrong = {
        name
        for name, value in offered.items()
        if all_signs.get(icons.code_point(value) or 0, "").strip("_") != sign_of(name).strip("_")
    }
    # Some signs have two names, of which the font knows one.
    assert len(wrong) < len(offered) / 10, wrong
    assert not wrong & {"ADD", "HOME", "COMPOST", "HANDSHAKE", "SETTINGS", "ASSIGNMENT"}


def sign_of(name: str) -> str:
    return name.lower() if name.endswith(fonts.STYLES) else f"{name.lower()}_baseline"


def test_every_form_that_comes_with_the_app_names_an_icon_there_is(icons: fonts.Icons) -> None:
    offered = fonts.offered(icons, [])
    kinds = (build.ROOT / "shared" / "lumbung_shared" / "kinds").glob("*.json")
    named = {found["icon"].upper() for found in map(json.loads, map(Path.read_text, kinds)) if "icon" in found}
    assert len(named) > 10
    assert named - set(offered) == set()


def test_the_font_has_them_and_what_flutter_draws_by_itself_and_no_others(icons: fonts.Icons, material: bytes) -> None:
    wanted = fonts.code_points(icons, fonts.offered(icons, fonts.named_icons([CLIENT])).values())
    small = fonts.only(material, wanted)
    assert set(signs(small)) == {ord(" ")} | wanted & set(signs(material))
    assert len(small) < len(material) / 3
    drawn = {signs(material).get(code) for code in icons.by_itself[fonts.MATERIAL]}
    assert {f"{name}_baseline" for name in ("arrow_back", "close", "check", "arrow_drop_down", "edit")} <= drawn


def test_the_same_font_is_cut_to_the_same_bytes(icons: fonts.Icons, material: bytes) -> None:
    wanted = fonts.code_points(icons, [flet.Icons.HOME.value, flet.Icons.ADD.value])
    assert fonts.only(material, wanted) == fonts.only(material, wanted)


def test_an_icon_that_code_names_and_flutter_does_not_hold_fails_the_build_by_name(icons: fonts.Icons) -> None:
    nothing = fonts.Icons((None,) * len(icons.material), icons.by_itself)
    assert fonts.offered(nothing, []) == {}
    with pytest.raises(BundleError, match="HOME_SHARP"):
        fonts.offered(nothing, ["HOME_SHARP"])


def test_a_program_without_the_lists_fails_the_build() -> None:
    with pytest.raises(BundleError, match=r"main\.dart\.js"):
        fonts.icons_of("something else")
