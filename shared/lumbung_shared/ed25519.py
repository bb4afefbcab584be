"""Check an Ed25519 signature (RFC 8032, section 5.1.7). Pure, in plain Python: there is no library for it in a browser.

Nothing here is secret, so that nothing needs to take the same time. Signing is the server's alone, with a library.
"""

from __future__ import annotations

import hashlib
from typing import Final, TypeAlias

_P: Final = 2**255 - 19
_ORDER: Final = 2**252 + 27742317777372353535851937790883648493
_D: Final = -121665 * pow(121666, -1, _P) % _P
_ROOT_OF_MINUS_ONE: Final = pow(2, (_P - 1) // 4, _P)
_KEY_BYTES, _SIGNATURE_BYTES = 32, 64
_Point: TypeAlias = tuple[int, int, int, int]
"""Extended homogeneous coordinates X, Y, Z, T of a point: x = X/Z, y = Y/Z, x·y = T/Z."""
_NEUTRAL: Final[_Point] = (0, 1, 1, 0)
_X: Final = 15112221349535400772501151409588531511454012693041857206046113283949847762202
_Y: Final = 46316835694926478169428394003475163141307993866256225615783033603165251855960
_BASE: Final[_Point] = (_X, _Y, 1, _X * _Y % _P)


def is_signature(public: bytes, signature: bytes, message: bytes) -> bool:
    """Tell whether a signature of a message was made with the private half of a public key; what is none is no."""
    if len(public) != _KEY_BYTES or len(signature) != _SIGNATURE_BYTES:
        return False
    key, scalar = _decoded(public), int.from_bytes(signature[32:], "little")
    if key is None or scalar >= _ORDER:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % _ORDER
    # Its first half is the point that is left of scalar times the base when the key's part is taken off.
    return _encoded(_sum(scalar, _BASE, challenge, _negative(key))) == signature[:32]


def _added(one: _Point, other: _Point) -> _Point:
    a = (one[1] - one[0]) * (other[1] - other[0]) % _P
    b = (one[1] + one[0]) * (other[1] + other[0]) % _P
    c = 2 * one[3] * other[3] * _D % _P
    d = 2 * one[2] * other[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % _P, g * h % _P, f * g % _P, e * h % _P)


def _negative(point: _Point) -> _Point:
    return (-point[0] % _P, point[1], point[2], -point[3] % _P)


def _sum(one: int, point: _Point, other: int, second: _Point) -> _Point:
    """Return `one` times a point plus `other` times a second one, bit by bit of both at once."""
    steps = {(1, 0): point, (0, 1): second, (1, 1): _added(point, second)}
    total = _NEUTRAL
    for place in reversed(range(_ORDER.bit_length())):
        total = _added(total, total)
        bits = (one >> place & 1, other >> place & 1)
        if bits in steps:
            total = _added(total, steps[bits])
    return total


def _encoded(point: _Point) -> bytes:
    inverse = pow(point[2], -1, _P)
    x, y = point[0] * inverse % _P, point[1] * inverse % _P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def _decoded(encoded: bytes) -> _Point | None:
    """Return the point that 32 bytes stand for; None if they stand for none."""
    number = int.from_bytes(encoded, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if y >= _P:
        return None
    x = _x_of(y, sign)
    return None if x is None else (x, y, 1, x * y % _P)


def _x_of(y: int, sign: int) -> int | None:
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT_OF_MINUS_ONE % _P
    if (x * x - square) % _P or (x == 0 and sign):
        return None
    return x if x & 1 == sign else _P - x
