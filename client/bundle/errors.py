"""The one error of the bundle build."""

from __future__ import annotations


class BundleError(Exception):
    """The bundle cannot be assembled; the text says what is wrong and what to do about it."""
