"""Photos on their way: what each answer of a server means for them. Whole ways, over a real server, are in
`tests/client/session/test_photos_arrive.py`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from lumbung_client.store.content import Content
from lumbung_client.store.durable_memory import MemoryFiles
from lumbung_client.store.entries import (
    CANCELLED,
    OWNER,
    PAUSED,
    Owner,
    Picture,
    Replica,
    put,
    put_picture,
    put_record,
    put_replica,
)
from lumbung_client.store.local_store import LocalStore, Name
from lumbung_client.store.pictures import Pictures
from lumbung_client.sync.engine import Answered, Event, Failed, Refused
from lumbung_client.sync.proof import pictures_to_send_again
from lumbung_client.sync.transport import Request, Response, Unreachable
from lumbung_client.sync.uploads import ATTEMPTS, CHUNK_LEAST, CHUNK_MOST, PATH, Around, Uploads
from lumbung_shared.canonical import Json
from lumbung_shared.problems import Code
from lumbung_shared.protocol import Person
from lumbung_shared.records import Head, RecordState
from tests.client.fakes import problem

RECORD = "0193a1b2-c3d4-7e5f-8a6b-0123456789ab"
CONTENT = bytes(range(256)) * 1500
TUS = {"tus-resumable": "1.0.0"}


@dataclass
class Server:
    """Speaks tus as far as a test does not say otherwise. `answers`: what is answered first."""

    answers: list[Response | Exception | None] = field(default_factory=list)
    said: list[Request] = field(default_factory=list)
    arrived: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    clock: float = 0.0

    async def send(self, request: Request) -> Response:
        """Answer a request; every chunk takes `seconds`."""
        self.said.append(request)
        self.clock += self.seconds
        if self.answers and (answer := self.answers.pop(0)) is not None:
            if isinstance(answer, Exception):
                raise answer
            return answer
        if request.method == "POST":
            place = f"{PATH}/{len(self.arrived)}"
            self.arrived[place] = len(request.body)
            return Response(201, {**TUS, "location": place, "upload-offset": str(len(request.body))}, b"")
        if request.path not in self.arrived:
            return Response(404, dict(TUS), b"")
        self.arrived[request.path] += len(request.body)
        status = 200 if request.method == "HEAD" else 204
        return Response(status, {**TUS, "upload-offset": str(self.arrived[request.path])}, b"")


@dataclass
class Stage:
    """A store with pictures, and what sends them."""

    server: Server
    store: LocalStore
    pictures: Pictures
    uploads: Uploads
    whole: bool = True
    quiet: bool = True

    def picture(self, name: str) -> Picture:
        found = self.pictures.picture(name)
        assert found is not None
        return found

    async def run(self, most: int = 50) -> Event:
        """Make requests until there is nothing more to do, or something has to be waited for."""
        for _ in range(most):
            event = await self.uploads.once(1)
            if event != Answered(more=True):
                return event
        raise AssertionError("it goes on for ever")


async def stage(
    *contents: bytes, small: Callable[[int], bool] = lambda _: False, named: bool = True
) -> tuple[Stage, list[str]]:
    """Set up a store with pictures that a confirmed record names."""
    files = MemoryFiles()
    store = await LocalStore.open(files)
    content, pictures, server = Content(store), Pictures(store, files), Server()
    made: list[Stage] = []
    around = Around(server, lambda: server.clock, lambda: made[0].whole, lambda: made[0].quiet, lambda: None)
    made.append(Stage(server, store, pictures, Uploads(content, pictures, around)))
    store.apply([put(Name.META, OWNER, Owner("token", 0, Person("budi", "Budi"), (), {})), put_replica(Replica("r1"))])
    names, sets = [], dict[str, Json]()
    for place, one in enumerate(contents):
        kept = await pictures.lay_down(one, RECORD, "", place, small=small(place))
        store.apply([put_picture(kept.picture)])
        names.append(kept.picture.sha256)
        sets[f"photos/{place}/photo"] = {"sha256": kept.picture.sha256}
    if named:
        store.apply([put_record(RecordState(RECORD, "other", 2, "1", "budi", (Head("r1", 1, sets),)))])
    return made[0], names


def bodies(on: Stage) -> list[bytes]:
    return [one.body for one in on.server.said if one.body]


def methods(on: Stage) -> list[str]:
    return [one.method for one in on.server.said]


def test_a_picture_goes_in_chunks_and_is_confirmed_at_its_end() -> None:
    async def run() -> None:
        on, (name,) = await stage(CONTENT)
        assert await on.run() == Answered(more=False)
        assert on.picture(name).confirmed
        assert on.picture(name).upload == ""
        assert methods(on) == ["POST", "PATCH", "PATCH"]
        assert b"".join(bodies(on)) == CONTENT
        assert all(len(one) <= CHUNK_MOST for one in bodies(on))
        assert all(one.headers["Authorization"] == "Bearer token" for one in on.server.said)

    asyncio.run(run())


def test_chunks_grow_on_a_fast_network_and_stay_small_on_a_slow_one() -> None:
    async def run() -> None:
        for seconds, grows in ((0.1, True), (20.0, False)):
            on, _ = await stage(CONTENT * 3)
            on.server.seconds = seconds
            await on.run(100)
            sizes = list(map(len, bodies(on)))
            assert sizes[0] == CHUNK_LEAST
            assert max(sizes) == (CHUNK_MOST if grows else CHUNK_LEAST)

    asyncio.run(run())


def test_small_copies_go_first_and_then_the_oldest() -> None:
    async def run() -> None:
        on, names = await stage(b"whole-1", b"small-1", b"whole-2", b"small-2", small=lambda place: place % 2 == 1)
        await on.run()
        assert bodies(on) == [b"small-1", b"small-2", b"whole-1", b"whole-2"]
        assert methods(on) == ["POST"] * 4, "a picture of one chunk takes one request"
        assert all(on.picture(name).confirmed for name in names)

    asyncio.run(run())


def test_what_no_confirmed_record_names_is_not_sent() -> None:
    async def run() -> None:
        on, _ = await stage(CONTENT, named=False)
        assert await on.run() == Answered(more=False)
        assert on.server.said == []

    asyncio.run(run())


def test_records_go_first_and_a_paused_picture_stays() -> None:
    async def run() -> None:
        on, (first, second) = await stage(b"one", b"two")
        on.quiet = False
        assert await on.run() == Answered(more=False)
        assert on.server.said == []
        on.quiet = True
        on.pictures.note(first, held=PAUSED)
        await on.run()
        assert (on.picture(first).confirmed, on.picture(second).confirmed) == (False, True)

    asyncio.run(run())


def cancel_in_the_middle(on: Stage, name: str) -> None:
    on.pictures.note(name, held=CANCELLED)


def test_a_cancelled_picture_is_given_up_on_the_server_and_stays_here_until_somebody_wants_it_sent() -> None:
    async def run() -> None:
        on, (first, second) = await stage(CONTENT, b"two")
        for _ in range(2):
            await on.uploads.once(1)
        place = on.picture(first).upload
        cancel_in_the_middle(on, first)
        assert await on.run() == Answered(more=False)
        assert on.picture(second).confirmed
        gone = [one.path for one in on.server.said if one.method == "DELETE"]
        assert gone == [place]
        assert (on.picture(first).upload, on.picture(first).held) == ("", CANCELLED)
        assert await on.pictures.read(first) == CONTENT
        on.pictures.note(first, held="")
        assert await on.run() == Answered(more=False)
        assert on.picture(first).confirmed

    asyncio.run(run())


def test_who_changes_their_mind_before_the_server_heard_of_it_goes_on_at_the_byte() -> None:
    async def run() -> None:
        on, (name,) = await stage(CONTENT)
        for _ in range(2):
            await on.uploads.once(1)
        cancel_in_the_middle(on, name)
        on.server.answers = [Unreachable("no network")]
        assert await on.uploads.once(1) == Failed(Code.SERVER_UNREACHABLE)
        on.pictures.note(name, held="")
        assert await on.run() == Answered(more=False)
        assert b"".join(bodies(on)) == CONTENT

    asyncio.run(run())


@pytest.mark.parametrize("answer", [Response(404, dict(TUS), b""), problem(Code.UPLOAD_EXPIRED, 410)])
def test_an_upload_that_is_over_anyway_need_not_be_given_up(answer: Response) -> None:
    async def run() -> None:
        on, (name,) = await stage(CONTENT)
        await on.uploads.once(1)
        cancel_in_the_middle(on, name)
        on.server.answers = [answer]
        assert await on.run() == Answered(more=False)
        assert on.picture(name).upload == ""

    asyncio.run(run())


def test_an_upload_that_cannot_be_given_up_is_left_to_expire_and_a_phone_that_is_shut_out_stops() -> None:
    async def run() -> None:
        on, (name,) = await stage(CONTENT)
        await on.uploads.once(1)
        cancel_in_the_middle(on, name)
        portal = Response(204, {}, b"")
        on.server.answers = [portal, problem(Code.TOKEN_REVOKED, 401), *[problem(Code.SERVER_ERROR, 500)] * ATTEMPTS]
        assert await on.run() == Failed(Code.NOT_LUMBUNG)
        assert await on.run() == Refused(Code.TOKEN_REVOKED)
        assert await on.run() == Failed(Code.SERVER_ERROR)
        assert await on.run() == Answered(more=False)
        assert (on.picture(name).upload, on.picture(name).held) == ("", CANCELLED)

    asyncio.run(run())


def test_what_a_person_said_of_a_picture_while_its_answer_was_on_the_way_holds() -> None:
    async def run() -> None:
        on, (name,) = await stage(CONTENT)
        await on.uploads.once(1)
        answer = tus_problem(Code.UPLOAD_EXPIRED, 410)

        class Late:
            async def send(self, request: Request) -> Response:
                assert request.method == "PATCH"
                cancel_in_the_middle(on, name)
                return answer

        on.uploads._around = replace(on.uploads._around, transport=Late())
        assert await on.uploads.once(1) == Answered(more=True)
        assert (on.picture(name).upload, on.picture(name).held) == ("", CANCELLED)

    asyncio.run(run())


def test_whole_pictures_wait_for_a_network_that_costs_nothing_unless_somebody_asks() -> None:
    async def run() -> None:
        on, (whole, small) = await stage(b"whole", b"small", small=lambda place: place == 1)
        on.whole = False
        await on.run()
        assert (on.picture(whole).confirmed, on.picture(small).confirmed) == (False, True)
        on.uploads.ask()
        await on.run()
        assert on.picture(whole).confirmed

    asyncio.run(run())


def test_after_a_cut_the_server_is_asked_and_only_the_rest_is_sent() -> None:
    async def run() -> None:
        on, (name,) = await stage(CONTENT)
        assert await on.uploads.once(1) == Answered(more=True)
        on.server.answers = [Unreachable("cut")]
        assert await on.uploads.once(1) == Failed(Code.SERVER_UNREACHABLE)
        on.server.arrived[on.picture(name).upload] = 7_001
        assert await on.run() == Answered(more=False)
        assert methods(on)[:3] == ["POST", "PATCH", "HEAD"]
        assert on.server.said[3].body.startswith(CONTENT[7_001 : 7_001 + CHUNK_LEAST])

    asyncio.run(run())


def test_after_a_first_chunk_without_an_answer_the_server_says_how_much_of_it_came() -> None:
    async def run() -> None:
        on, (name,) = await stage(CONTENT)
        on.server.answers = [Unreachable("cut")]
        assert await on.uploads.once(1) == Failed(Code.SERVER_UNREACHABLE)
        on.server.arrived[f"{PATH}/5"] = 60_000
        on.server.answers = [Response(201, {**TUS, "location": f"{PATH}/5", "upload-offset": "60000"}, b"")]
        assert await on.run() == Answered(more=False)
        assert [len(one.body) for one in on.server.said][:2] == [CHUNK_LEAST, 0]
        assert on.server.said[2].body == CONTENT[60_000 : 60_000 + CHUNK_LEAST]
        assert on.picture(name).confirmed

    asyncio.run(run())


def test_what_the_server_had_once_is_offered_before_any_of_it_is_sent() -> None:
    async def run() -> None:
        on, (name,) = await stage(b"known")
        on.pictures.confirmed(name)
        on.store.apply(list(pictures_to_send_again(on.uploads._content, (), all_=True)))
        on.server.answers = [Response(201, {**TUS, "location": f"{PATH}/x", "upload-offset": "5"}, b"")]
        assert await on.run() == Answered(more=False)
        assert (methods(on), bodies(on), on.picture(name).confirmed) == (["POST"], [], True)

    asyncio.run(run())


def tus_problem(code: Code, status: int) -> Response:
    answer = problem(code, status)
    return Response(answer.status, {**answer.headers, **TUS}, answer.body)


@pytest.mark.parametrize("code", [Code.PHOTO_REFUSED, Code.PHOTO_TOO_LARGE])
def test_what_the_server_never_takes_is_held_with_its_reason_and_the_others_go_on(code: Code) -> None:
    async def run() -> None:
        on, (first, second) = await stage(b"one", b"two")
        on.server.answers = [tus_problem(code, 422)]
        assert await on.run() == Answered(more=False)
        assert (on.picture(first).held, on.picture(second).confirmed) == (code, True)

    asyncio.run(run())


@pytest.mark.parametrize("answer", [tus_problem(Code.UPLOAD_EXPIRED, 410), Response(404, dict(TUS), b"")])
def test_an_upload_that_is_over_is_begun_again(answer: Response) -> None:
    async def run() -> None:
        on, (name,) = await stage(CONTENT)
        on.server.answers = [None, answer]
        assert await on.run() == Answered(more=False)
        assert (methods(on), on.picture(name).confirmed) == (["POST", "PATCH", "POST", "PATCH"], True)

    asyncio.run(run())


def test_bytes_that_arrive_as_others_time_and_again_are_held_for_a_person_to_look_at() -> None:
    async def run() -> None:
        on, (name,) = await stage(b"one")
        on.server.answers = [tus_problem(Code.PHOTO_DIGEST_WRONG, 422)] * ATTEMPTS
        assert await on.run() == Answered(more=False)
        assert on.picture(name).held == Code.PHOTO_DIGEST_WRONG
        assert methods(on) == ["POST"] * ATTEMPTS

    asyncio.run(run())


def test_a_record_that_the_server_does_not_know_yet_is_asked_about_once_a_run() -> None:
    async def run() -> None:
        on, (name,) = await stage(b"one")
        on.server.answers = [tus_problem(Code.PHOTO_NOT_NAMED, 404)]
        assert await on.run() == Answered(more=False)
        assert not on.picture(name).confirmed
        on.uploads.begin_run()
        await on.run()
        assert on.picture(name).confirmed

    asyncio.run(run())


def test_a_place_that_is_wrong_time_and_again_is_tried_later() -> None:
    async def run() -> None:
        on, _ = await stage(CONTENT)
        wrong = tus_problem(Code.UPLOAD_OFFSET_WRONG, 409)
        on.server.answers = [None, *[wrong, None] * (ATTEMPTS + 1)]
        assert await on.run() == Failed(Code.UPLOAD_OFFSET_WRONG)

    asyncio.run(run())


PORTALS = {
    "a page": Response(200, {"content-type": "text/html"}, b"<html>Selamat datang"),
    "an empty yes": Response(204, {}, b""),
    "a made place": Response(201, {"location": "http://portal/"}, b""),
    "a place elsewhere": Response(201, {**TUS, "location": "http://elsewhere/x"}, b""),
}


@pytest.mark.parametrize("portal", PORTALS)
def test_a_portal_confirms_nothing(portal: str) -> None:
    async def run() -> None:
        for place in (0, 1):
            on, (name,) = await stage(CONTENT)
            on.server.answers = [*[None] * place, PORTALS[portal]]
            assert await on.run() == Failed(Code.NOT_LUMBUNG)
            assert not on.picture(name).confirmed

    asyncio.run(run())


def test_a_phone_that_is_not_admitted_any_more_stops() -> None:
    async def run() -> None:
        on, _ = await stage(b"one")
        on.server.answers = [problem(Code.TOKEN_REVOKED, 401)]
        assert await on.run() == Refused(Code.TOKEN_REVOKED)
        on, _ = await stage(CONTENT)
        on.server.answers = [None, Unreachable("cut"), Response(401, dict(TUS), b"")]
        await on.uploads.once(1)
        await on.uploads.once(1)
        assert await on.run() == Refused(Code.TOKEN_UNKNOWN)

    asyncio.run(run())


def test_a_busy_server_is_asked_later_as_it_wants() -> None:
    async def run() -> None:
        on, _ = await stage(b"one")
        on.server.answers = [problem(Code.SERVER_BUSY, 503, retry_after=7)]
        assert await on.run() == Failed(Code.SERVER_BUSY, 7_000)

    asyncio.run(run())


def test_a_server_that_stumbles_over_a_question_is_one_that_stumbled() -> None:
    async def run() -> None:
        on, _ = await stage(CONTENT)
        on.server.answers = [
            None,
            Unreachable("cut"),
            Response(500, {**TUS, "content-type": "application/problem+json"}, b""),
        ]
        await on.uploads.once(1)
        await on.uploads.once(1)
        assert await on.run() == Failed(Code.SERVER_ERROR)

    asyncio.run(run())


def test_a_picture_whose_bytes_are_gone_is_held_and_said() -> None:
    async def run() -> None:
        on, (first, second) = await stage(b"one", b"two")
        await on.pictures._files.remove(first)
        assert await on.run() == Answered(more=False)
        assert (on.picture(first).held, on.picture(second).confirmed) == (Code.PHOTO_NOT_KEPT, True)

    asyncio.run(run())


def test_nobody_and_nothing_is_no_work() -> None:
    async def run() -> None:
        on, _ = await stage()
        assert await on.run() == Answered(more=False)
        assert on.server.said == []

    asyncio.run(run())
