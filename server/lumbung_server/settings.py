"""Read the settings once, from a mapping. Nothing here opens, connects or writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lumbung_shared.protocol import MAX_BODY_BYTES
from lumbung_shared.releases import is_release

DAY_MS = 86_400_000


class Unusable(Exception):
    """Something the server stands on cannot be used; the message is a sentence for the person who starts it."""


class SettingsWrong(Unusable):
    """A setting cannot be used; the message names the variable."""


@dataclass(frozen=True)
class Settings:
    """What the server needs to know before it starts.

    `var`: folder of everything that must survive; `app`: folder of the phone app's bundle;
    `public_url`: the address people type or scan; `trusted_proxies`: addresses whose X-Forwarded-For counts;
    `token_days`, `code_days`: how long a device token and an enrolment code are good for;
    `busy_ms`: how long one try waits for a locked database; `workers`: how many processes serve;
    `blobs`: address of the store of pictures, empty for a folder in `var`; `catalogue`: whether verified products are
    shown to everybody; `oldest_app`: the oldest version of the app that may sync, empty for every one.
    """

    var: Path
    database_url: str
    port: int
    app: Path
    public_url: str
    trusted_proxies: str = ""
    max_body_bytes: int = MAX_BODY_BYTES
    token_days: int = 180
    code_days: int = 7
    busy_ms: int = 5_000
    log_json: bool = False
    workers: int = 1
    blobs: str = ""
    live_seconds: int = 600
    catalogue: bool = True
    oldest_app: str = ""

    @property
    def blob_url(self) -> str:
        """Where the pictures are kept."""
        return self.blobs or (self.var / "blobs").as_uri()

    @property
    def receipt_key(self) -> Path:
        """Where the private key that signs receipts lives."""
        return self.var / "receipt-key"

    @property
    def account_key(self) -> Path:
        """Where the key lives with which secrets of accounts are encrypted."""
        return self.var / "account-key"


def settings_from(environment: Mapping[str, str]) -> Settings:
    """Return the settings that environment variables name, defaults for the rest. Raises SettingsWrong."""
    var = Path(environment.get("LUMBUNG_VAR") or "var").absolute()
    port = _whole(environment, "LUMBUNG_PORT", 8000, 1, 65_535)
    return Settings(
        var=var,
        database_url=environment.get("LUMBUNG_DATABASE_URL") or f"sqlite:///{var / 'lumbung.sqlite3'}",
        port=port,
        app=Path(environment.get("LUMBUNG_APP") or "build/app").absolute(),
        public_url=(environment.get("LUMBUNG_PUBLIC_URL") or f"http://127.0.0.1:{port}").rstrip("/"),
        trusted_proxies=environment.get("LUMBUNG_TRUSTED_PROXIES", ""),
        max_body_bytes=_whole(environment, "LUMBUNG_MAX_BODY_BYTES", MAX_BODY_BYTES, 1_000, 100_000_000),
        token_days=_whole(environment, "LUMBUNG_TOKEN_DAYS", 180, 1, 3_650),
        code_days=_whole(environment, "LUMBUNG_CODE_DAYS", 7, 1, 365),
        busy_ms=_whole(environment, "LUMBUNG_BUSY_MS", 5_000, 1, 60_000),
        workers=_whole(environment, "LUMBUNG_WORKERS", 1, 1, 64),
        log_json=environment.get("LUMBUNG_LOG") == "json",
        blobs=environment.get("LUMBUNG_BLOB_URL", ""),
        live_seconds=_whole(environment, "LUMBUNG_LIVE_SECONDS", 600, 1, 3_600),
        catalogue=_is_on(environment, "LUMBUNG_CATALOGUE", default=True),
        oldest_app=_version(environment, "LUMBUNG_OLDEST_APP"),
    )


def _is_on(environment: Mapping[str, str], name: str, *, default: bool) -> bool:
    text = environment.get(name) or ("on" if default else "off")
    if text not in ("on", "off"):
        raise SettingsWrong(f"{name} harus on atau off, bukan {text!r}")
    return text == "on"


def _version(environment: Mapping[str, str], name: str) -> str:
    text = environment.get(name, "")
    if text and not is_release(text):
        raise SettingsWrong(f"{name} harus berupa versi seperti 0.9.2, bukan {text!r}")
    return text


def _whole(environment: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = environment.get(name) or str(default)
    if not text.isdecimal() or not least <= int(text) <= most:
        raise SettingsWrong(f"{name} harus berupa bilangan bulat {least} sampai {most}, bukan {text!r}")
    return int(text)
