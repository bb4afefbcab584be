"""What the browser tests find wrong with a screen, tried on drawn ones: no browser is needed."""

from __future__ import annotations

from PIL import Image, ImageDraw

from tests.e2e.accessible import faint, faults
from tests.e2e.semantics import Node

GROUND = (246, 251, 242)


def node(name: str, x: float, y: float, width: float, height: float, role: str = "button", **more: bool) -> Node:
    """Make a node of a tree."""
    look = {
        "tappable": True,
        "field": False,
        "focused": False,
        "disabled": False,
        "heading": False,
        "cut": False,
        **more,
    }
    return Node(name=name, detail="", role=role, value="", state="", x=x, y=y, width=width, height=height, **look)


def picture(*lines: tuple[int, tuple[int, int, int]]) -> Image.Image:
    """Draw lines of text at heights, each in a colour, at twice the density of the screen."""
    drawn = Image.new("RGB", (400, 400), GROUND)
    for y, colour in lines:
        for x in range(40, 90, 10):
            ImageDraw.Draw(drawn).rectangle((x, y * 2, x + 4, y * 2 + 20), fill=colour)
    return drawn


HEADING = node("Kegiatan", 0, 0, 100, 30, role="", tappable=False, heading=True)


def test_a_target_without_a_name_too_small_or_beyond_the_side_is_a_fault() -> None:
    nodes = [
        HEADING,
        node("", 0, 0, 48, 48),
        node("Kirim", 0, 50, 48, 40),
        node("Simpan", 320, 100, 80, 48),
        node("Selesai", 0, 150, 360, 48),
    ]
    assert faults(nodes, 360, 800) == [
        "(button at 0, 0) has no name",
        "Kirim is 48 by 40",
        "Simpan reaches beyond the side",
    ]


def test_words_that_go_on_beyond_the_side_are_a_fault_too() -> None:
    text = node("Biarkan ponsel lain tetap masuk", 20, 100, 400, 20, role="", tappable=False)
    assert faults([HEADING, text], 360, 800) == ["Biarkan ponsel lain tetap masuk reaches beyond the side"]


def test_what_an_edge_cuts_is_looked_at_when_it_is_scrolled_into_sight() -> None:
    assert faults([HEADING, node("Kirim", 0, 780, 100, 48)], 360, 800) == []
    assert faults([HEADING, node("Kirim", 0, 700, 100, 20, cut=True)], 360, 800) == []


def test_a_screen_has_a_heading_unless_something_lies_over_it() -> None:
    button = node("Kirim", 0, 0, 100, 48)
    assert faults([button], 360, 800) == ["no heading"]
    assert faults([button, node("", 0, 0, 300, 300, role="alertdialog", tappable=False)], 360, 800) == []


def test_ink_that_is_too_near_to_its_ground_is_faint() -> None:
    seen = picture((10, (24, 29, 24)), (60, (170, 170, 170)))
    nodes = [node("Judul", 10, 5, 150, 30, tappable=False), node("Pucat", 10, 55, 150, 30, tappable=False)]
    (said,) = faint(nodes, seen, 2)
    assert said.startswith("Pucat has a contrast of 2.")


def test_each_line_of_a_row_is_looked_at() -> None:
    seen = picture((10, (24, 29, 24)), (30, (170, 170, 170)))
    assert faint([node("Judul\nPucat", 5, 5, 150, 48)], seen, 2)


def test_an_icon_is_a_shape_and_needs_less() -> None:
    seen = picture((10, (113, 121, 112)))
    assert not faint([node("Naik", 10, 2, 48, 48)], seen, 2)
    assert faint([node("Naik", 10, 2, 48, 48, role="", tappable=False)], seen, 2)


def test_what_cannot_be_used_and_what_only_holds_others_is_left_out() -> None:
    seen = picture((10, (170, 170, 170)))
    assert not faint([node("Mati", 10, 2, 150, 48, disabled=True)], seen, 2)
    inner = node("Di dalam", 10, 100, 100, 20, role="", tappable=False)
    assert not faint([node("Kelompok", 5, 2, 190, 190, role="group", tappable=False), inner], seen, 2)


def test_a_rule_between_lines_is_no_text() -> None:
    drawn = picture((10, (24, 29, 24)))
    ImageDraw.Draw(drawn).rectangle((10, 80, 300, 82), fill=(193, 201, 190))
    assert not faint([node("Judul", 5, 2, 180, 60)], drawn, 2)


def test_bars_and_round_corners_are_no_text() -> None:
    drawn = picture((10, (24, 29, 24)))
    ImageDraw.Draw(drawn).rounded_rectangle((10, 80, 300, 110), 15, fill=(193, 201, 190))
    assert not faint([node("Terjangkau", 5, 2, 180, 60)], drawn, 2)
