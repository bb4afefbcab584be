"""Every route for every role, its target inside, above, beside and outside the caller's region; and what a batch holds.

The table is held against the server's own routes: a route without an entry fails the test.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import requests
from litestar.exceptions import LitestarDeprecationWarning

from lumbung_server.app import create_app
from lumbung_server.settings import settings_from
from lumbung_server.xlsform.writing import MEDIA_TYPE
from lumbung_shared.codec import to_wire
from lumbung_shared.forms import Field, Form, built_in_forms
from lumbung_shared.labels import Label
from lumbung_shared.protocol import PublishRequest, Role, WithdrawRequest
from lumbung_shared.records import replaced_by
from lumbung_shared.writes import DELETED
from tests.databases import POSTGRESQL, SQLITE
from tests.server.cameras import Hand, answer, jpeg, log_photos, name_of
from tests.server.phones import (
    BONTANG,
    GUNTUNG,
    LOK_TUAN,
    SATIMPO,
    UTARA,
    Phone,
    activity,
    add_person,
    database,
    now_ms,
)
from tests.servers import LumbungServer

PROVINCE, FAR, PASER = "64", "64.72.01.1001", "64.01.01.2009"
INSIDE, ABOVE, BESIDE, OUTSIDE = "inside", "above", "beside", "outside"
API = "/api/v1"


@dataclass(frozen=True)
class Post:
    """A role in a region, and a target for each place. The province has nothing above or beside it."""

    role: str
    region: str
    places: Mapping[str, str]


POSTS = (
    Post(Role.CADRE, GUNTUNG, {INSIDE: GUNTUNG, ABOVE: UTARA, BESIDE: LOK_TUAN, OUTSIDE: FAR}),
    Post(Role.DISTRICT_COORDINATOR, UTARA, {INSIDE: GUNTUNG, ABOVE: BONTANG, BESIDE: SATIMPO, OUTSIDE: FAR}),
    Post(Role.REGENCY_COORDINATOR, BONTANG, {INSIDE: GUNTUNG, ABOVE: PROVINCE, BESIDE: FAR, OUTSIDE: PASER}),
    Post(Role.PROVINCE_COORDINATOR, PROVINCE, {INSIDE: GUNTUNG}),
    Post(Role.ADMINISTRATOR, BONTANG, {INSIDE: GUNTUNG, ABOVE: PROVINCE, BESIDE: FAR, OUTSIDE: PASER}),
    Post("nobody", "", {OUTSIDE: GUNTUNG}),
)
CASES = [(post, place) for post in POSTS for place in post.places]
_OF_LEVEL = (Role.PROVINCE_COORDINATOR, Role.REGENCY_COORDINATOR, Role.DISTRICT_COORDINATOR, Role.CADRE)
_counted = count(1)


@dataclass(frozen=True)
class Target:
    """Things of one region: somebody who works there, their record with two photos of which one has arrived, an upload
    under way, and a form that is offered there."""

    region: str
    owner: Phone
    device: str
    record: str
    photo: bytes
    lacking: bytes
    upload: str
    kind: str


@dataclass
class Asking:
    """Who asks, and about what."""

    phone: Phone
    target: Target
    spent: bool = False
    """Whether the target is not what it was any more, whatever was answered."""

    def tell(self, path: str, message: object) -> int:
        return self.phone.tell(path, message).status_code

    def get(self, path: str, **query: Any) -> int:
        return self.phone.get(path, **query).status_code

    def begin(self, path: str, **query: Any) -> int:
        """Ask for what goes on for long, and leave after the status."""
        headers = {"Authorization": f"Bearer {self.phone.token}"}
        address = f"{self.phone.address}{API}/{path}"
        with requests.get(address, params=query, headers=headers, stream=True, timeout=30) as answer:
            return answer.status_code


class World:
    """Where targets come from: a new one after each that was changed, so that no question changes the next's answer."""

    def __init__(self, server: LumbungServer) -> None:
        self.server = server
        self.chief = self.person((PROVINCE, Role.ADMINISTRATOR))
        self._photos = count(100, 2)

    def person(self, *grants: tuple[str, str]) -> Phone:
        return Phone(self.server, add_person(self.server, f"matriks-{next(_counted)}", *grants))

    def target(self, region: str) -> Target:
        owner = self.person((region, _OF_LEVEL[region.count(".")]))
        seed = next(self._photos)
        photo, lacking = jpeg(seed, 160, 120), jpeg(seed + 1, 160, 120)
        record = log_photos(owner, region, photo, lacking)
        Hand(owner).upload(photo)
        upload = Hand(owner).place(lacking)
        form = survey(f"matrix-{next(_counted)}")
        assert self.chief.tell("forms", PublishRequest(form, region)).status_code == 201
        with database(self.server) as connection:
            (device,) = connection.execute("SELECT device FROM replica WHERE id = ?", (owner.replica,)).fetchone()
        return Target(region, owner, device, record, photo, lacking, upload, form.kind)


