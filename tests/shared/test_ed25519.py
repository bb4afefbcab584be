"""A signature of the standard's is known, and nothing else is taken for one."""

from __future__ import annotations

import pytest

from lumbung_shared.ed25519 import _ORDER, _P, is_signature
from tests.shared.signing import public_of, signature

# RFC 8032, section 7.1: secret, public, message, signature.
VECTORS = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595b"
        "be24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb430"
        "2aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716e"
        "d28dc027beceea1ec40a",
    ),
]


@pytest.mark.parametrize(("secret", "public", "message", "signed"), VECTORS)
def test_signatures_of_the_standard_are_known(secret: str, public: str, message: str, signed: str) -> None:
    said = bytes.fromhex(message)
    assert is_signature(bytes.fromhex(public), bytes.fromhex(signed), said)
    assert public_of(bytes.fromhex(secret)).hex() == public
    assert signature(bytes.fromhex(secret), said).hex() == signed


@pytest.mark.parametrize("place", [0, 5, 31, 32, 50, 63])
def test_a_signature_in_which_a_bit_is_another_is_none(place: int) -> None:
    _, public, message, signed = VECTORS[2]
    changed = bytearray.fromhex(signed)
    changed[place] ^= 1
    assert not is_signature(bytes.fromhex(public), bytes(changed), bytes.fromhex(message))


def test_a_signature_is_of_one_message_and_one_key() -> None:
    (_, other, _, _), (_, public, message, signed) = VECTORS[:2]
    assert not is_signature(bytes.fromhex(public), bytes.fromhex(signed), bytes.fromhex(message) + b" ")
    assert not is_signature(bytes.fromhex(other), bytes.fromhex(signed), bytes.fromhex(message))


def test_the_same_signature_written_in_another_way_is_none() -> None:
    _, public, message, signed = VECTORS[1]
    plain = bytes.fromhex(signed)
    scalar = int.from_bytes(plain[32:], "little") + _ORDER
    again = plain[:32] + scalar.to_bytes(32, "little")
    assert not is_signature(bytes.fromhex(public), again, bytes.fromhex(message))


@pytest.mark.parametrize(
    "public", [b"", b"\0" * 31, b"\0" * 33, _P.to_bytes(32, "little"), (1 | 1 << 255).to_bytes(32, "little")]
)
def test_what_is_no_key_signed_nothing(public: bytes) -> None:
    _, _, message, signed = VECTORS[0]
    assert not is_signature(public, bytes.fromhex(signed), bytes.fromhex(message))


@pytest.mark.parametrize("length", [0, 63, 65])
def test_what_is_as_long_as_no_signature_is_none(length: int) -> None:
    _, public, message, signed = VECTORS[0]
    assert not is_signature(bytes.fromhex(public), (bytes.fromhex(signed) * 2)[:length], bytes.fromhex(message))


def test_numbers_that_stand_for_no_point_signed_nothing() -> None:
    """About every second number stands for none."""
    _, _, message, signed = VECTORS[0]
    for y in range(2, 40):
        assert not is_signature(y.to_bytes(32, "little"), bytes.fromhex(signed), bytes.fromhex(message))
