"""What the screens show, as frozen values: no store, no network, no control in here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from lumbung_client.session.review_views import ReviewView
from lumbung_shared.answers import Remark
from lumbung_shared.canonical import Json
from lumbung_shared.protocol import FeedCounts, FeedEntry, Grant, Person, Receipt
from lumbung_shared.review import ReviewState


class ActivityState(StrEnum):
    """Where an activity stands, as honestly as the phone can know."""

    DRAFT = "draft"  # not finished: only on this phone
    WAITING = "waiting"  # finished, not yet confirmed by the server
    SENDING = "sending"  # in the request that is under way
    SENT = "sent"  # every write of it is acknowledged
    REFUSED = "refused"  # the server said why; the person can act
    DISPUTED = "disputed"  # acknowledged, and the record holds several values for something


class PhotoState(StrEnum):
    """How a photo of this phone stands. WAITING goes by itself; PAUSED, CANCELLED and REFUSED wait for the person."""

    DRAFT = "draft"  # of an open form: it goes once that is finished
    WAITING = "waiting"
    TEXT_ONLY = "text_only"  # it waits, for the person wants only records to go by themselves
    FOR_WIFI = "for_wifi"  # it waits for a network that costs nothing, as the person wants it
    SENDING = "sending"
    PAUSED = "paused"
    CANCELLED = "cancelled"  # the person does not want it sent
    REFUSED = "refused"
    SENT = "sent"
    DROPPED = "dropped"  # the server has it; of the photo only its small copy is here
    GONE = "gone"  # so it was, and the server may have lost it since


@dataclass(frozen=True)
class PhotoWay:
    """How far a photo has come: `sent` of `size` bytes. `reason`: code of why the server refused it."""

    state: PhotoState
    sent: int
    size: int
    reason: str = ""


@dataclass(frozen=True)
class Photo:
    """Where a photo's pictures are to be found: names of the whole one and of its small copy, empty if it has none."""

    sha256: str
    small: str = ""


@dataclass(frozen=True)
class PhotoCount:
    """How many photos are on this phone alone: waiting for the server (`refused` of them by it), or not to be sent."""

    waiting: int = 0
    cancelled: int = 0
    refused: int = 0

    def __add__(self, other: PhotoCount) -> PhotoCount:
        return PhotoCount(self.waiting + other.waiting, self.cancelled + other.cancelled, self.refused + other.refused)


class Sends(StrEnum):
    """What goes to the server by itself, as a person chose it; what they ask for goes anyway."""

    ALL = "all"  # records, then photos
    TEXT = "text"  # records alone
    LATER = "later"  # nothing, before there is a network that costs nothing


@dataclass(frozen=True)
class Waiting:
    """What a sync would send: records, whole photos, and the bytes of both (of photos with their small copies)."""

    records: int = 0
    photos: int = 0
    text_size: int = 0
    photo_size: int = 0

    @property
    def size(self) -> int:
        """All of it, in bytes."""
        return self.text_size + self.photo_size


@dataclass(frozen=True)
class PhotoRoom:
    """The room that photos take here, in bytes. `photos`: whole ones, `unsent` of them not with the server; `size`: of
    them and their small copies; `spare`: those that may go, as the server has them; `copies_size`: what small copies of
    photos from elsewhere take.
    """

    photos: int = 0
    size: int = 0
    unsent: int = 0
    spare: int = 0
    spare_size: int = 0
    copies_size: int = 0


@dataclass(frozen=True)
class ActivityRow:
    """One activity in a list. `date`: ISO day, empty if not given; `reason`: code when refused; `photos`: how many of
    its photos wait on this phone for the server, `cancelled`: how many are here and the person does not want sent.
    `photos_refused`: how many of those that wait the server refused. `pictures`: how many photos it has, `lacking`: how
    many of them the server misses and this phone does not have,
    `moving`: whether one of them is on its way now. `beneath`: how it stands below an open form; None: never finished,
    or no form is open; `disputed`: whether it is a bentrok, whatever else it is.
    `review`: where it stands with its coordinators, `returned`: why, of one that was returned.
    `rt`: the neighbourhood unit, as it was typed; `talker`: name of who has the last word in its comments, where
    that is somebody else; empty where the name is not known.
    """

    record: str
    kind: str
    form: int
    headline: str
    region: str
    date: str
    state: ActivityState
    changed_at: int
    reason: str = ""
    author: str = ""
    photos: int = 0
    cancelled: int = 0
    review: ReviewState = ReviewState.RECEIVED
    returned: str = ""
    photos_refused: int = 0
    pictures: int = 0
    lacking: int = 0
    moving: bool = False
    beneath: ActivityState | None = None
    disputed: bool = False
    rt: str = ""
    talker: str | None = None


