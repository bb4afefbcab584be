"""Save and restore PostgreSQL with its own tools, pg_dump and pg_restore. Knows no table."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import URL, make_url

from lumbung_server.db.connections import glancing, open_engine
from lumbung_server.settings import Unusable

_TABLES = text("SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema()")


def dump(url: str, target: Path) -> None:
    """Save a database as it is at one moment, whatever is written meanwhile, into a file. Raises Unusable."""
    _run("pg_dump", url, "--format=custom", f"--file={target}")


def load(url: str, source: Path) -> None:
    """Put what `dump` saved into an empty database. Raises Unusable; it may hold part of it then."""
    _run("pg_restore", url, "--exit-on-error", "--no-owner", f"--dbname={make_url(url).database}", str(source))


def check_file(source: Path) -> None:
    """Raise Unusable for a file that pg_restore cannot read, before anything is done with it."""
    _run("pg_restore", "", "--list", str(source))


async def is_empty(url: str) -> bool:
    """Tell whether a database has no tables. Raises Busy, Unusable."""
    engine = open_engine(url)
    try:
        async with glancing(engine) as connection:
            return bool((await connection.execute(_TABLES)).scalar_one() == 0)
    finally:
        await engine.dispose()


def _run(tool: str, url: str, *arguments: str) -> None:
    program = shutil.which(tool)
    if program is None:
        raise Unusable(f"{tool} tidak ditemukan; pasang alat PostgreSQL yang seversi dengan servernya")
    environment = {**os.environ, **(_environment(make_url(url)) if url else {})}
    done = subprocess.run(  # noqa: S603 - the tools of PostgreSQL, with arguments of our own
        [program, *arguments], env=environment, capture_output=True, text=True, errors="replace", check=False
    )
    if done.returncode != 0:
        said = " ".join(done.stderr.split()) or f"kode keluar {done.returncode}"
        raise Unusable(f"{tool} gagal: {said[:300]}")


def _environment(url: URL) -> Mapping[str, str]:
    """Return where a database is, as PostgreSQL's tools want it told: others see arguments, and no environment."""
    host = url.query.get("host") or url.host
    ssl = url.query.get("sslmode") or url.query.get("ssl")
    said = {
        "PGHOST": host if isinstance(host, str) else None,
        "PGPORT": str(url.port) if url.port else None,
        "PGUSER": url.username,
        "PGPASSWORD": str(url.password) if url.password else None,
        "PGDATABASE": url.database,
        "PGSSLMODE": ssl if isinstance(ssl, str) else None,
    }
    return {name: value for name, value in said.items() if value}
