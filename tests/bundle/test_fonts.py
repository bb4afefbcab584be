"""The icon fonts hold every icon that is drawn, under the right number, and hardly more."""

from __future__ import annotations

import io

import flet
import pytest
from bundle import build, flutter, fonts
from bundle.errors import BundleError
from fontTools.ttLib import TTFont

CLIENT = build.ROOT / "client" / "lumbung_client"
# Flet's names end by the style, those of the font's signs, too.
STYLES = ("_OUTLINED", "_ROUNDED", "_SHARP")


@pytest.fixture(scope="module")
def icons() -> fonts.Icons:
    return fonts.icons_of((flutter.web_folder() / "main.dart.js").read_text("utf-8"))


@pytest.fixture(scope="module")
def material() -> bytes:
    return (flutter.web_folder() / "assets/fonts/MaterialIcons-Regular.otf").read_bytes()


def signs(font: bytes) -> dict[int, str]:
    found: dict[int, str] = TTFont(io.BytesIO(font)).getBestCmap()
    return found


def test_the_icons_that_the_app_names_are_the_signs_of_those_names(icons: fonts.Icons, material: bytes) -> None:
    names, all_signs = fonts.named_icons([CLIENT]), signs(material)
    assert len(names) > 80
    for name in names:
        (code,) = fonts.code_points(icons, [name]) - icons.by_itself[fonts.MATERIAL] or {None}
        if code is not None:
            expected = name.lower() if name.endswith(STYLES) else f"{name.lower()}_baseline"
            assert all_signs[code].lstrip("_") == expected


def test_the_font_has_them_and_what_flutter_draws_by_itself_and_is_small(icons: fonts.Icons, material: bytes) -> None:
    wanted = fonts.code_points(icons, fonts.named_icons([CLIENT]))
    small = fonts.only(material, wanted)
    assert set(signs(small)) == {ord(" ")} | wanted & set(signs(material))
    assert len(small) < 40_000
    drawn = set(signs(material)[code] for code in icons.by_itself[fonts.MATERIAL] if code in signs(material))
    assert {"arrow_back_baseline", "close_baseline", "check_baseline", "arrow_drop_down_baseline", "edit_baseline"} <= drawn


def test_the_same_font_is_cut_to_the_same_bytes(icons: fonts.Icons, material: bytes) -> None:
    wanted = fonts.code_points(icons, ["HOME", "ADD"])
    assert fonts.only(material, wanted) == fonts.only(material, wanted)


def test_an_icon_that_flutter_does_not_hold_fails_the_build_by_name(icons: fonts.Icons) -> None:
    nothing = fonts.Icons((None,) * len(icons.material), icons.by_itself)
    assert flet.Icons.HOME.value & fonts.PLACE_BITS < len(icons.material)
    with pytest.raises(BundleError, match="HOME"):
        fonts.code_points(nothing, ["HOME"])


def test_a_program_without_the_lists_fails_the_build() -> None:
    with pytest.raises(BundleError, match=r"main\.dart\.js"):
        fonts.icons_of("something else")