def survey(kind: str) -> Form:
    common = built_in_forms()["other"].fields
    return Form(kind, 1, Label(kind, kind), "event", (*common[:2], Field("count", "integer", Label("n", "n"))))


@pytest.fixture(scope="module", params=[SQLITE, pytest.param(POSTGRESQL, marks=pytest.mark.full)])
def kind(request: pytest.FixtureRequest) -> str:
    """The same decisions on either database; on both in `make test-all`."""
    found: str = request.param
    return found


@pytest.fixture(scope="module")
def world(server: LumbungServer) -> World:
    return World(server)


def push(asking: Asking) -> int:
    outcome = asking.phone.sync(asking.phone.write(activity(asking.target.region))).outcomes[0]
    return {"accepted": 200, "rejected": 403}[outcome.result]


def offered(asking: Asking) -> int:
    after, kinds = 0, set()
    while True:
        page = asking.phone.get("forms", after=after).json()
        kinds |= {one["form"]["kind"] for one in page["offers"]}
        after = page.get("next", 0)
        if not after:
            return 200 if asking.target.kind in kinds else 403


def read_excel(asking: Asking) -> int:
    headers = {"Authorization": f"Bearer {asking.phone.token}", "Content-Type": MEDIA_TYPE}
    address = f"{asking.phone.address}{API}/forms/xlsx"
    return requests.post(address, data=b"apa saja", headers=headers, timeout=30).status_code


def upload(method: str, body: bytes = b"", **headers: str) -> Callable[[Asking], int]:
    return lambda asking: Hand(asking.phone).ask(method, asking.target.upload, body, **headers).status_code


def withdrawn(asking: Asking) -> str:
    """The target's device, its permission withdrawn."""
    asking.spent = True
    with database(asking.phone.server) as connection:
        connection.execute("UPDATE device SET revoked_at = 1 WHERE id = ?", (asking.target.device,))
    return asking.target.device


def handed_over(asking: Asking) -> int:
    """The number of what the target's owner handed over from there."""
    owner, device = asking.target.owner, withdrawn(asking)
    with database(owner.server) as connection:
        connection.execute(
            "INSERT INTO handover_permit SELECT id, token_digest, '', ? FROM device WHERE id = ?",
            (now_ms() + 60_000, device),
        )
    write = to_wire(owner.write(activity(asking.target.region)))
    kept = owner.tell("handover", {"replica": owner.replica, "time": {"wall": now_ms()}, "writes": [write]})
    return int(kept.json()["number"])


def sees_what_waits(asking: Asking) -> int:
    number = handed_over(asking)
    answered = asking.get("handovers", after=number - 1)
    page = asking.phone.get("handovers", after=number - 1).json()
    found = any(one["number"] == number for one in page.get("waiting", ()))
    return 200 if found else 403 if answered == 200 else answered


