"""Which pictures answers name, and what the answer to a question for a photo looks like."""

from __future__ import annotations

from typing import Any

import pytest

from lumbung_shared.forms import Field, FieldType
from lumbung_shared.labels import Label
from lumbung_shared.photos import is_picture, is_picture_name, named_in, whole_in
from lumbung_shared.shapes import fits

WHOLE, SMALL = "a" * 64, "b" * 64
PHOTO: dict[str, Any] = {"sha256": WHOLE, "bytes": 9, "width": 4, "height": 3}
THUMBNAIL: dict[str, Any] = {"sha256": SMALL, "bytes": 2}
QUESTION = Field("photo", FieldType.PHOTO, Label("Foto", "Photo"))


def test_every_picture_in_answers_is_named_however_deep_it_stands() -> None:
    answers = [{"photo": {**PHOTO, "thumbnail": THUMBNAIL}, "notes": "sha256"}, [({"sha256": "x"},)], None, 5]
    assert list(named_in(answers)) == [WHOLE, SMALL, "x"]
    assert list(named_in([{"sha256": 5, "of": {"sha256": WHOLE}}])) == [WHOLE]


@pytest.mark.parametrize("name", ["", "A" * 64, "a" * 63, "a" * 65, "../" * 21 + "a", None, 5])
def test_a_picture_is_named_by_its_digest_and_by_nothing_else(name: object) -> None:
    assert is_picture_name(WHOLE)
    assert not is_picture_name(name)
    assert not is_picture({"sha256": name, "bytes": 1})


@pytest.mark.parametrize("size", [0, -1, True, "9", None, 2**53])
def test_a_picture_has_a_size_that_is_one(size: object) -> None:
    assert is_picture(THUMBNAIL)
    assert not is_picture({"sha256": WHOLE, "bytes": size})
    assert not fits(QUESTION, {**PHOTO, "width": size})  # type: ignore[dict-item]


@pytest.mark.parametrize(
    "thumbnail", [None, {}, "b", {"sha256": SMALL}, {**THUMBNAIL, "width": 1}, {"sha256": "b", "bytes": 2}]
)
def test_a_photo_may_have_a_small_copy_that_is_a_picture(thumbnail: Any) -> None:
    assert fits(QUESTION, PHOTO)
    assert fits(QUESTION, {**PHOTO, "thumbnail": THUMBNAIL})
    assert not fits(QUESTION, {**PHOTO, "thumbnail": thumbnail})
    assert not fits(QUESTION, "a photo")


def test_whole_photos_are_found_however_deep_and_thumbnails_are_none() -> None:
    answers = [{"photo": {**PHOTO, "thumbnail": THUMBNAIL}, "notes": "sha256"}, [({"sha256": "x"},)], None, 5]
    assert list(whole_in(answers)) == [WHOLE, "x"]
