"""A coordinator's account from a native app, which keeps the session's cookie itself, and the real server."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from lumbung_client.platform_native import native_ports
from lumbung_client.session.session import Session
from lumbung_client.session.views import Failure, LockedView
from lumbung_shared.problems import Code, sentence
from tests.client.fakes import FakeTimer
from tests.client.phones import settled
from tests.client.tabs import until
from tests.server.browsers import OTHER, PASSWORD, add_account, code_of
from tests.servers import LumbungServer


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LumbungServer]:
    with LumbungServer(tmp_path_factory.mktemp("server")) as running:
        yield running


@asynccontextmanager
async def app(server: LumbungServer, folder: Path) -> AsyncIterator[Session]:
    ports = native_ports({"LUMBUNG_DATA": str(folder), "LUMBUNG_SERVER": server.base_url})
    session = await Session.open(replace(ports, timer=FakeTimer()))
    try:
        yield session
    finally:
        await session.close()


async def signed_in(session: Session, login: str, code: str = "") -> None:
    assert await session.login(login, PASSWORD, code) is None
    await settled(session)


def test_everything_about_an_account_is_done_from_the_app(server: LumbungServer, tmp_path: Path) -> None:
    _, login = add_account(server)

    async def act() -> None:
        async with app(server, tmp_path / "a") as here, app(server, tmp_path / "b") as there:
            await signed_in(here, login)
            await signed_in(there, login)
            assert here.identity is not None
            assert here.identity.login == login
            account = here.account
            assert await account.open(login, "salah") == Failure(Code.LOGIN_WRONG, sentence(Code.LOGIN_WRONG, "id"))
            assert await account.open(login, PASSWORD) is None
            assert account.shown is not None
            assert [(one.phone, one.here) for one in account.shown.places] == [
                (True, False),
                (True, True),
                (False, True),
            ]
            assert await account.begin_totp(PASSWORD) is None
            assert account.setup is not None
            secret = account.setup.secret
            assert await account.confirm_totp(code_of(secret, -1)) is None
            assert (len(account.recovery), account.shown.totp) == (10, True)
            spare = account.recovery[-1]
            recovery = account.recovery
            account.noted()
            assert account.recovery == ()
            assert await account.change_password(PASSWORD, OTHER, keep=True) is None
            assert await account.change_password(OTHER, PASSWORD, keep=True) is None
            await account.close()
            assert account.shown is None
            assert code(await account.refresh()) == Code.SESSION_ENDED
            assert code(await account.open(login, PASSWORD)) == Code.TOTP_NEEDED
            assert await account.open(login, PASSWORD, recovery[0]) is None
            assert await account.end_totp(PASSWORD, spare) is None
            assert account.shown is not None
            assert account.shown.totp is False
            (other,) = [one for one in account.shown.places if one.phone and not one.here]
            assert await account.end(other.id) is None
            assert await locked_after_asking(there) == LockedView(0, 0)
            assert here.locked is None
            await signed_in(there, login)
            assert there.locked is None
            assert await account.sign_out_everywhere(keep=False) is None
            assert account.shown is None
            assert await locked_after_asking(here) == await locked_after_asking(there) == LockedView(0, 0)
            await signed_in(here, login)
            assert here.locked is None

    asyncio.run(act())


def test_a_link_sets_the_password_of_who_is_not_signed_in(server: LumbungServer, tmp_path: Path) -> None:
    _, login = add_account(server)
    link = json.loads(server.command("account", "reset", login, "--json")[1])["link"]

    async def act() -> None:
        async with app(server, tmp_path) as session:
            sent = link.rpartition("=")[2]
            assert code(await session.account.reset(sent, "pendek", keep=False)) == Code.PASSWORD_WEAK
            assert await session.account.reset(sent, OTHER, keep=False) == login
            assert code(await session.account.reset(sent, OTHER, keep=False)) == Code.RESET_LINK_VOID
            assert await session.login(login, OTHER) is None

    asyncio.run(act())


def code(answer: object) -> str:
    """The code of a failure."""
    assert isinstance(answer, Failure), answer
    return answer.code


async def locked_after_asking(session: Session) -> LockedView | None:
    """What a phone tells once it has heard from the server again."""
    await session.sync_now()
    await until(lambda: session.locked is not None)
    return session.locked
