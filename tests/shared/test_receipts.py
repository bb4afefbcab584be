"""A receipt by itself: signed or not, found by a name that nobody makes up, and whole after a trip through a chat."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbung_shared.codec import Malformed, to_wire
from lumbung_shared.protocol import Receipt
from lumbung_shared.receipts import armoured, is_signed, place_in, receipt_in, receipt_name, receipt_path, short_digest
from tests.shared.signing import KEY_ID, keys, sealed

ROOT = "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b"
RECEIPT = sealed(Receipt("3", 17, 1_795_305_700_500, "0a1b2c3d4e5f6g7h", (1, 2, 5), ROOT))


def test_a_receipt_is_known_by_the_servers_public_key() -> None:
    assert is_signed(RECEIPT, keys())


@pytest.mark.parametrize(
    "changes",
    [
        {"number": 18},
        {"time": RECEIPT.time + 1},
        {"numbers": (1, 2)},
        {"root": ROOT[::-1]},
        {"home": "4"},
        {"replica": "0a1b2c3d4e5f6g7i"},
        {"key": "lain"},
        {"signature": ""},
        {"signature": RECEIPT.signature[:-4]},
        {"signature": RECEIPT.signature + "=!"},
        {"number": 2**60},
    ],
)
def test_a_receipt_of_which_anything_was_changed_is_not_signed(changes: dict[str, Any]) -> None:
    assert not is_signed(replace(RECEIPT, **changes), keys())


@pytest.mark.parametrize("public", ["", "kunci", "A" * 43, "\N{BULLET}" * 43])
def test_with_a_key_that_is_none_nothing_is_signed(public: str) -> None:
    assert not is_signed(RECEIPT, {KEY_ID: public})


def test_a_receipt_has_a_name_in_which_people_read_its_number() -> None:
    name = receipt_name(RECEIPT)
    assert name.startswith("3-17-")
    assert place_in(name) == ("3", 17)
    assert receipt_path(RECEIPT) == f"/bukti/{name}"


def test_the_name_is_that_of_no_other_receipt_not_even_of_the_same_one_unsigned() -> None:
    others = [
        replace(RECEIPT, time=RECEIPT.time + 1),
        replace(RECEIPT, signature=""),
        replace(RECEIPT, root=ROOT[::-1]),
    ]
    assert receipt_name(RECEIPT) not in {receipt_name(one) for one in others}


@pytest.mark.parametrize(
    "name",
    [
        "",
        "3-17",
        "3-17-",
        f"3-17-{'a' * 19}",
        f"3-17-{'a' * 21}",
        f"3-17-{'A' * 20}",
        f"-1-17-{'a' * 20}",
        f"x-1-{'a' * 20}",
        f"{'1' * 10}-1-{'a' * 20}",
        f"1-{'1' * 16}-{'a' * 20}",
        f"\N{ARABIC-INDIC DIGIT ONE}-1-{'a' * 20}",
        f"3-17-{'a' * 20}\n",
        f"3-17-{'a' * 20}/",
    ],
)
def test_what_names_no_receipt_is_at_no_place(name: str) -> None:
    assert place_in(name) is None


def test_the_beginning_of_a_digest_can_be_compared_by_eye() -> None:
    assert short_digest(ROOT) == "6b86 b273 ff34 fce1"


def test_a_shared_receipt_is_read_again_as_it_was() -> None:
    assert receipt_in(armoured(RECEIPT)) == RECEIPT
    assert (
        receipt_in(f"Bukti terima Lumbung No. 3-17\nPeriksa: https://x\n\n{armoured(RECEIPT)}\nTerima kasih") == RECEIPT
    )
    assert receipt_in(json.dumps(to_wire(RECEIPT))) == RECEIPT
    assert max(map(len, armoured(replace(RECEIPT, numbers=tuple(range(1, 201)))).splitlines())) == 64


@given(st.integers(1, 100), st.sampled_from(["\n", "\r\n", "\n> ", "\n\n", " "]))
def test_however_a_chat_or_a_mail_breaks_the_lines_nothing_is_lost(width: int, end: str) -> None:
    begin, *inside, last = armoured(RECEIPT).split("\n")
    text = "".join(inside)
    lines = [text[place : place + width] for place in range(0, len(text), width)]
    assert receipt_in(end.join([begin, *lines, last])) == RECEIPT


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Halo",
        "[]",
        "{}",
        "{",
        armoured(RECEIPT).replace("END LUMBUNG", ""),
        armoured(RECEIPT)[:80] + armoured(RECEIPT)[-40:],
        "BEGIN LUMBUNG RECEIPT END LUMBUNG RECEIPT",
        "BEGIN LUMBUNG RECEIPT e30= END LUMBUNG RECEIPT",
    ],
)
def test_a_text_without_a_whole_receipt_holds_none(text: str) -> None:
    with pytest.raises(Malformed):
        receipt_in(text)
