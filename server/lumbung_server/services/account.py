"""What owners do about their account: see it, change the password, the second step, and where they are signed in."""

from __future__ import annotations

from dataclasses import dataclass

from lumbung_server.db.connections import Connection, reading, writing
from lumbung_server.refusal import Refusal
from lumbung_server.repositories import access, accounts, staff
from lumbung_server.repositories.access import Device
from lumbung_server.repositories.accounts import SecondFactor, Session
from lumbung_server.repositories.people import people
from lumbung_server.services import attempts, passwords, totp
from lumbung_server.services.audit import Actor, AuditAct, note
from lumbung_server.services.codes import normalised
from lumbung_server.services.proving import accept, prove, prove_again, recovery_digest, secret_of
from lumbung_server.services.sealing import NONCE_BYTES
from lumbung_server.services.sessions import IDLE_MS, csrf_of
from lumbung_server.services.site import Site
from lumbung_server.services.staff import withdraw
from lumbung_shared.account import (
    AccountView,
    EndRequest,
    PasswordChange,
    PasswordProof,
    RecoveryCodes,
    SignedIn,
    SignOutRequest,
    TotpConfirm,
    TotpSetup,
)
from lumbung_shared.ids import base32
from lumbung_shared.passwords import is_weak
from lumbung_shared.problems import Code

RECOVERY_CODES = 10


@dataclass(frozen=True)
class Owner:
    """Who looks after their account: the session, the secret of its cookie, and where the request came from."""

    session: Session
    cookie: str
    address: str = ""

    @property
    def login(self) -> str:
        """The login name of the account."""
        return self.session.login

    @property
    def actor(self) -> Actor:
        """Who acts, for the log."""
        return Actor(self.session.person)


async def view(site: Site, owner: Owner) -> AccountView:
    """Return the account as its owner sees it."""
    async with reading(site.engine) as connection:
        return await _view(connection, site, owner)


async def _view(connection: Connection, site: Site, owner: Owner) -> AccountView:
    now, session = site.now(), owner.session
    factor = await accounts.find_factor(connection, owner.login)
    open_ones = [
        one
        for one in await accounts.sessions_of(connection, owner.login)
        if one.expires_at > now and now - one.last_seen < IDLE_MS
    ]
    phones = [one for one in await _phones(connection, owner) if one.revoked_at is None and one.expires_at > now]
    return AccountView(
        login=owner.login,
        csrf=csrf_of(owner.cookie),
        totp=factor is not None and factor.confirmed_at is not None,
        recovery=await accounts.count_recovery_codes(connection, owner.login),
        places=(
            *(
                SignedIn(one.id, one.created_at, one.last_seen, one.name, phone=True, here=one.id == session.device)
                for one in sorted(phones, key=lambda one: -one.last_seen)
            ),
            *(SignedIn(one.id, one.made_at, one.last_seen, one.name, here=one.id == session.id) for one in open_ones),
        ),
    )


async def _phones(connection: Connection, owner: Owner) -> tuple[Device, ...]:
    return (await staff.devices_of_people(connection, [owner.session.person])).get(owner.session.person, ())


async def change_password(site: Site, owner: Owner, request: PasswordChange) -> AccountView:
    """Set another password. Every other session ends, and every other phone is signed out unless the request keeps
    them. Raises Refusal: password-wrong, password-weak; login-wrong when it was changed meanwhile."""
    async with reading(site.engine) as connection:
        names = await people(connection, [owner.session.person], "")
    if is_weak(request.new, owner.login, *(one.name for one in names.values())):
        raise Refusal(Code.PASSWORD_WEAK, "new")
    proof = await prove_again(site, owner.login, request.old, owner.address)
    fresh = await passwords.hashed(request.new)

    async def change(connection: Connection) -> AccountView:
        await accept(connection, site, proof, again=True)
        if not await accounts.set_password(connection, owner.login, fresh, proof.account.password_hash):
            raise Refusal(Code.LOGIN_WRONG)
        await _note(connection, site, owner, AuditAct.CHANGE_PASSWORD)
        await accounts.end_sessions(connection, owner.login, but=owner.session.id)
        if not request.keep:
            await _sign_out_phones(connection, site, owner, but=owner.session.device)
        return await _view(connection, site, owner)

    return await writing(site.engine, change)


