"""Every word of the interface, in Indonesian and English. Nothing is written anywhere else."""

from __future__ import annotations

from collections.abc import Mapping

from lumbung_client.ui.texts.catalogue import Texts
from lumbung_client.ui.texts.counted import counting
from lumbung_client.ui.texts.english import ENGLISH
from lumbung_client.ui.texts.indonesian import INDONESIAN

__all__ = ["LANGUAGES", "Texts", "texts"]

LANGUAGES: Mapping[str, Texts] = {"id": counting(INDONESIAN, "id"), "en": counting(ENGLISH, "en")}


def texts(language: str) -> Texts:
    """Return the catalogue of a language; Indonesian when it is not known."""
    return LANGUAGES.get(language, LANGUAGES["id"])
