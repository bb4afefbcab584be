"""The messages between phone and server, version 1. `docs/protocol.md` is their normative description."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from lumbung_shared.canonical import Json
from lumbung_shared.erasure import ERASED_TEXT
from lumbung_shared.forms import Form
from lumbung_shared.labels import Label
from lumbung_shared.records import RecordState
from lumbung_shared.times import Heard
from lumbung_shared.writes import PhoneTime

PROTOCOL = 1
SERVED = (PROTOCOL,)
"""The versions that a server of this release answers, each in its own terms: the one before, if any, and this one."""
MAX_WRITES = 200
"""Writes in one batch."""
MAX_BODY_BYTES = 2_000_000
"""Size of a request body after decompression."""
PAGE_RECORDS = 200
"""Records in one page of changes."""
ERASED_NAME = ERASED_TEXT
"""What a person is called who was erased on request; an app says it in its own language."""
MAX_OTHERS = 20
"""So many activities that another stands for are told with it."""
WINDOW_DAYS = 90
"""A first fill brings the records of so many days, besides the person's own."""


class Role(StrEnum):
    """What a person does in a region."""

    CADRE = "cadre"
    DISTRICT_COORDINATOR = "district-coordinator"
    REGENCY_COORDINATOR = "regency-coordinator"
    PROVINCE_COORDINATOR = "province-coordinator"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True)
class Grant:
    """A role in a region and its subtree. `version` counts the changes of a person's grants."""

    region: str
    role: str
    version: int = 1


@dataclass(frozen=True)
class EnrolRequest:
    """A phone asks to be admitted with a code. `replica` was made by the phone; `device` names it for people."""

    code: str
    replica: str
    device: str = ""


@dataclass(frozen=True)
class LoginRequest:
    """A coordinator's browser asks to be admitted with login name and password. `code`: of the second step, or a
    recovery code, where the account has that."""

    login: str
    password: str
    replica: str
    device: str = ""
    code: str = ""


@dataclass(frozen=True)
class Person:
    """A person as others see them."""

    id: str
    name: str
    organisation: str = ""
    profession: str = ""


@dataclass(frozen=True)
class Admission:
    """The answer to enrolment and login: the device token (shown once), who the person is, and where they work.

    `expires` and `now`: ms since 1970. `regions`: code to name, the person's kabupaten/kota with all below it.
    `login`: the name of their account, if they have one.
    """

    token: str
    expires: int
    replica: str
    person: Person
    grants: tuple[Grant, ...]
    regions: Mapping[str, str]
    epoch: str
    now: int
    login: str = ""


@dataclass(frozen=True)
class ServedVersions:
    """What a server takes: versions of the protocol, and the oldest version of the app, empty for every one."""

    protocols: tuple[int, ...]
    oldest: str = ""


@dataclass(frozen=True)
class Standing:
    """What a phone says it holds that the server has not, beside what the request with it carries.

    `records`: with something that waits, of which the server `refused` so many; `drafts`: begun and not finished;
    `photos`: whole ones that are not known to have arrived. `oldest`: when the oldest change that waits was made, ms, 0
    for none; `free`: bytes of storage left, below 0 where the phone cannot know.
    """

    records: int = 0
    refused: int = 0
    drafts: int = 0
    photos: int = 0
    oldest: int = 0
    free: int = -1


@dataclass(frozen=True)
class SyncRequest:
    """One batch of writes up, and the place from which the phone wants the news.

    `writes` stay plain here: each is read on its own, so that one bad write does not spoil the batch.
    `cursor`: as the server gave it, empty at first. `time`: the phone's clocks when it sent this; `heard`: those and
    the server's at the last answer that this store got, if it got one. `seen`: the cursor of before, from who reads the
    news again from the start: it tells the server what this phone was told once, and nothing is read from there.
    `standing`: what the phone holds besides; nothing is decided by it.
    """

    protocol: int
    replica: str
    time: PhoneTime
    writes: tuple[Json, ...] = ()
    cursor: str = ""
    app: str = ""
    heard: Heard | None = None
    seen: str = ""
    standing: Standing | None = None


class Result(StrEnum):
    """What became of one write."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"  # the same write is stored already
    FORK = "fork"  # another write is stored under this name
    REJECTED = "rejected"


@dataclass(frozen=True)
class Outcome:
    """What became of write `n`. `at`: its effective time in ms; `code` and `path` say why it was rejected.

    `flags`: codes of what the server corrected about an accepted write. `gone`: this write is stored already, and its
    record was deleted since.
    """

    n: int
    result: str
    at: int = 0
    code: str = ""
    path: str = ""
    flags: tuple[str, ...] = ()
    gone: bool = False


@dataclass(frozen=True)
class Receipt:
    """Proof that the server holds writes `numbers` of `replica`.

    `root`: `writes.batch_root` over the digests of those writes as sent, by rising number;
    `signature`: Ed25519 by `key` over the canonical form of the receipt without it, base64url without padding.
    A home numbers its receipts from 1.
    """

    home: str
    number: int
    time: int
    replica: str
    numbers: tuple[int, ...]
    root: str
    key: str = ""
    signature: str = ""


@dataclass(frozen=True)
class Offer:
    """A published version of a form, and where one may begin with it.

    `region`: there and below; `since`: ISO day, empty for always; `withdrawn`: nobody begins with it any more, what was
    begun goes on. `number`: rises with each change of the server's offers.
    """

    form: Form
    region: str
    since: str = ""
    withdrawn: bool = False
    number: int = 0


@dataclass(frozen=True)
class OfferPage:
    """Offers in the order of their changes. `next`: ask again after this number; 0 when these are all."""

    offers: tuple[Offer, ...]
    next: int = 0


@dataclass(frozen=True)
class PublishRequest:
    """A coordinator publishes a form: a new kind, or the next version of one. Its version is given by the server.

    `region`: one that they coordinate; `since`: ISO day from which one may begin with it, empty for at once.
    """

    form: Form
    region: str
    since: str = ""


@dataclass(frozen=True)
class WithdrawRequest:
    """A coordinator says that nobody begins with a version of a form any more."""

    kind: str
    version: int


@dataclass(frozen=True)
class WantedRequest:
    """A coordinator asks for a picture of a record that has not arrived: whoever's writes name it send it again."""

    record: str
    sha256: str