SAFE = ("GET", "HEAD")
"""Methods that change nothing, and so does what is refused: the next question may be about the same target."""
CHUNK = {"Upload_Offset": "0", "Content_Type": "application/offset+octet-stream"}
OPEN = "open"
"""Routes for who has no token; the others refuse them before anything else."""
OWN = "own"
"""Routes about the caller's own account: no token opens them, and there is no place to be inside or outside of."""
WITHDRAWN = "withdrawn"
"""Routes for phones whose permission was withdrawn; they refuse everybody else."""
ROUTES: Mapping[tuple[str, str], Callable[[Asking], int] | str] = {
    ("POST", "/enrol"): OPEN,
    ("POST", "/login"): OPEN,
    ("POST", "/account/session"): OPEN,
    ("POST", "/account/reset"): OPEN,
    **dict.fromkeys(
        [
            ("GET", "/account"),
            ("POST", "/account/close"),
            ("POST", "/account/password"),
            ("POST", "/account/totp"),
            ("POST", "/account/totp/confirm"),
            ("POST", "/account/totp/off"),
            ("POST", "/account/end"),
            ("POST", "/account/sign-out"),
        ],
        OWN,
    ),
    ("GET", "/receipt-keys"): OPEN,
    ("GET", "/versions"): OPEN,
    ("POST", "/handover"): WITHDRAWN,
    ("POST", "/sync"): push,
    ("GET", "/feed"): lambda it: it.get("feed", region=it.target.region),
    ("GET", "/feed/counts"): lambda it: it.get("feed/counts", region=it.target.region),
    ("GET", "/export.csv"): lambda it: it.get("export.csv", region=it.target.region),
    ("GET", "/export.geojson"): lambda it: it.get("export.geojson", region=it.target.region),
    ("GET", "/export.jsonl"): lambda it: it.get("export.jsonl", region=it.target.region),
    ("GET", "/overview"): lambda it: it.get("overview", region=it.target.region),
    ("GET", "/live"): lambda it: it.begin("live", region=it.target.region),
    ("GET", "/export.xlsx"): lambda it: it.get("export.xlsx", region=it.target.region),
    ("GET", "/report.pdf"): lambda it: it.get("report.pdf", region=it.target.region, month="2026-11"),
    ("GET", "/report.xlsx"): lambda it: it.get("report.xlsx", region=it.target.region, month="2026-11"),
    ("GET", "/doubles"): lambda it: it.get("doubles", region=it.target.region),
    ("GET", "/forms"): offered,
    ("POST", "/forms"): lambda it: it.tell(
        "forms", PublishRequest(survey(f"matrix-{next(_counted)}"), it.target.region)
    ),
    ("POST", "/forms/withdraw"): lambda it: it.tell("forms/withdraw", WithdrawRequest(it.target.kind, 1)),
    ("POST", "/forms/xlsx"): read_excel,
    ("GET", "/forms/{kind:str}/{version:int}/xlsx"): lambda it: it.get(f"forms/{it.target.kind}/1/xlsx"),
    ("GET", "/photos/{sha256:str}"): lambda it: it.get(f"photos/{name_of(it.target.photo)}"),
    ("POST", "/photos/wanted"): lambda it: it.tell(
        "photos/wanted", {"record": it.target.record, "sha256": name_of(it.target.lacking)}
    ),
    ("POST", "/photos/uploads"): lambda it: Hand(it.phone).begin(it.target.photo).status_code,
    ("HEAD", "/photos/uploads/{upload:str}"): upload("HEAD"),
    ("PATCH", "/photos/uploads/{upload:str}"): upload("PATCH", b"x", **CHUNK),
    ("POST", "/photos/uploads/{upload:str}"): upload("POST", b"x", X_HTTP_Method_Override="PATCH", **CHUNK),
    ("DELETE", "/photos/uploads/{upload:str}"): upload("DELETE"),
    ("GET", "/people"): lambda it: it.get("people", region=it.target.region),
    ("GET", "/catalogue"): lambda it: it.get("catalogue", region=it.target.region),
    ("GET", "/catalogue/{record:str}"): lambda it: it.get(f"catalogue/{it.target.record}"),
    ("GET", "/silence"): lambda it: it.get("silence", region=it.target.region),
    ("GET", "/cascade"): lambda it: it.get("cascade", region=it.target.region),
    ("GET", "/programmes"): lambda it: it.get("programmes", region=it.target.region),
    ("GET", "/records/{record:str}/history"): lambda it: it.get(f"records/{it.target.record}/history"),
    ("POST", "/devices/revoke"): lambda it: it.tell("devices/revoke", {"device": it.target.device}),
    ("POST", "/invitations"): lambda it: it.tell("invitations", {"person": it.target.owner.person}),
    ("POST", "/devices/handover"): lambda it: it.tell("devices/handover", {"device": withdrawn(it)}),
    ("GET", "/handovers"): sees_what_waits,
    ("POST", "/handovers/release"): lambda it: it.tell("handovers/release", {"number": handed_over(it)}),
    ("POST", "/handovers/discard"): lambda it: it.tell(
        "handovers/discard", {"number": handed_over(it), "reason": "Bukan miliknya"}
    ),
}


