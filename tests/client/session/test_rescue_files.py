"""A rescue file is taken in whole or not at all; a damaged or hostile one is refused with a reason."""

from __future__ import annotations

import asyncio
import io
import json
import tracemalloc
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from lumbung_client.session.rescue_file import DESCRIPTION, LARGEST, Reader, Unusable
from lumbung_client.session.views import Brought, Failure
from tests.client.fakes import Phone
from tests.client.phones import logged, opened
from tests.client.rescuing import PHOTO, exported, said, two_phones

Damage = Callable[[bytes], bytes]


def _without(name: str) -> Damage:
    def damaged(content: bytes) -> bytes:
        return _again(content, lambda entry, data: None if entry.startswith(name) else data)

    return damaged


def _changed(change: Callable[[dict[str, Any]], None]) -> Damage:
    def damaged(content: bytes) -> bytes:
        def edit(entry: str, data: bytes) -> bytes:
            if entry != DESCRIPTION:
                return data
            described = json.loads(data)
            change(described)
            return json.dumps(described).encode()

        return _again(content, edit)

    return damaged


def _again(content: bytes, edit: Callable[[str, bytes], bytes | None]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w") as made:
        for name in source.namelist():
            data = edit(name, source.read(name))
            if data is not None:
                made.writestr(name, data)
    return target.getvalue()


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (lambda _: b"", "rescue-unknown"),
        (lambda _: b"\xff\xd8 a photo", "rescue-unknown"),
        (_without(DESCRIPTION), "rescue-unknown"),
        (_changed(lambda it: it.update(format="other")), "rescue-unknown"),
        (_changed(lambda it: it.update(version=2)), "rescue-newer"),
        (lambda content: content[: len(content) // 2], "rescue-damaged"),
        (lambda content: content.replace(PHOTO, PHOTO.swapcase()), "rescue-damaged"),
        (_without("pictures/"), "rescue-damaged"),
        (_changed(lambda it: it.update(parts=[])), "rescue-damaged"),
        (_changed(lambda it: it["entries"][0]["write"].update(n=0)), "rescue-damaged"),
        (_changed(lambda it: it["entries"][0]["write"]["sets"].update(x=1.5)), "rescue-damaged"),
        (_changed(lambda it: it["entries"][0].update(replica="")), "rescue-damaged"),
        (_changed(lambda it: it.pop("entries") and it.update(entries=[{}])), "rescue-damaged"),
        (_changed(lambda it: it["entries"][0].update(code="\ud800")), "rescue-damaged"),
        (_changed(lambda it: it["entries"][0].update(made_at=10**15)), "rescue-damaged"),
        (_changed(lambda it: it["drafts"][0]["answers"].update(title="\ud800")), "rescue-damaged"),
        (_changed(lambda it: it["drafts"][0]["answers"].update(title=float("nan"))), "rescue-damaged"),
        (_changed(lambda it: it["drafts"][0].update(changed_at=-1)), "rescue-damaged"),
        (_changed(lambda it: it["pictures"][0].update(path="\ud800")), "rescue-damaged"),
        (_changed(lambda it: it["person"].update(name="\ud800")), "rescue-damaged"),
        (lambda content: _in_table(content, 6, b"\xff\xff"), "rescue-damaged"),  # wants a newer unpacker
        (lambda content: content + b"PK\x01\x02" * 20_001, "rescue-too-large"),
    ],
)
def test_a_file_that_cannot_be_taken_in_says_why_and_changes_nothing(damage: Damage, code: str) -> None:
    async def run() -> None:
        async with two_phones() as (old, new, _):
            record = logged(old, "Melati")
            old.answer(old.start_draft("other"), "title", "Rapat")
            await old.pictures.keep(PHOTO, record, "photos", old.now())
            file = await exported(old)
            answer = await new.rescue.take_in(damage(file.content))
            assert isinstance(answer, Failure)
            assert answer.code == code
            assert new.activities() == []
            assert new.pictures.unconfirmed() == ()

    asyncio.run(run())


def test_every_flipped_byte_is_noticed_or_changes_nothing_that_counts() -> None:
    async def run() -> None:
        async with two_phones() as (old, new, _):
            record = logged(old, "Melati")
            await old.pictures.keep(PHOTO, record, "photos", old.now())
            content = (await exported(old)).content
            whole = said(old, record)
            for place in range(0, len(content), 7):
                flipped = content[:place] + bytes([content[place] ^ 0x20]) + content[place + 1 :]
                answer = await new.rescue.take_in(flipped)
                if isinstance(answer, Brought):
                    assert said(new, record) == whole
                else:
                    assert answer.code.startswith("rescue-")

    asyncio.run(run())


def test_a_bomb_is_too_large() -> None:
    async def run() -> None:
        async with two_phones() as (_, new, _server):
            target = io.BytesIO()
            with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made, made.open(DESCRIPTION, "w") as inner:
                for _block in range(LARGEST // 10_000_000 + 1):
                    inner.write(bytes(10_000_000))
            answer = await new.rescue.take_in(target.getvalue())
            assert isinstance(answer, Failure)
            assert answer.code == "rescue-too-large"

    asyncio.run(run())


@pytest.mark.parametrize("packing", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
def test_a_bomb_that_lies_about_its_size_is_not_unpacked(packing: int) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", packing) as made:
        made.writestr(DESCRIPTION, bytes(60_000_000))
    content = _in_table(target.getvalue(), 24, (1000).to_bytes(4, "little"))
    tracemalloc.start()
    try:
        with pytest.raises(Unusable) as refused:
            Reader(content)
        assert refused.value.code == "rescue-damaged"
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


def _in_table(content: bytes, offset: int, data: bytes) -> bytes:
    """Overwrite something of the first entry in the table of contents."""
    place = content.index(b"PK\x01\x02") + offset
    return content[:place] + data + content[place + len(data) :]


def test_another_persons_file_is_refused_and_says_whose_it_is() -> None:
    async def run() -> None:
        async with two_phones(other="siti") as (old, new, _):
            logged(old, "Melati")
            answer = await new.rescue.take_in((await exported(old)).content)
            assert answer == Failure("rescue-of-another", name="Budi")
            assert new.activities() == []

    asyncio.run(run())


def test_before_enrolment_nothing_is_taken_in() -> None:
    async def run() -> None:
        async with two_phones() as (old, _, server), opened(Phone(server, seed=33)) as fresh:
            logged(old, "Melati")
            assert await fresh.rescue.take_in((await exported(old)).content) == Failure("rescue-not-enrolled")

    asyncio.run(run())


def test_the_file_holds_no_token_and_equal_content_gives_equal_bytes() -> None:
    async def run() -> None:
        async with two_phones() as (old, _, _server):
            record = logged(old, "Melati")
            await old.pictures.keep(PHOTO, record, "photos", old.now())
            file = await exported(old)
            with zipfile.ZipFile(io.BytesIO(file.content)) as inside:
                assert not any(b"token-budi" in inside.read(name) for name in inside.namelist())
            assert (await exported(old)).content == file.content

    asyncio.run(run())