@dataclass(frozen=True)
class Said:
    """One of the values that stand beside each other. `name`: who wrote it, empty if unknown; `mine`: this person did,
    `here`: on this phone; `at`: when it counts, ms, 0 as long as the server has not said.
    """

    value: Json
    name: str
    mine: bool
    here: bool
    at: int


@dataclass(frozen=True)
class Deletion:
    """A deletion that did not see everything. `mark`: the path that says it, of the record or of a row; `deleted`: who
    deleted; `changed`: paths and what was written there beside it.
    """

    mark: str
    deleted: tuple[Said, ...]
    changed: tuple[tuple[str, Said], ...]


@dataclass(frozen=True)
class ActivityView:
    """One activity opened: its answers as shown, and what else is known about it.

    `rivals`: path to all values that stand beside each other, the shown one first; `deletions`: those to be decided.
    `organisation`: what the author's was called on the day of the activity, where the server told. `at`, `clock`: ms,
    the server's time of it and what the phone's clock showed, where the two differ, else 0. `day`: ISO day on which the
    answers were given. `reason` and `reason_path`: why the server refused it. `mine`: whether this person may edit it;
    `may_settle`: whether they may say what holds. `lacks`: names of pictures that the server misses, and this phone
    does not have. `erased`: paths whose answers were erased on request.
    """

    row: ActivityRow
    answers: Mapping[str, Json]
    mine: bool
    may_settle: bool = False
    author_name: str = ""
    organisation: str = ""
    rivals: Mapping[str, tuple[Said, ...]] = field(default_factory=dict)
    deletions: tuple[Deletion, ...] = ()
    remarks: tuple[Remark, ...] = ()
    flags: tuple[str, ...] = ()
    receipt: Receipt | None = None
    reason: str = ""
    reason_path: str = ""
    at: int = 0
    clock: int = 0
    day: str = ""
    lacks: tuple[str, ...] = ()
    erased: tuple[str, ...] = ()
    review: ReviewView = field(default_factory=ReviewView)

    @property
    def conflicts(self) -> Mapping[str, tuple[Json, ...]]:
        """Path to the bare values of the rivals."""
        return {path: tuple(one.value for one in there) for path, there in self.rivals.items()}

    @property
    def is_disputed(self) -> bool:
        """Whether there is something to decide."""
        return bool(self.rivals or self.deletions)


@dataclass(frozen=True)
class EntryRow:
    """One entry of a register in a list. `person`: who stands for it; `state`: SENT when nothing of it is open."""

    record: str
    kind: str
    name: str
    person: str
    region: str
    rt: str
    state: ActivityState


@dataclass(frozen=True)
class Joined:
    """An entry that was said to be the one that is looked at. `into`: name of the entry it was joined with, where that
    is another one; `aliases`: what says so; `may_part`: whether this person may take it back.
    """

    record: str
    name: str
    into: str
    aliases: tuple[str, ...]
    may_part: bool


@dataclass(frozen=True)
class Lookalike:
    """An entry that may be the one that is looked at. `reasons`: `lumbung_shared.likeness.Reason`, strongest first."""

    row: EntryRow
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class TakenPhoto:
    """A photo of an activity that refers to an entry. `activity`: the record it is in."""

    activity: str
    photo: Photo
    caption: str


@dataclass(frozen=True)
class EntryView:
    """An entry opened. `opened`: its answers and all else that an activity shows; None: this phone does not hold it.

    `stands`: the entry that stands for it, itself unless it was joined with another; `history`: the activities that
    refer to it or to what was joined with it, the latest first, `uses` of them in all; `photos` of those.
    """

    record: str
    name: str
    opened: ActivityView | None
    stands: EntryRow | None
    joined: tuple[Joined, ...] = ()
    alike: tuple[Lookalike, ...] = ()
    history: tuple[ActivityRow, ...] = ()
    uses: int = 0
    photos: tuple[TakenPhoto, ...] = ()