def coordinates(post: Post) -> bool:
    return post.role not in (Role.CADRE, "nobody")


def everybody_inside(done: int, refused: int) -> Callable[[Post, str], int]:
    return lambda _, place: done if place == INSIDE else refused


def coordinators_inside(done: int, refused: int) -> Callable[[Post, str], int]:
    return lambda post, place: done if place == INSIDE and coordinates(post) else refused


def always(status: int) -> Callable[[Post, str], int]:
    return lambda _, __: status


EXPECTED: Mapping[tuple[str, str], Callable[[Post, str], int]] = {
    ("POST", "/sync"): everybody_inside(200, 403),
    ("GET", "/feed"): everybody_inside(200, 403),
    ("GET", "/feed/counts"): everybody_inside(200, 403),
    ("GET", "/export.csv"): coordinators_inside(200, 403),
    ("GET", "/export.geojson"): coordinators_inside(200, 403),
    ("GET", "/export.jsonl"): coordinators_inside(200, 403),
    ("GET", "/overview"): everybody_inside(200, 403),
    ("GET", "/live"): everybody_inside(200, 403),
    ("GET", "/export.xlsx"): coordinators_inside(200, 403),
    ("GET", "/report.pdf"): coordinators_inside(200, 403),
    ("GET", "/report.xlsx"): coordinators_inside(200, 403),
    ("GET", "/doubles"): coordinators_inside(200, 403),
    # What is offered above is offered here, too.
    ("GET", "/forms"): lambda _, place: 200 if place in (INSIDE, ABOVE) else 403,
    ("POST", "/forms"): coordinators_inside(201, 403),
    ("POST", "/forms/withdraw"): coordinators_inside(200, 403),
    # Reads a file and stores nothing.
    ("POST", "/forms/xlsx"): lambda post, _: 200 if coordinates(post) else 403,
    # A form is no secret: it holds questions, not answers.
    ("GET", "/forms/{kind:str}/{version:int}/xlsx"): always(200),
    ("GET", "/photos/{sha256:str}"): everybody_inside(200, 404),
    ("POST", "/photos/wanted"): coordinators_inside(204, 403),
    # Naming a hash grants nothing, and so does seeing the picture: one's own writes have to name it.
    ("POST", "/photos/uploads"): always(404),
    ("HEAD", "/photos/uploads/{upload:str}"): always(404),
    ("PATCH", "/photos/uploads/{upload:str}"): always(404),
    ("POST", "/photos/uploads/{upload:str}"): always(404),
    ("DELETE", "/photos/uploads/{upload:str}"): always(404),
    ("GET", "/people"): coordinators_inside(200, 403),
    ("GET", "/catalogue"): coordinators_inside(200, 403),
    ("GET", "/catalogue/{record:str}"): everybody_inside(200, 403),
    ("GET", "/silence"): coordinators_inside(200, 403),
    ("GET", "/cascade"): coordinators_inside(200, 403),
    ("GET", "/programmes"): coordinators_inside(200, 403),
    ("GET", "/records/{record:str}/history"): coordinators_inside(200, 404),
    ("POST", "/devices/revoke"): coordinators_inside(200, 404),
    ("POST", "/invitations"): coordinators_inside(201, 404),
    ("POST", "/devices/handover"): coordinators_inside(200, 404),
    ("GET", "/handovers"): coordinators_inside(200, 403),
    ("POST", "/handovers/release"): coordinators_inside(200, 404),
    ("POST", "/handovers/discard"): coordinators_inside(200, 404),
}


