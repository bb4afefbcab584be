"""One-time codes are those of RFC 6238, and count for the step before and after."""

from __future__ import annotations

import pytest

from lumbung_server.services import totp

SECRET = b"12345678901234567890"
# RFC 6238, appendix B: seconds and the last six digits of the code for SHA-1.
VECTORS = {
    59: "287082",
    1_111_111_109: "081804",
    1_111_111_111: "050471",
    1_234_567_890: "005924",
    2_000_000_000: "279037",
    20_000_000_000: "353130",
}


@pytest.mark.parametrize("second", VECTORS)
def test_codes_are_those_of_the_standard(second: int) -> None:
    assert totp.code_at(SECRET, second // 30) == VECTORS[second]
    assert totp.step_of(SECRET, VECTORS[second], second * 1000) == second // 30


def test_a_code_of_the_step_before_and_after_counts_and_no_other() -> None:
    now = 1_795_000_000_000
    here = now // 30_000
    found = {drift: totp.step_of(SECRET, totp.code_at(SECRET, here + drift), now) for drift in range(-3, 4)}
    assert found == {-3: None, -2: None, -1: here - 1, 0: here, 1: here + 1, 2: None, 3: None}


WIDE_DIGITS = "\uff12\uff18\uff17\uff10\uff18\uff12"


@pytest.mark.parametrize("code", ["", "28708", "2870822", "28708x", WIDE_DIGITS, "\ud800" * 6])
def test_what_is_no_code_is_none(code: str) -> None:
    assert totp.step_of(SECRET, code, 59_000) is None


def test_a_secret_is_scanned_or_typed() -> None:
    assert totp.as_text(SECRET) == "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    said = totp.address(SECRET, "koor.bontang")
    assert said.startswith("otpauth://totp/Lumbung:koor.bontang?")
    assert {"secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "issuer=Lumbung", "digits=6", "period=30"} <= set(
        said.partition("?")[2].split("&")
    )
