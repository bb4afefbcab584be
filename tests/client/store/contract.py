"""What every back end of durable files has to do: claims that run wherever Python does, also in a browser's worker.

Knows no test runner: each claim is given an empty folder and raises when the claim does not hold.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager

from lumbung_client.store.durable import DurableFile, DurableFiles, StorageNumbers, StoreError, StoreFailed, StoreInUse

Claim = Callable[[DurableFiles], Coroutine[None, None, None]]

CLAIMS: dict[str, Claim] = {}


def claim(check: Claim) -> Claim:
    """Have a claim checked on every back end."""
    CLAIMS[check.__name__] = check
    return check


@contextmanager
def raises(error: type[StoreError]) -> Iterator[None]:
    """Fail unless exactly this error comes."""
    came: type[StoreError] | None = None
    try:
        yield
    except StoreError as caught:
        came = type(caught)
    assert came is error, f"{came} instead of {error}"


def whole(file: DurableFile) -> bytes:
    """Return all bytes of a file."""
    return file.read_at(0, file.size())


@claim
async def a_new_file_is_empty(files: DurableFiles) -> None:
    file = await files.open("a")
    assert file.size() == 0
    assert file.read_at(0, 10) == b""
    file.close()


@claim
async def what_was_written_is_read_back_at_any_offset(files: DurableFiles) -> None:
    file = await files.open("a")
    file.write_at(0, b"hello")
    file.write_at(5, b" world")
    file.write_at(0, b"J")
    assert file.size() == 11
    assert file.read_at(0, 100) == b"Jello world"
    assert file.read_at(6, 3) == b"wor"
    file.close()


@claim
async def reading_at_or_beyond_the_end_gives_nothing(files: DurableFiles) -> None:
    file = await files.open("a")
    file.write_at(0, b"abc")
    assert file.read_at(3, 1) == b""
    assert file.read_at(100, 5) == b""
    assert file.read_at(1, 0) == b""
    file.close()


@claim
async def a_gap_reads_as_zeros(files: DurableFiles) -> None:
    file = await files.open("a")
    file.write_at(3, b"x")
    assert whole(file) == b"\0\0\0x"
    file.close()


@claim
async def writing_nothing_changes_nothing(files: DurableFiles) -> None:
    file = await files.open("a")
    file.write_at(0, b"abc")
    file.write_at(100, b"")
    assert whole(file) == b"abc"
    file.close()


@claim
async def a_megabyte_survives_closing_and_opening(files: DurableFiles) -> None:
    data = bytes(range(256)) * 4096
    file = await files.open("a")
    file.write_at(0, data)
    file.flush()
    file.close()
    again = await files.open("a")
    assert again.size() == len(data)
    assert whole(again) == data
    again.close()


@claim
async def what_was_not_flushed_is_there_too_after_a_close_in_peace(files: DurableFiles) -> None:
    file = await files.open("a")
    file.write_at(0, b"abc")
    file.close()
    again = await files.open("a")
    assert whole(again) == b"abc"
    again.close()


@claim
async def truncate_cuts_the_end_off(files: DurableFiles) -> None:
    file = await files.open("a")
    file.write_at(0, b"hello")
    file.truncate(2)
    assert file.size() == 2
    assert whole(file) == b"he"
    file.truncate(0)
    assert file.size() == 0
    file.close()


@claim
async def truncate_beyond_the_end_fills_with_zeros(files: DurableFiles) -> None:
    file = await files.open("a")
    file.write_at(0, b"hello")
    file.truncate(2)
    file.truncate(4)
    assert whole(file) == b"he\0\0"
    file.close()


@claim
async def what_was_cut_off_does_not_come_back_when_the_file_grows_again(files: DurableFiles) -> None:
    file = await files.open("a")
    file.write_at(0, b"hello")
    file.truncate(2)
    file.write_at(4, b"x")
    assert whole(file) == b"he\0\0x"
    file.close()


@claim
async def a_held_file_is_in_use_and_a_closed_one_free(files: DurableFiles) -> None:
    file = await files.open("a")
    with raises(StoreInUse):
        await files.open("a")
    file.close()
    file.close()
    again = await files.open("a")
    assert again.size() == 0
    again.close()


@claim
async def being_refused_does_not_disturb_the_holder(files: DurableFiles) -> None:
    file = await files.open("a")
    with raises(StoreInUse):
        await files.open("a")
    file.write_at(0, b"abc")
    file.flush()
    assert whole(file) == b"abc"
    with raises(StoreInUse):
        await files.open("a")
    file.close()


@claim
async def files_of_one_folder_do_not_disturb_each_other(files: DurableFiles) -> None:
    one, two = await files.open("one"), await files.open("two")
    one.write_at(0, b"1")
    two.write_at(0, b"22")
    assert (one.size(), two.size()) == (1, 2)
    one.close()
    two.write_at(2, b"2")
    assert whole(two) == b"222"
    two.close()


@claim
async def a_closed_file_refuses_every_call(files: DurableFiles) -> None:
    file = await files.open("a")
    file.write_at(0, b"abc")
    file.close()
    for call in (
        file.size,
        lambda: file.read_at(0, 1),
        lambda: file.write_at(0, b"x"),
        lambda: file.truncate(0),
        file.flush,
    ):
        with raises(StoreFailed):
            call()


@claim
async def names_are_told_sorted_and_only_of_files_that_are_there(files: DurableFiles) -> None:
    assert await files.names() == ()
    for name in ("segment-2", "journal", "segment-10", "journal.damaged-1"):
        (await files.open(name)).close()
    assert await files.names() == ("journal", "journal.damaged-1", "segment-10", "segment-2")
    await files.remove("segment-10")
    assert await files.names() == ("journal", "journal.damaged-1", "segment-2")


@claim
async def a_name_is_told_while_the_file_is_open(files: DurableFiles) -> None:
    file = await files.open("a")
    assert await files.names() == ("a",)
    file.close()


@claim
async def a_removed_file_is_made_empty_when_opened_again(files: DurableFiles) -> None:
    file = await files.open("a")
    file.write_at(0, b"old")
    file.flush()
    file.close()
    await files.remove("a")
    again = await files.open("a")
    assert again.size() == 0
    again.close()


@claim
async def removing_what_is_not_there_does_nothing(files: DurableFiles) -> None:
    await files.remove("a")
    (await files.open("a")).close()
    await files.remove("a")
    await files.remove("a")
    assert await files.names() == ()


@claim
async def a_held_file_is_not_removed(files: DurableFiles) -> None:
    file = await files.open("a")
    file.write_at(0, b"abc")
    with raises(StoreInUse):
        await files.remove("a")
    assert whole(file) == b"abc"
    file.close()
    assert await files.names() == ("a",)
    await files.remove("a")


@claim
async def the_same_file_can_be_made_and_removed_many_times(files: DurableFiles) -> None:
    for number in range(20):
        file = await files.open("a")
        assert file.size() == 0
        file.write_at(0, bytes([number]))
        file.flush()
        file.close()
        await files.remove("a")


@claim
async def numbers_are_whole_and_free_is_part_of_the_total(files: DurableFiles) -> None:
    (await files.open("a")).close()
    numbers = await files.numbers()
    assert isinstance(numbers, StorageNumbers)
    if numbers.free is not None and numbers.total is not None:
        assert 0 <= numbers.free <= numbers.total
