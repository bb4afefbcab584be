"""A picture of lines and a code: everything stands in it, nothing upon another, and nothing is cut off."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lumbung_client.session.poster import MARGIN, WIDTH, broken, laid_out

CODE = (b"\1\0\1", b"\0\1\0", b"\1\1\1")
words = st.text(st.characters(codec="ascii", exclude_characters=" \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f"), min_size=1)


@given(st.lists(words, max_size=12), st.integers(1, 40))
def test_a_broken_text_loses_no_letter_and_no_line_is_too_long(said: list[str], most: int) -> None:
    lines = broken(" ".join(said), most)
    assert all(len(line) <= most for line in lines)
    assert "".join(lines).replace(" ", "") == "".join(said)


def test_a_text_is_broken_between_words() -> None:
    assert broken("Diterima server pada pagi hari", 16) == ["Diterima server", "pada pagi hari"]
    assert broken("", 16) == [""]


def test_the_code_stands_between_the_texts_with_white_around_it() -> None:
    poster = laid_out([("Judul", 40), ("isi " * 60, 28)], CODE, [("alamat", 24)])
    squares, lines = poster.squares, poster.lines
    side = squares[0].side
    assert len(squares) == sum(map(sum, CODE))
    assert {one.side for one in squares} == {side}
    above = [line for line in lines if line.y < squares[0].y]
    assert [line.text for line in lines if line not in above] == ["alamat"]
    assert min(one.y for one in squares) >= max(line.y + line.size for line in above) + 4 * side - above[-1].size
    assert max(one.y for one in squares) + 5 * side <= lines[-1].y
    assert min(one.x for one in squares) >= MARGIN + 4 * side - side
    assert max(one.x for one in squares) + side <= WIDTH - MARGIN
    assert lines[-1].y + lines[-1].size <= poster.height - MARGIN + lines[-1].size
    tops = [line.y for line in lines]
    assert tops == sorted(tops)
    assert len(set(tops)) == len(tops)
