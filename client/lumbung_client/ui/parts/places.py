"""Where an activity can be recorded: the person's own regions, by name."""

from __future__ import annotations

from collections.abc import Mapping

from lumbung_client.session.views import Identity
from lumbung_shared.regions import Level, covered, level


def choosable_places(identity: Identity | None) -> list[tuple[str, str]]:
    """Return code and name of the person's own regions down to the village; villages first, by name."""
    if identity is None:
        return []
    own = [grant.region for grant in identity.grants]
    villages_only = all(level(region) is Level.VILLAGE for region in own)
    codes = [code for code in identity.regions if covered(code, own)]
    named = [(code, _full_name(identity.regions, code, villages_only)) for code in codes]
    return sorted(named, key=lambda pair: (-level(pair[0]), pair[1]))


def _full_name(names: Mapping[str, str], code: str, short: bool) -> str:
    above = names.get(code.rpartition(".")[0], "")
    return names[code] if short or not above or level(code) is not Level.VILLAGE else f"{names[code]}, {above}"
