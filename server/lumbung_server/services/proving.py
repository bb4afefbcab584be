"""Let only who owns an account go on: the password, and the second step where it is on. Every try is counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import structlog

from lumbung_server.db.connections import Connection, reading, writing
from lumbung_server.refusal import Refusal
from lumbung_server.repositories import access, accounts
from lumbung_server.repositories.access import Account
from lumbung_server.repositories.accounts import SecondFactor
from lumbung_server.services import attempts, codes, passwords, totp
from lumbung_server.services.site import Site
from lumbung_shared.problems import Code

_log = structlog.get_logger("lumbung")


@dataclass(frozen=True)
class Proof:
    """A password that was right, until `accept` has seen to the second step. `counted`: what the try counted for."""

    account: Account
    code: str
    counted: Mapping[str, str]
    now: int


def login_name(text: str) -> str:
    """Return a login name as it is stored."""
    return codes.storable(text.strip().lower())


async def prove(
    site: Site, login: str, password: str, code: str, address: str, refused: Code = Code.LOGIN_WRONG
) -> Proof:
    """Check a password. `code`: of the second step, may be empty; `address`: where the request came from.

    Raises Refusal: `refused` for a wrong password, totp-needed, too-many-attempts.
    """
    account, counted, now = await _with_password(site, login, password, address, refused)
    async with reading(site.engine) as connection:
        factor = await accounts.find_factor(connection, account.login)
    if factor is None or factor.confirmed_at is None:
        return Proof(account, "", counted, now)
    if not code.strip():
        # The password was right: asking for the code is no failed attempt.
        await writing(site.engine, partial(attempts.forgive, what=counted, now=now))
        raise Refusal(Code.TOTP_NEEDED, "code")
    of_code = attempts.of_second_step(account.login)
    await writing(site.engine, partial(attempts.count, what=of_code, now=now))
    return Proof(account, code, {**counted, **of_code}, now)


async def prove_again(site: Site, login: str, password: str, address: str) -> Proof:
    """Check the password of who is signed in already; that needs no code. Raises Refusal: password-wrong."""
    account, counted, now = await _with_password(site, login, password, address, Code.PASSWORD_WRONG)
    return Proof(account, "", counted, now)


async def accept(connection: Connection, site: Site, proof: Proof, *, again: bool = False) -> None:
    """Use the code up and take the counting back, in the transaction of what it was for. `again`: as `prove_again`.

    It comes first in that transaction: the account stays locked, so that a change of the password, or of the second
    step, sees all that was let in before it, and nothing is let in by what was good before it.
    Raises Refusal: totp-wrong; login-wrong when the password was changed in the meantime.
    """
    login = proof.account.login
    standing = await access.lock_account(connection, login)
    if standing is None or standing.password_hash != proof.account.password_hash:
        raise Refusal(Code.LOGIN_WRONG)
    factor = await accounts.find_factor(connection, login)
    if factor is not None and factor.confirmed_at is not None and not again:
        await _use_code(connection, site, factor, proof.code)
    await attempts.forgive(connection, proof.counted, proof.now)


async def _with_password(
    site: Site, login: str, password: str, address: str, refused: Code
) -> tuple[Account, Mapping[str, str], int]:
    name = login_name(login)
    counted = attempts.of_login(address, name)
    now = site.now()
    # A transaction of its own: the attempt stays counted when the password turns out to be wrong.
    await writing(site.engine, partial(attempts.count, what=counted, now=now))
    async with reading(site.engine) as connection:
        account = await access.find_account(connection, name)
    right = await passwords.matches(account.password_hash if account else passwords.UNSET, password)
    if account is None or not right:
        raise Refusal(refused)
    return account, counted, now


async def _use_code(connection: Connection, site: Site, factor: SecondFactor, code: str) -> None:
    plain = codes.normalised(code)
    if plain.isdecimal() and len(plain) == totp.DIGITS:
        step = totp.step_of(secret_of(site, factor), plain, site.now())
        if step is not None and await accounts.use_step(connection, factor.login, step):
            return
    elif await accounts.use_recovery_code(connection, factor.login, recovery_digest(site, factor.login, plain)):
        return
    raise Refusal(Code.TOTP_WRONG, "code")


def secret_of(site: Site, factor: SecondFactor) -> bytes:
    """Return the secret of a second step. Raises Refusal: totp-wrong, when its key is not the server's any more."""
    secret = site.sealer.unseal(factor.secret, factor.login)
    if secret is None:
        _log.error("the key of accounts is another one: a second step cannot be checked")
        raise Refusal(Code.TOTP_WRONG, "code")
    return secret


def recovery_digest(site: Site, login: str, plain: str) -> str:
    """Return the form in which a normalised recovery code of an account is stored."""
    return site.sealer.digest(f"{login} {plain}")
