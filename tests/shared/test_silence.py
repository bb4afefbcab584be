"""The link by which one writes to somebody."""

from __future__ import annotations

import pytest

from lumbung_shared.silence import whatsapp_link


@pytest.mark.parametrize("number", ["+628125550100", "628125550100"])
def test_a_mobile_number_is_a_link_that_holds_nothing_but_digits(number: str) -> None:
    assert whatsapp_link(number) == "https://wa.me/628125550100"


@pytest.mark.parametrize(
    "number", ["", "+6254821234", "0812", "+62812", "+62812555010\uff10", "+628125550100/?x=1", "+1212555"]
)
def test_what_is_no_mobile_number_of_indonesia_is_no_link(number: str) -> None:
    assert whatsapp_link(number) == ""
