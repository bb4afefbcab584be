"""The messages by which a coordinator looks after their own account: password, second step, where one is signed in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SessionRequest:
    """Open a session for the account's own affairs. `code`: of the second step, or a recovery code, where it is on.

    `replica`: the store that asks, so that the list can say which phone is this one; `device` names it for people.
    """

    login: str
    password: str
    code: str = ""
    replica: str = ""
    device: str = ""


@dataclass(frozen=True)
class SignedIn:
    """Where an account is signed in: a phone (or the app in a browser), else an open session of the account screen.

    `since`, `seen`: ms since 1970; `here`: it is the one that asks.
    """

    id: str
    since: int
    seen: int
    name: str = ""
    phone: bool = False
    here: bool = False


@dataclass(frozen=True)
class AccountView:
    """An account as its owner sees it. `csrf`: what every change has to carry in the header `X-Lumbung-CSRF`.

    `totp`: signing in needs a code as well; `recovery`: how many recovery codes are left.
    """

    login: str
    csrf: str
    totp: bool = False
    recovery: int = 0
    places: tuple[SignedIn, ...] = ()


@dataclass(frozen=True)
class PasswordChange:
    """Another password. Every other session ends, and every other phone is signed out unless `keep` says so."""

    old: str
    new: str
    keep: bool = False


@dataclass(frozen=True)
class TotpSetup:
    """The secret of a second step that is not on yet: base32, and as the address that authenticator apps scan."""

    secret: str
    uri: str


@dataclass(frozen=True)
class TotpConfirm:
    """The first code of an authenticator: the second step is on from now."""

    code: str


@dataclass(frozen=True)
class RecoveryCodes:
    """Codes that stand for one of the authenticator, each once; shown this once."""

    codes: tuple[str, ...]


@dataclass(frozen=True)
class PasswordProof:
    """The password once more, for what must not happen by somebody who found an open screen. `code`: of the second
    step, or a recovery code, where it is to be switched off."""

    password: str
    code: str = ""


@dataclass(frozen=True)
class EndRequest:
    """Sign a phone or a session of one's own out, by its id in the list."""

    place: str


@dataclass(frozen=True)
class SignOutRequest:
    """Sign out everywhere; `keep`: but here."""

    keep: bool = False


@dataclass(frozen=True)
class ResetRequest:
    """Set the password with the one-time code of a link. `keep`: phones that are signed in stay so."""

    code: str
    password: str
    keep: bool = False


@dataclass(frozen=True)
class ResetDone:
    """The password is set; the login name to sign in with."""

    login: str
