"""Which of two versions of the app is older: numbers apart by dots, such as `0.9.2`."""

from __future__ import annotations


def is_release(version: str) -> bool:
    """Tell whether a text names a version."""
    return all(part.isascii() and part.isdecimal() and len(part) < 10 for part in version.split("."))


def is_older(version: str, than: str) -> bool:
    """Tell whether one version is older than another. What names no version is not known to be older than anything."""
    if not is_release(version) or not is_release(than):
        return False
    return _numbers(version) < _numbers(than)


def _numbers(version: str) -> list[int]:
    numbers = [int(part) for part in version.split(".")]
    while numbers and not numbers[-1]:
        numbers.pop()  # 0.9.0 is 0.9
    return numbers