@cache
def served() -> frozenset[tuple[str, str]]:
    """The routes of the API as the server itself has them."""
    with warnings.catch_warnings():
        # How handlers say what they take changes with the framework's next release; here only their paths matter.
        warnings.simplefilter("ignore", LitestarDeprecationWarning)
        app = create_app(settings_from({"LUMBUNG_VAR": str(Path("no-such-folder"))}))
    return frozenset(
        (method, route.path.removeprefix(API))
        for route in app.routes
        for method in getattr(route, "methods", ())
        if route.path.startswith(f"{API}/") and method != "OPTIONS"
    )


def test_every_route_of_the_api_stands_in_the_table() -> None:
    assert served() == set(ROUTES)
    assert {route for route, ask in ROUTES.items() if not isinstance(ask, str)} == set(EXPECTED)


def shown(case: tuple[Post, str]) -> str:
    return f"{case[0].role} {case[1]}"


@pytest.mark.parametrize("case", CASES, ids=shown)
def test_a_role_may_do_what_the_table_says_and_nothing_else(world: World, case: tuple[Post, str]) -> None:
    post, place = case
    phone = world.person(*([(post.region, post.role)] if post.region else []))
    found, expected = {}, {}
    target = None
    for route, ask in ROUTES.items():
        if isinstance(ask, str):
            continue
        target = target or world.target(post.places[place])
        asking = Asking(phone, target)
        found[route] = ask(asking)
        expected[route] = EXPECTED[route](post, place)
        if asking.spent or (route[0] not in SAFE and found[route] < 400):
            target = None
    assert found == expected


def test_without_a_good_token_no_route_does_anything(world: World) -> None:
    target = world.target(GUNTUNG)
    for change, code in (
        ("", "token-missing"),
        ("token_digest = 'x' || id", "token-unknown"),
        ("revoked_at = 1", "token-revoked"),
        ("expires_at = 1", "token-expired"),
    ):
        phone = world.person((BONTANG, Role.ADMINISTRATOR))
        if change:
            with database(world.server) as connection:
                connection.execute(f"UPDATE device SET {change} WHERE person = ?", (phone.person,))  # noqa: S608
        token = phone.token if change else ""
        for method, path in sorted(set(EXPECTED)):
            filled = path.replace("{kind:str}/{version:int}", f"{target.kind}/1")
            filled = filled.replace("{sha256:str}", name_of(target.photo)).replace("{record:str}", target.record)
            filled = filled.replace("{upload:str}", target.upload[-32:])
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            answered = requests.request(method, f"{world.server.base_url}{API}{filled}", headers=headers, timeout=30)
            assert answered.status_code == 401, (method, path, code)
            if method != "HEAD":
                assert answered.json()["code"] == code, (method, path)


def test_no_device_token_opens_an_account(world: World) -> None:
    chief = world.person((PROVINCE, Role.ADMINISTRATOR))
    for method, path in sorted(route for route, ask in ROUTES.items() if ask == OWN):
        headers = {"Authorization": f"Bearer {chief.token}"}
        answered = requests.request(method, f"{world.server.base_url}{API}{path}", headers=headers, timeout=30)
        assert (answered.status_code, answered.json()["code"]) == (401, "session-ended"), path


def write_anew(asking: Asking) -> Any:
    return asking.phone.write(activity(asking.target.region))


def move_own(asking: Asking) -> Any:
    home = asking.phone.admission.grants[0].region
    record = asking.phone.log(activity(home))
    return asking.phone.write({"region": asking.target.region}, record=record)


