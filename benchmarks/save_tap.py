"""How soon a tap on *Selesai* is confirmed, with 5,000 activities on the phone and no network: the whole app."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field

from benchmarks.browser_hands import Hands, at_full_speed, described, slowed_app
from benchmarks.browser_heap import full_phone
from benchmarks.figures import Figure, within
from benchmarks.timing import Effort
from lumbung_client.ui.texts import texts
from tests.e2e.driver import Phone
from tests.e2e.steps import begin, fill

BUDGET = 100
"""In ms."""
KIND, FIELD = "Rapat koordinasi (Rakor)", "Agenda rapat *"
THINKING_MS = 1_500
"""What a person needs at least between the last letter and the tap."""
WORDS = texts("id")


@dataclass
class Times:
    """How long after each tap the app said that the activity is saved, and how long after it stood in the list, ms."""

    said: list[float] = field(default_factory=list)
    listed: list[float] = field(default_factory=list)


def run(effort: Effort) -> Iterator[Figure]:
    """Measure forms that are finished: until it is said that all is saved, and until it stands in the list."""
    numbers = itertools.count(1)
    with full_phone(effort) as phone:
        phone.go_offline()
        hands = Hands(phone)
        _finished(phone, hands, numbers, 2)  # the first of everything is slower
        fast = _finished(phone, hands, numbers, effort.times(30, 1))
        with slowed_app(phone) as how:
            slow = _finished(phone, hands, numbers, effort.times(20, 1))
    for name, times, beside, what in (
        ("save-tap", fast.said, slow.said, f"from the finger to “{WORDS.finished_saved}”"),
        ("save-tap-list", fast.listed, slow.listed, "from the finger to the activity in the list"),
    ):
        note = f"{what}: {at_full_speed(times)}; {how}: {described(beside)}"
        yield within(name, "ms", times, BUDGET, note)


def _finished(phone: Phone, hands: Hands, numbers: Iterator[int], times: int) -> Times:
    """Fill in and finish so many forms."""
    found = Times()
    for number in itertools.islice(numbers, times):
        agenda = f"Rakor uji ke-{number}"
        begin(phone, KIND)
        fill(phone, FIELD, agenda)
        phone.page.wait_for_timeout(THINKING_MS)
        said, listed = hands.tap(WORDS.finish, WORDS.finished_saved, agenda)
        found.said.append(said)
        found.listed.append(listed)
        phone.wait_gone(WORDS.save_draft)
        phone.wait_gone(WORDS.finished_saved)
    return found