@dataclass(frozen=True)
class DraftView:
    """A form that is being filled in. `is_new`: the record was never finished before; `erased`: paths whose
    answers were erased on request."""

    record: str
    kind: str
    form: int
    answers: Mapping[str, Json]
    is_new: bool
    erased: tuple[str, ...] = ()


class SyncPhase(StrEnum):
    """What syncing is doing now."""

    RESTING = "resting"
    SENDING = "sending"
    RETRYING = "retrying"  # failed; tries again by itself at `retry_at`
    STOPPED = "stopped"  # only the person or the coordinator can go on


@dataclass(frozen=True)
class SyncStatus:
    """The state of syncing. `reason`: code of what stopped or delayed it; `last_success`, `retry_at`: ms, 0 if none.

    `done` of `total` writes of the run under way are confirmed.
    `held`: until then, in ms, nothing goes that nobody asked for: the server wants to be spared; 0 if it does not.
    `offline_since`: when the network went, ms, 0 while there is one; `offline_seen`: the phone saw it go, else there
    was none already when it looked for the first time. `tried`: when the last request ended, ms, 0 if none did yet.
    """

    phase: SyncPhase = SyncPhase.RESTING
    online: bool = True
    reason: str = ""
    last_success: int = 0
    retry_at: int = 0
    done: int = 0
    total: int = 0
    held: int = 0
    offline_since: int = 0
    offline_seen: bool = False
    tried: int = 0


@dataclass(frozen=True)
class Identity:
    """Who uses this phone, and where they work. `regions`: code to name, as the server told; `login`: the name of
    their account, empty if they had none when the phone was admitted."""

    person: Person
    replica: str
    grants: tuple[Grant, ...]
    regions: Mapping[str, str]
    expires: int
    login: str = ""

    @property
    def is_coordinator(self) -> bool:
        """Tell whether the person coordinates some region."""
        return any(grant.role != "cadre" for grant in self.grants)


@dataclass(frozen=True)
class LockedView:
    """All that a locked phone tells: how many records (drafts included) and photos are on it alone; of what was handed
    over, those that were not accepted.
    """

    records: int
    photos: int


@dataclass(frozen=True)
class HandOverView:
    """How many unsent records of a locked phone are only here (`left`), wait for the coordinator, were accepted, and
    were not. `number` and `at`: of the hand-over, 0 before there was one; ms.
    """

    left: int
    waiting: int
    accepted: int
    refused: int
    number: int = 0
    at: int = 0


@dataclass(frozen=True)
class Failure:
    """Something that did not work: a stable code of lumbung_shared.problems, and the server's own sentence if any.

    `name`: whom the sentence speaks of, if it does.
    """

    code: str
    detail: str = ""
    name: str = ""


@dataclass(frozen=True)
class KeptFile:
    """A file for the person's own folders."""

    name: str
    content: bytes


@dataclass(frozen=True)
class RescueFile:
    """Everything on this phone that the server has not confirmed, as one file to send by any means.

    `activities`: how many are in it, `drafts` included; `pictures`; `lost`: pictures whose bytes are not here any more.
    """

    name: str
    content: bytes
    activities: int
    drafts: int = 0
    pictures: int = 0
    lost: int = 0


@dataclass(frozen=True)
class Brought:
    """What came back from a rescue file: activities, drafts and pictures that were not here; `already_here`: how many
    of its activities and drafts brought nothing new.
    """

    activities: int
    drafts: int
    pictures: int
    already_here: int


@dataclass(frozen=True)
class FeedFilter:
    """What of the feed to show; empty text means all. `since`, `until`: ISO days of the activity, inclusive.

    `disputed`: only what is a bentrok; `lacking`: only what photos are missing of. `person`: id of the author;
    `organisation`: what theirs is called; `review`: a `ReviewState`'s value; `text`: words that an activity holds.
    """

    region: str = ""
    kind: str = ""
    since: str = ""
    until: str = ""
    disputed: bool = False
    person: str = ""
    organisation: str = ""
    review: str = ""
    lacking: bool = False
    text: str = ""


@dataclass(frozen=True)
class FeedView:
    """Entries of the merged feed, newest first. `next`: place of the following page, empty at the end.

    `offline`: answered from this phone because the server could not be reached; then `counts` is None.
    """

    entries: tuple[FeedEntry, ...]
    people: Mapping[str, Person]
    next: str = ""
    counts: FeedCounts | None = None
    offline: bool = False
    as_of: int = 0