async def begin_totp(site: Site, owner: Owner, request: PasswordProof) -> TotpSetup:
    """Make the secret of a second step, which counts when its first code has come.

    Raises Refusal: password-wrong, totp-on, too-many-attempts.
    """
    proof = await prove_again(site, owner.login, request.password, owner.address)
    secret, nonce = site.chance(totp.SECRET_BYTES), site.chance(NONCE_BYTES)
    made = SecondFactor(owner.login, site.sealer.seal(secret, owner.login, nonce), 0, None)

    async def begin(connection: Connection) -> None:
        await accept(connection, site, proof, again=True)
        if not await accounts.put_factor(connection, made):
            raise Refusal(Code.TOTP_ON)

    await writing(site.engine, begin)
    return TotpSetup(totp.as_text(secret), totp.address(secret, owner.login))


async def confirm_totp(site: Site, owner: Owner, request: TotpConfirm) -> RecoveryCodes:
    """Have the second step count, because its first code is right, and make recovery codes. Every other session ends:
    it came in without a code.

    Raises Refusal: totp-wrong, totp-on, too-many-attempts.
    """
    counted, now = attempts.of_second_step(owner.login), site.now()
    await writing(site.engine, lambda connection: attempts.count(connection, counted, now))
    made = tuple(base32(site.chance(7), 10).upper() for _ in range(RECOVERY_CODES))

    async def confirm(connection: Connection) -> None:
        await access.lock_account(connection, owner.login)
        factor = await accounts.find_factor(connection, owner.login)
        if factor is not None and factor.confirmed_at is not None:
            raise Refusal(Code.TOTP_ON)
        step = totp.step_of(secret_of(site, factor), normalised(request.code), now) if factor else None
        if step is None or not await accounts.use_step(connection, owner.login, step):
            raise Refusal(Code.TOTP_WRONG, "code")
        await accounts.confirm_factor(connection, owner.login, now)
        digests = (recovery_digest(site, owner.login, normalised(one)) for one in made)
        await accounts.add_recovery_codes(connection, owner.login, digests)
        await accounts.end_sessions(connection, owner.login, but=owner.session.id)
        await attempts.forgive(connection, counted, now)
        await _note(connection, site, owner, AuditAct.TOTP_ON)

    await writing(site.engine, confirm)
    return RecoveryCodes(tuple(f"{one[:5]}-{one[5:]}" for one in made))


async def end_totp(site: Site, owner: Owner, request: PasswordProof) -> AccountView:
    """Switch the second step off, by both of what it takes to sign in.

    Raises Refusal: password-wrong, totp-needed, totp-wrong, too-many-attempts.
    """
    proof = await prove(site, owner.login, request.password, request.code, owner.address, refused=Code.PASSWORD_WRONG)

    async def end(connection: Connection) -> AccountView:
        await accept(connection, site, proof)
        if await accounts.drop_factor(connection, owner.login):
            await _note(connection, site, owner, AuditAct.TOTP_OFF)
        return await _view(connection, site, owner)

    return await writing(site.engine, end)


async def end_place(site: Site, owner: Owner, request: EndRequest) -> AccountView:
    """Sign one of one's own phones or sessions out. Raises Refusal: place-unknown."""

    async def end(connection: Connection) -> AccountView:
        sought = request.place if request.place.isprintable() else ""
        if await accounts.end_session(connection, owner.login, sought):
            await _note(connection, site, owner, AuditAct.END_SESSION)
            return await _view(connection, site, owner)
        chosen = [one for one in await _phones(connection, owner) if one.id == sought and one.revoked_at is None]
        if not chosen:
            raise Refusal(Code.PLACE_UNKNOWN, "place")
        await withdraw(connection, site, owner.actor, owner.session.person, chosen)
        return await _view(connection, site, owner)

    return await writing(site.engine, end)


async def sign_out_everywhere(site: Site, owner: Owner, request: SignOutRequest) -> AccountView:
    """End every session and every phone's permission; with `keep` those that ask stay. What a phone has not sent stays
    on it, and comes in when its person signs in there again."""
    session = owner.session

    async def end(connection: Connection) -> AccountView:
        await _note(connection, site, owner, AuditAct.SIGN_OUT_EVERYWHERE)
        await accounts.end_sessions(connection, owner.login, but=session.id if request.keep else "")
        await _sign_out_phones(connection, site, owner, but=session.device if request.keep else "")
        return await _view(connection, site, owner)

    return await writing(site.engine, end)


async def _sign_out_phones(connection: Connection, site: Site, owner: Owner, but: str) -> None:
    chosen = [one for one in await _phones(connection, owner) if one.id != but]
    await withdraw(connection, site, owner.actor, owner.session.person, chosen)


async def _note(connection: Connection, site: Site, owner: Owner, act: AuditAct) -> None:
    await note(connection, site, owner.actor, act, about=owner.session.person, details={"login": owner.login})
