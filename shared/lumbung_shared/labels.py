"""A text in the two languages that people read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Label:
    """A text in Indonesian and English."""

    id: str
    en: str

    def within(self, language: str) -> str:
        """Return the text in a language (`id` or `en`)."""
        return self.en if language == "en" else self.id
