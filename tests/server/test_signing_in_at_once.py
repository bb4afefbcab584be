"""A password is changed, or a second step switched on, while somebody who knows the old password signs in."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from lumbung_server.db.connections import Connection, reading, writing
from lumbung_server.refusal import Refusal
from lumbung_server.repositories import access, accounts, staff
from lumbung_server.repositories.access import Account
from lumbung_server.services import account
from lumbung_server.services.account import Owner
from lumbung_server.services.admission import login
from lumbung_server.services.passwords import password_hash
from lumbung_server.services.sessions import open_session
from lumbung_server.services.site import Site
from lumbung_shared.account import PasswordChange, SessionRequest
from lumbung_shared.ids import base32
from lumbung_shared.problems import Code
from lumbung_shared.protocol import LoginRequest
from tests.server.browsers import OTHER, PASSWORD
from tests.server.sites import add_caller, caller, fresh_site

POSTGRESQL_IN_FULL = True

Addressed = Callable[[Path], str]
LOGIN, THIEF = "koor.uji", base32(b"si-pencuri", 16)


async def owner_of(site: Site) -> Owner:
    """Somebody with an account, and the session in which they look after it."""
    await add_caller(site, caller("koor", ()))
    made = Account(LOGIN, "koor", password_hash(PASSWORD))
    await writing(site.engine, lambda connection: access.put_account(connection, made))
    opened = await open_session(site, SessionRequest(LOGIN, PASSWORD), "")
    return Owner(opened.session, opened.cookie)


async def sign_in(site: Site) -> None:
    await login(site, LoginRequest(LOGIN, PASSWORD, THIEF), "")


async def open_account(site: Site) -> None:
    await open_session(site, SessionRequest(LOGIN, PASSWORD), "")


WAYS_IN = {"phone": (sign_in, "claim_replica"), "session": (open_account, "forget_sessions")}


@pytest.mark.parametrize("way", WAYS_IN)
def test_who_came_in_by_the_old_password_just_before_its_change_is_out_with_it(
    tmp_path: Path, addressed: Addressed, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    come, last = WAYS_IN[way]

    async def run() -> None:
        inside, go_on = asyncio.Event(), asyncio.Event()
        async with fresh_site(tmp_path, addressed(tmp_path)) as site:
            owner = await owner_of(site)
            hold(monkeypatch, last, inside, go_on)
            thief = asyncio.create_task(come(site))
            await inside.wait()
            change = asyncio.create_task(account.change_password(site, owner, PasswordChange(PASSWORD, OTHER)))
            # As long as the thief is on the way in nothing may be told to be closed.
            await asyncio.wait({change}, timeout=1)
            go_on.set()
            await asyncio.gather(thief, change)
            async with reading(site.engine) as connection:
                left = await accounts.sessions_of(connection, LOGIN)
                phones = (await staff.devices_of_people(connection, ["koor"]))["koor"]
            assert [one.id for one in left] == [owner.session.id]
            assert [one.id for one in phones if one.revoked_at is None] == []

    asyncio.run(run())


@pytest.mark.parametrize("way", WAYS_IN)
def test_who_proved_the_old_password_just_before_its_change_does_not_come_in_after_it(
    tmp_path: Path, addressed: Addressed, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    come, _ = WAYS_IN[way]

    async def run() -> None:
        inside, go_on = asyncio.Event(), asyncio.Event()
        async with fresh_site(tmp_path, addressed(tmp_path)) as site:
            owner = await owner_of(site)
            hold(monkeypatch, "end_sessions", inside, go_on)
            change = asyncio.create_task(account.change_password(site, owner, PasswordChange(PASSWORD, OTHER)))
            await inside.wait()
            thief = asyncio.create_task(come(site))
            await asyncio.wait({thief}, timeout=1)
            go_on.set()
            await change
            with pytest.raises(Refusal) as refused:
                await thief
            assert refused.value.code == Code.LOGIN_WRONG

    asyncio.run(run())


def hold(monkeypatch: pytest.MonkeyPatch, step: str, inside: asyncio.Event, go_on: asyncio.Event) -> None:
    """Have a transaction stand still before one of its steps, the first time."""
    where = accounts if hasattr(accounts, step) else access
    as_it_is: Callable[..., Awaitable[Any]] = getattr(where, step)

    async def held(connection: Connection, *arguments: Any, **more: Any) -> Any:
        if not inside.is_set():
            inside.set()
            await go_on.wait()
        return await as_it_is(connection, *arguments, **more)

    monkeypatch.setattr(where, step, held)
