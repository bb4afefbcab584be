"""Carries photos to the server, behind the records that name them, and says how far it has come."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lumbung_client.session.budget import Budget
from lumbung_client.session.ports import Ports
from lumbung_client.session.views import Photo, PhotoState, PhotoWay
from lumbung_client.store.content import Content
from lumbung_client.store.entries import CANCELLED, GONE, PAUSED, Picture
from lumbung_client.store.pictures import Pictures
from lumbung_client.sync.engine import Changed, NetworkBack, Retrying, Sending, Started, Stopped
from lumbung_client.sync.runner import Runner
from lumbung_client.sync.uploads import Around, Uploads
from lumbung_shared.photos import named_in
from lumbung_shared.records import values

_HELD = {PAUSED: PhotoState.PAUSED, CANCELLED: PhotoState.CANCELLED}


class Carrier:
    """Sends the pictures of one store by a runner of its own. `budget`: says what goes by itself; `text_is_sent`: tells
    whether no record waits that could go; `changed` is called when there is something new to show."""

    def __init__(
        self,
        content: Content,
        pictures: Pictures,
        ports: Ports,
        budget: Budget,
        text_is_sent: Callable[[], bool],
        changed: Callable[[], None],
    ) -> None:
        self._content = content
        self._pictures = pictures
        self._network = ports.network
        self._budget = budget
        around = Around(
            ports.transport,
            lambda: ports.clock.now().mono / 1000,
            self._may_send_whole,
            text_is_sent,
            changed,
            budget.photos_go,
        )
        self._uploads = Uploads(content, pictures, around)
        self._runner = Runner(self._uploads, lambda: ports.clock.now().wall, ports.luck, ports.timer, changed)

    def begin(self) -> None:
        """Go on after the phone was admitted, if a refusal had stopped it."""
        if isinstance(self._runner.engine.state, Stopped):
            self._runner.post(Started())

    def wake(self) -> None:
        """Look whether a picture can go; call it when records were sent, photos taken, or something was chosen."""
        if self._uploads.next() is not None:
            self._runner.post(Changed())

    def network_back(self) -> None:
        """Do not wait any longer for a network."""
        if self._uploads.next() is not None:
            self._runner.post(NetworkBack())

    async def send_now(self) -> None:
        """Send all that waits, whole photos whatever the network is, because a person wants it."""
        self._uploads.ask()
        if self._uploads.next() is not None:
            await self._runner.run_now()
        else:
            self.take_back()  # what is taken later was not asked for

    def take_back(self) -> None:
        """Send only what goes by itself from now on: the person does not want the rest any more."""
        self._uploads.ask(wanted=False)

    async def close(self) -> None:
        """Stop; what is under way goes on where it was."""
        await self._runner.close()

    # What a person says about one photo

    def pause(self, photo: Photo) -> None:
        """Let a photo wait until somebody says otherwise; its small copy goes all the same."""
        self._pictures.note(photo.sha256, held=PAUSED)

    def cancel(self, photo: Photo) -> None:
        """Do not send a photo, nor its small copy, before somebody says otherwise; it stays on this phone.

        What the server has of it is given up there as soon as it can be reached.
        """
        for name in (photo.sha256, photo.small):
            picture = self._pictures.picture(name) if name else None
            if picture is not None and not picture.confirmed:
                self._pictures.note(name, held=CANCELLED)
        self.wake()

    def resume(self, photo: Photo) -> None:
        """Send a photo that waited, was cancelled, or refused, once more."""
        for name in (photo.sha256, photo.small):
            if name:
                self._pictures.note(name, held="")
        self.wake()

    # How it stands

    @property
    def sent(self) -> Mapping[str, int]:
        """How many bytes of which picture have arrived, of those under way."""
        return self._uploads.sent

    @property
    def is_saving_data(self) -> bool:
        """Whether whole photos wait for a network that costs nothing."""
        return not self._may_send_whole()

    @property
    def waits_as(self) -> PhotoState:
        """How a photo stands that nobody holds back and that is not on its way: it waits, and for what."""
        return PhotoState.WAITING if self._uploads.is_asked else self._budget.photo_state()

    def moves(self, record: str) -> bool:
        """Tell whether a photo of a record is on its way now."""
        pictures = (self._pictures.picture(name) for name in self._uploads.sent) if self.is_moving else ()
        return any(it is not None and it.record == record for it in pictures)

    @property
    def is_moving(self) -> bool:
        """Whether a picture is on its way now."""
        return isinstance(self._runner.engine.state, Sending)

    @property
    def reason(self) -> str:
        """Code of what stopped or delays sending, empty if nothing does."""
        state = self._runner.engine.state
        return state.code if isinstance(state, (Retrying, Stopped)) else ""

    def way(self, sha256: str) -> PhotoWay | None:
        """Return how far a photo of this phone has come; None for one that is not on this phone."""
        picture = self._pictures.picture(sha256)
        if picture is None:
            return None
        return PhotoWay(self._state(picture), self._uploads.sent.get(sha256, 0), picture.size, picture.held)

    def _state(self, picture: Picture) -> PhotoState:
        if picture.dropped:
            return PhotoState.GONE if picture.held == GONE else PhotoState.DROPPED
        if picture.confirmed:
            return PhotoState.SENT
        if picture.held:
            return _HELD.get(picture.held, PhotoState.REFUSED)
        if not self._is_finished(picture):
            return PhotoState.DRAFT
        moving = isinstance(self._runner.engine.state, Sending) and picture.sha256 in self._uploads.sent
        return PhotoState.SENDING if moving else self.waits_as

    def _is_finished(self, picture: Picture) -> bool:
        """Tell whether a finished record names a picture: that of an open form alone goes nowhere."""
        state = self._content.view(picture.record)
        return state is not None and picture.sha256 in named_in(values(state).values())

    def _may_send_whole(self) -> bool:
        return not self._content.settings.sparing or self._network() == "wifi"
