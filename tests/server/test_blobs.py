"""Where pictures lie: the same claims for a folder and for a store that speaks S3."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from lumbung_server.services.blobs import Blobs, BlobsFailed
from lumbung_server.settings import Unusable
from tests.server.cameras import Hand, jpeg, log_photos, name_of
from tests.server.phones import GUNTUNG, Phone, problem, roster
from tests.servers import LumbungServer

FOLDER, S3 = "folder", "s3"
BUCKET = "foto"
PHOTO = jpeg(1)


@pytest.fixture(scope="module")
def store() -> Iterator[dict[str, str]]:
    """A server that speaks S3, with a bucket; the settings by which it is found."""
    running = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    running.start()
    host, port = running.get_host_and_port()
    found = {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "kunci",
        "AWS_SECRET_ACCESS_KEY": "rahasia",
        "AWS_REGION": "ap-southeast-3",
        "AWS_ALLOW_HTTP": "true",
    }
    client = boto3.client(
        "s3",
        endpoint_url=found["AWS_ENDPOINT_URL"],
        aws_access_key_id="kunci",
        aws_secret_access_key="rahasia",
        region_name="ap-southeast-3",
    )
    client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "ap-southeast-3"})
    yield found
    running.stop()


@pytest.fixture(params=[FOLDER, S3])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a store."""
    return f"s3://{BUCKET}/{tmp_path.name}" if request.param == S3 else (tmp_path / "foto").as_uri()


@pytest.fixture
def blobs(place: str, store: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Blobs:
    """A store without any picture."""
    for name, value in store.items():
        monkeypatch.setenv(name, value)
    return Blobs(place)


def test_what_was_put_is_given_back_and_known(blobs: Blobs) -> None:
    async def run() -> None:
        name = name_of(PHOTO)
        assert (await blobs.get(name), await blobs.has(name)) == (None, False)
        await blobs.put(name, PHOTO)
        assert (await blobs.get(name), await blobs.has(name)) == (PHOTO, True)

    asyncio.run(run())


def test_putting_the_same_twice_changes_nothing(blobs: Blobs) -> None:
    async def run() -> None:
        for _ in range(2):
            await blobs.put(name_of(PHOTO), PHOTO)
        assert await blobs.get(name_of(PHOTO)) == PHOTO

    asyncio.run(run())


def test_what_was_removed_is_gone_and_removing_it_again_is_no_fault(blobs: Blobs) -> None:
    async def run() -> None:
        await blobs.put(name_of(PHOTO), PHOTO)
        for _ in range(2):
            await blobs.remove(name_of(PHOTO))
        assert await blobs.get(name_of(PHOTO)) is None

    asyncio.run(run())


def test_many_at_once_do_not_hinder_each_other(blobs: Blobs) -> None:
    async def run() -> None:
        contents = [jpeg(seed, 64, 48) for seed in range(20)]
        await asyncio.gather(*(blobs.put(name_of(one), one) for one in contents))
        assert await asyncio.gather(*(blobs.get(name_of(one)) for one in contents)) == contents

    asyncio.run(run())


def test_a_folder_that_cannot_be_written_to_is_said_and_takes_nothing(tmp_path: Path) -> None:
    async def run() -> None:
        blobs = Blobs((tmp_path / "foto").as_uri())
        (tmp_path / "foto" / name_of(PHOTO)[:2]).write_text("a file where a folder has to be")
        with pytest.raises(BlobsFailed):
            await blobs.put(name_of(PHOTO), PHOTO)

    asyncio.run(run())


def test_an_address_that_leads_nowhere_is_said_at_once() -> None:
    with pytest.raises(Unusable, match="LUMBUNG_BLOB_URL"):
        Blobs("gopher://nowhere")


def test_photos_arrive_at_either(place: str, store: dict[str, str], tmp_path: Path) -> None:
    with LumbungServer(tmp_path / "server", environment={**store, "LUMBUNG_BLOB_URL": place}) as server:
        hand = Hand(Phone(server, roster(GUNTUNG).person.id))
        log_photos(hand.phone, GUNTUNG, PHOTO)
        hand.upload(PHOTO)
        assert hand.picture(name_of(PHOTO)).content == PHOTO


def test_a_store_that_is_down_loses_nothing_and_the_upload_is_finished_later(tmp_path: Path) -> None:
    with LumbungServer(tmp_path / "server") as server:
        hand = Hand(Phone(server, roster(GUNTUNG).person.id))
        log_photos(hand.phone, GUNTUNG, PHOTO)
        place = hand.place(PHOTO)
        hinder = server.var / "blobs" / name_of(PHOTO)[:2]
        hinder.write_text("in the way")
        refused = hand.send(place, 0, PHOTO)
        assert (refused.status_code, problem(refused)["code"]) == (503, "server-busy")
        hinder.unlink()
        assert hand.offset(place) == len(PHOTO)
        assert hand.picture(name_of(PHOTO)).content == PHOTO
