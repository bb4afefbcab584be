"""Which network a browser is on, as far as it tells."""

from __future__ import annotations

import js

_KINDS = {"wifi": "wifi", "ethernet": "wifi", "cellular": "mobile"}


def network() -> str:
    """Return `wifi` for a network that costs nothing, `mobile` for one that does, empty when the browser does not say.

    Few do. Who told the browser to save data pays for it, unless the network is known to cost nothing.
    """
    connection = getattr(js.navigator, "connection", None)
    found = _KINDS.get(str(getattr(connection, "type", "")), "")
    return "mobile" if not found and getattr(connection, "saveData", False) else found
