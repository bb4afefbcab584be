"""Say on the terminal what a person needs to begin. Prints; decides nothing."""

from __future__ import annotations

import io
import sys

import segno

from lumbung_server.services.demo import LOGINS_FILE, Demo
from lumbung_server.services.invitations import enrolment_link


def say(text: str) -> None:
    """Print one line of progress."""
    print(f"lumbung: {text}", flush=True)  # noqa: T201 - the command's own output


# White on black whatever the terminal's own colours are: most scanners do not read a code with the two swapped.
_WHITE_ON_BLACK, _AS_BEFORE = "\x1b[38;5;231;48;5;16m", "\x1b[0m"


def qr_lines(link: str, *, coloured: bool = False) -> str:
    """Return a QR code made of characters, two modules a line. `coloured`: for a terminal, with escape sequences."""
    drawn = io.StringIO()
    segno.make(link, error="l", micro=False).terminal(out=drawn, compact=True)
    lines = drawn.getvalue().splitlines()
    return "\n".join(f"{_WHITE_ON_BLACK}{line}{_AS_BEFORE}" if coloured else line for line in lines)


def announce(demo: Demo) -> None:
    """Print address, codes with their QR, and logins."""
    lines = ["", f"Lumbung berjalan di {demo.address}", "", "Kode pendaftaran untuk kader (sekali pakai):"]
    for one in demo.codes:
        lines += ["", qr_lines(enrolment_link(demo.address, one.code), coloured=sys.stdout.isatty())]
        lines += [f"  {one.code}   {one.name}, {one.region_name}"]
    lines += ["", f"Akun koordinator (tersimpan di {LOGINS_FILE}):"]
    width = max((len(one.login) for one in demo.logins), default=0)
    lines += [f"  {one.login:<{width}}  {one.password}   {one.name}, {one.region_name}" for one in demo.logins]
    # The codes have pushed the first line out of sight by now.
    lines += ["", f"Buka {demo.address} di peramban. Tekan Ctrl+C untuk berhenti.", ""]
    print("\n".join(lines), flush=True)  # noqa: T201 - the command's own output