def others_record(asking: Asking, sets: Mapping[str, Any]) -> Any:
    """A write in somebody else's record that replaces what stands there, as who has seen it would make it."""
    state = asking.target.owner.records[asking.target.record]
    paths = sets or {path for head in state.heads for path in head.sets}
    replaced = replaced_by(state, paths)
    chosen = sets or {DELETED: True}
    return asking.phone.write(chosen, record=state.record, kind=state.kind, form=state.form, replaces=replaced)


def change_entry(asking: Asking) -> Any:
    """An entry of a register: everybody who works in its region keeps it."""
    owner = asking.target.owner
    entry = owner.log({"region": asking.target.region, "name": "Sehati"}, kind="waste-bank", form=1)
    state = owner.records[entry]
    sets = {"name": "Sehati Jaya"}
    return asking.phone.write(sets, record=entry, kind="waste-bank", form=1, replaces=replaced_by(state, sets))


def give_photo_away(asking: Asking) -> Any:
    """A record of one's own that names somebody else's picture."""
    home = asking.phone.admission.grants[0].region
    sets = {
        "region": home,
        "date": "2026-11-20",
        "stage": "planning",
        "work_photos/0000000001/photo": answer(asking.target.photo),
    }
    return asking.phone.write(sets, kind="produta-facilitation", form=2)


Verdict = Callable[[Post, str], str]
GRANTED: Verdict = lambda _, place: "" if place == INSIDE else "region-not-granted"  # noqa: E731
AUTHORS: Verdict = lambda _, __: "not-the-author"  # noqa: E731
CONTENT: Mapping[str, tuple[Callable[[Asking], Any], Verdict]] = {
    "a new record": (write_anew, GRANTED),
    "one's own record moved there": (move_own, GRANTED),
    "an answer of somebody else": (lambda it: others_record(it, {"stage": "execution"}), AUTHORS),
    "somebody else's record deleted": (lambda it: others_record(it, {}), AUTHORS),
    "somebody else's record moved": (lambda it: others_record(it, {"region": it.target.region}), AUTHORS),
    "an entry of a register": (change_entry, lambda _, place: "" if place == INSIDE else "not-the-author"),
    "somebody else's photo": (give_photo_away, lambda _, __: ""),
}


@pytest.mark.parametrize("case", [case for case in CASES if case[0].region], ids=shown)
def test_a_batch_may_hold_what_the_table_says_and_nothing_else(world: World, case: tuple[Post, str]) -> None:
    post, place = case
    phone, target = world.person((post.region, post.role)), world.target(post.places[place])
    found, expected = {}, {}
    for name, (made, verdict) in CONTENT.items():
        asking = Asking(phone, target)
        outcome = phone.sync(made(asking)).outcomes[0]
        found[name] = outcome.code
        expected[name] = verdict(post, place)
        if name == "somebody else's photo":
            sees = asking.get(f"photos/{name_of(asking.target.photo)}")
            assert sees == (200 if place == INSIDE else 404), "naming a picture grants nothing"
    assert found == expected


def test_a_write_under_somebody_elses_name_is_refused_as_a_whole(world: World) -> None:
    target, phone = world.target(GUNTUNG), world.person((GUNTUNG, Role.CADRE))
    stolen = replace(phone.write(activity(GUNTUNG)), n=99)
    answered = phone.post(to_wire(stolen), replica=target.owner.replica)
    assert (answered.status_code, answered.json()["code"]) == (409, "replica-taken")


def test_who_lost_a_region_is_judged_by_when_they_wrote(world: World) -> None:
    phone = world.person((GUNTUNG, Role.CADRE))
    before = phone.write(activity(GUNTUNG), wall=now_ms() - 120_000)
    with database(world.server) as connection:
        connection.execute('UPDATE "grant" SET valid_to = ? WHERE person = ?', (now_ms() - 60_000, phone.person))
    after = phone.write(activity(GUNTUNG))
    assert [one.code for one in phone.sync(before, after).outcomes] == ["", "region-not-granted"]
