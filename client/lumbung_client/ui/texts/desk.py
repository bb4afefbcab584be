"""The words of the coordinator's desk itself; what is in its drawers has words of its own."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class DeskTexts:
    """Their texts in one language."""

    title: str
    not_yours: str
    not_yours_help: str
    look_at: str
    hand_in: str
    look_after: str
    handovers_lead: str


INDONESIAN = DeskTexts(
    title="Meja koordinator",
    not_yours="Bukan untuk kader",
    not_yours_help="Meja ini untuk koordinator. Kegiatan Anda sendiri ada di Kegiatan, dan kegiatan kader lain ada di Wilayah.",
    look_at="Pantau",
    hand_in="Laporkan",
    look_after="Kelola",
    handovers_lead="Catatan dari ponsel yang izinnya dicabut, yang menunggu keputusan Anda.",
)

ENGLISH = DeskTexts(
    title="Coordinator's desk",
    not_yours="Not for cadres",
    not_yours_help="This desk is for coordinators. Your activities are under Activities, those of your region in the feed.",
    look_at="Watch",
    hand_in="Hand in",
    look_after="Look after",
    handovers_lead="Records from phones without permission that wait for your decision.",
)
