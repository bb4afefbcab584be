"""Texts as they are searched: without capitals and accents, and the words in them."""

from __future__ import annotations

import re
import unicodedata

LONGEST_WORD = 40
"""Letters of a word that count."""
_WORD = re.compile(r"[^\W_]+")


def folded(text: str) -> str:
    """Return a text as it is searched: without capitals and without accents."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def words_in(text: str) -> list[str]:
    """Return the words of a text, folded: letters and digits alone, as often as they stand there."""
    found = _WORD.findall(folded(text))
    return [word[:LONGEST_WORD] for word in found] if len(text) > LONGEST_WORD else found
