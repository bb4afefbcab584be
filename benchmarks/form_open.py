"""How soon a form of 30 questions stands on the screen, and whether typing into it ever waits for Python."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from benchmarks.browser_hands import Hands, at_full_speed, described, slowed_app
from benchmarks.browser_heap import full_phone
from benchmarks.figures import Figure, within
from benchmarks.timing import CannotMeasure, Effort
from lumbung_client.store.entries import put_offer
from lumbung_client.ui.texts import texts
from lumbung_shared.forms import Field, FieldType, Form, Option
from lumbung_shared.labels import Label
from lumbung_shared.protocol import Offer
from tests.e2e import semantics
from tests.e2e.driver import Phone

BUDGET, LETTER_BUDGET = 300, 100
"""In ms."""
FIELDS = 30
REGION = "64"
TITLE, FIRST, LAST = "Survei tiga puluh isian", "Isian ke-01", f"Isian ke-{FIELDS}"
TYPES = (
    FieldType.TEXT,
    FieldType.CHOICE,
    FieldType.INTEGER,
    FieldType.DATE,
    FieldType.YES_NO,
    FieldType.DECIMAL,
    FieldType.CHOICES,
    FieldType.RUPIAH,
    FieldType.LONG_TEXT,
    FieldType.PARTICIPANTS,
)
"""Types of its questions, in turn."""
OPTIONS = tuple(
    Option(value, Label(value.capitalize(), value)) for value in ("plastik", "kertas", "logam", "kaca", "minyak")
)
WORDS = texts("id")
BUSY_MS = 300
BEGUN, LETTER = "A", "n"
LETTER_MS = 230
"""Between two keys: a pause in typing is saved after a quarter of a second, so one in some is."""
INK = 8
"""Dark pixels that a letter adds at least. The caret blinks in another colour."""
# Flutter draws text by itself; that a letter is drawn can be seen only in the pixels.
WATCH_INK = """([x, y, width, height, least, letter]) => {
  const canvases = [];
  const walk = (root) => {
    for (const node of root.querySelectorAll('*')) {
      if (node.tagName === 'CANVAS') canvases.push(node);
      if (node.shadowRoot) walk(node.shadowRoot);
    }
  };
  walk(document);
  const area = (node) => node.width * node.height;
  const canvas = canvases.reduce((one, other) => (area(other) > area(one) ? other : one));
  const box = canvas.getBoundingClientRect(), scale = canvas.width / box.width;
  const pen = new OffscreenCanvas(width, height).getContext('2d', {willReadFrequently: true});
  const ink = () => {
    const from = [(x - box.x) * scale, (y - box.y) * scale, width * scale, height * scale];
    pen.clearRect(0, 0, width, height);
    pen.drawImage(canvas, ...from, 0, 0, width, height);
    const {data} = pen.getImageData(0, 0, width, height);
    let dark = 0;
    for (let at = 0; at < data.length; at += 4) {
      dark += data[at + 3] > 0 && data[at] < 90 && data[at + 1] < 90 && data[at + 2] < 90;
    }
    return dark;
  };
  const look = () => {
    const now = window.ink;
    now.dark = ink();
    if (now.dark >= now.before + least) now.drawn = performance.now();
    else requestAnimationFrame(look);
  };
  window.ink = {dark: 0, pressed: 0, before: 0, drawn: 0};
  window.inkAnew = () => new Promise((done) => requestAnimationFrame(() => done((window.ink.dark = ink()))));
  addEventListener('keydown', (event) => {
    if (event.key !== letter) return;
    Object.assign(window.ink, {pressed: event.timeStamp, before: window.ink.dark, drawn: 0});
    requestAnimationFrame(look);
  }, true);
}"""
DRAWN = "() => window.ink.drawn && window.ink.drawn - window.ink.pressed"
KEEP_BUSY = """([ms, turns]) => {
  const work = (left) => {
    const end = performance.now() + ms;
    while (performance.now() < end);
    if (left > 1) setTimeout(work, 0, left - 1);
  };
  setTimeout(work, 0, turns);
}"""


@dataclass
class Times:
    """How long after each tap the first questions were on the screen, and all of them in the form below; ms."""

    shown: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)


def run(effort: Effort) -> Iterator[Figure]:
    """Measure how the form opens, at full speed and slowed, then letters that are typed while Python is kept busy."""
    with full_phone(effort, put_offer(Offer(large_form(), REGION))) as phone:
        hands = Hands(phone)
        _opened(phone, hands, 2)  # the first of everything is slower
        fast = _opened(phone, hands, effort.times(30, 1))
        with slowed_app(phone) as how:
            slow = _opened(phone, hands, effort.times(20, 1))
        note = (
            f"from the finger to the first questions: {at_full_speed(fast.shown)}; all {FIELDS} were there after "
            f"{described(fast.whole)}; {how}: {described(slow.shown)}, all after {described(slow.whole)}"
        )
        yield within("form-open", "ms", fast.shown, BUDGET, note)
        idle, busy = _typed(phone, effort.times(25, 2))
    note = (
        f"from the key to the pixels while Python is busy for {BUSY_MS} ms again and again: {described(busy)}, slowest "
        f"{max(busy):.0f}; while it rests: {described(idle)}"
    )
    yield within("form-open-typing", "ms", busy, LETTER_BUDGET, note)


def large_form() -> Form:
    """Return a form of 30 questions of every common type."""
    every = list[Field]()
    for number in range(FIELDS):
        type_ = TYPES[number % len(TYPES)]
        options = OPTIONS if type_ in (FieldType.CHOICE, FieldType.CHOICES) else ()
        every.append(
            Field(f"f{number}", type_, Label(f"Isian ke-{number + 1:02}", f"Answer {number + 1}"), options=options)
        )
    return Form("survey-of-thirty", 1, Label(TITLE, "Survey of thirty"), "assignment", tuple(every), headline="f0")


def _begin(phone: Phone) -> None:
    phone.tap(WORDS.tab_record, "tab")
    phone.wait_text(WORDS.choose_kind)
    phone.scroll_to(TITLE)


def _opened(phone: Phone, hands: Hands, times: int) -> Times:
    """Open the form so many times, and throw it away."""
    found = Times()
    for _ in range(times):
        _begin(phone)
        phone.page.wait_for_timeout(300)  # until the wheel rests
        shown, whole = hands.tap(TITLE, FIRST, LAST)
        found.shown.append(shown)
        found.whole.append(whole)
        phone.tap(WORDS.save_draft)
        phone.wait_gone(WORDS.save_draft)
        phone.wait_gone(WORDS.draft_saved)  # as it goes it takes the focus from a field
    return found


def _typed(phone: Phone, letters: int) -> tuple[list[float], list[float]]:
    """Type letters into the first question, with Python at rest and kept busy. Returns how long each took, ms."""
    _begin(phone)
    phone.tap(TITLE)
    phone.wait_text(FIRST)
    phone.type_into(FIRST, BEGUN)
    box = semantics.field(phone.nodes(), FIRST)
    if box is None:
        raise CannotMeasure("the question is not on the screen")
    phone.page.evaluate(WATCH_INK, [*map(round, box.box), INK, LETTER])
    idle = _letters(phone, letters)
    phone.type_into(FIRST, BEGUN)
    (worker,) = phone.page.workers
    worker.evaluate(KEEP_BUSY, [BUSY_MS, round(letters * (LETTER_MS * 2) / BUSY_MS) + 4])
    busy = _letters(phone, letters)
    phone.wait_until(lambda: phone.value_of(FIRST) == BEGUN + LETTER * letters, "letters were lost", 10)
    return idle, busy


def _letters(phone: Phone, letters: int) -> list[float]:
    page, found = phone.page, list[float]()
    page.evaluate("window.inkAnew()")
    for _ in range(letters):
        page.keyboard.press(LETTER)
        page.wait_for_timeout(LETTER_MS)
        drawn = float(page.evaluate(DRAWN))
        found.append(drawn or float(phone.wait_until(lambda: page.evaluate(DRAWN), "a letter is never drawn", 10)))
    return found