@dataclass(frozen=True)
class Page:
    """News of the person's regions: whole states of changed records, deleted ones with no heads.

    `forms`: offers that are new or changed. `left`: ids of records that moved out of the person's regions. `more`: ask
    again at once with `cursor`.
    `people`: id to name and organisation of everybody the records mention.
    """

    cursor: str
    records: tuple[RecordState, ...] = ()
    left: tuple[str, ...] = ()
    people: Mapping[str, Person] = field(default_factory=dict)
    more: bool = False
    forms: tuple[Offer, ...] = ()


@dataclass(frozen=True)
class SyncReply:
    """The answer to one sync: what became of each write, receipts per home, and a page of news. `now`: ms.

    `wanted`: names of pictures that this person is asked to send once more. `pause`: seconds that the phone is asked to
    let pass before it syncs again without being told to; what a person asks for does not wait.
    """

    protocol: int
    epoch: str
    now: int
    page: Page
    outcomes: tuple[Outcome, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    grants: tuple[Grant, ...] = ()
    wanted: tuple[str, ...] = ()
    pause: int = 0


@dataclass(frozen=True)
class FeedEntry:
    """One activity in a coordinator's feed. `headline`: the value that heads it in lists.

    `at`: effective time of its last write; `clock`: what the phone's clock showed then, where the server did not take
    it as it was.
    `state`: all that stands there, so that who does not hold the record can judge it, answer, and end a bentrok; left
    out by older servers of one that is none.
    `lacks`: names of its pictures that have not arrived. `organisation`: what its author's was called on its day.
    `others`: what people said is the same activity, the oldest first, at most `MAX_OTHERS`: this one's numbers count,
    authors and photos are those of all.
    """

    record: str
    kind: str
    form: int
    region: str
    date: str
    author: str
    at: int
    headline: str = ""
    disputed: bool = False
    flags: tuple[str, ...] = ()
    values: Mapping[str, Json] = field(default_factory=dict)
    clock: int = 0
    state: RecordState | None = None
    lacks: tuple[str, ...] = ()
    organisation: str = ""
    others: tuple[FeedEntry, ...] = ()


@dataclass(frozen=True)
class FeedPage:
    """A page of the merged feed, newest first. `next`: opaque place of the following page, empty at the end."""

    entries: tuple[FeedEntry, ...]
    people: Mapping[str, Person]
    next: str = ""


@dataclass(frozen=True)
class ProposedDouble:
    """Two activities that may be one event, the older record first. `signs`: why (`doubles.Sign`), strongest first."""

    one: FeedEntry
    other: FeedEntry
    signs: tuple[str, ...] = ()


@dataclass(frozen=True)
class DoublesPage:
    """Pairs that may be one, those of the newest days first. `since` and `until`: the days that were looked at.

    `next`: send it as `until` for earlier days, empty at the end. `people`: everybody the pairs mention.
    """

    pairs: tuple[ProposedDouble, ...]
    people: Mapping[str, Person]
    since: str
    until: str
    next: str = ""


@dataclass(frozen=True)
class RegionCount:
    """How many activities a region one level below the asked one holds, its subtree included. `more`: at least so
    many."""

    region: str
    name: str
    activities: int
    more: bool = False


@dataclass(frozen=True)
class FeedCounts:
    """Activities that match a filter, in all and per region one level down.

    `disputed`: how many are; `undecided`: of these, how many may be deleted, and do not count until that is decided.
    `more`: there are at least so many: what has very many is not counted to its end.
    """

    total: int
    regions: tuple[RegionCount, ...]
    disputed: int = 0
    undecided: int = 0
    more: bool = False


@dataclass(frozen=True)
class CatalogueCounts:
    """What everybody sees of a region's products, each number at most 1,001.

    `address`: of its public page, empty while the server shows none; `products`: how many are shown; `records`: how
    many activities that can show products stand how (`products.Standing`), those of which there are none left out.
    """

    region: str
    address: str
    products: int
    records: Mapping[str, int]


@dataclass(frozen=True)
class CatalogueLink:
    """A product that everybody sees: the address of its page, and what is said of it where that is shared."""

    address: str
    caption: str


@dataclass(frozen=True)
class CatalogueLinks:
    """The products of one record that everybody sees now, none while there are none."""

    links: tuple[CatalogueLink, ...] = ()


@dataclass(frozen=True)
class SheetRemark:
    """Something about an Excel file, and where: sheet, row as Excel counts it, header of the column; 0 and "" for all.

    `code`: a `FormCode`; `message` says it in words.
    """

    code: str
    message: Label
    sheet: str = ""
    row: int = 0
    column: str = ""


@dataclass(frozen=True)
class FormReading:
    """What became of an Excel file with a form. Nothing is stored by it.

    `form`: absent when there are `faults`; its version is no published one. `lacks`: what the file says and a form here
    cannot, each left out or said differently. `added`: what the file did not say and a form here needs.
    """

    form: Form | None = None
    faults: tuple[SheetRemark, ...] = ()
    lacks: tuple[SheetRemark, ...] = ()
    added: tuple[SheetRemark, ...] = ()
