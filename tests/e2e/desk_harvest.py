"""Fill a server with what coordinators look into: reviews, an event logged twice, a cascade, a product, targets."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from lumbung_shared.products import item_id
from lumbung_shared.review import JUDGEMENT, Judgement, Verdict, content_digest, judgement_value
from lumbung_shared.targets import KIND as TARGET
from lumbung_shared.times import local_date
from lumbung_shared.training import KIND as TRAINING
from tests.e2e.scenes import snacks
from tests.server.cameras import Hand, answer
from tests.server.phones import BONTANG, GUNTUNG, LOK_TUAN, Phone, roster
from tests.server.stalls import FORM, session
from tests.server.stalls import KIND as PHOTO_SESSION
from tests.servers import LumbungServer

TWICE = ("Sosialisasi pilah sampah di Posyandu Melati", "Sosialisasi memilah sampah Posyandu Melati")
RETURNED, REASON = "Jumat bersih di RT 12", "Jumlah pesertanya belum diisi"
PRODUCT = "Amplang udang 250 g"


def bring_in_for_the_desk(server: LumbungServer) -> str:
    """Have two cadres and the city's coordinator do a month's work. Returns the id of a product that everybody sees."""
    chief = Phone(server, roster(BONTANG).person.id)
    first, second = (Phone(server, roster(GUNTUNG, place).person.id) for place in (0, 1))
    for cadre, title, men in zip((first, second), TWICE, (6, 7), strict=True):
        cadre.log(_activity(0, title=title, participants={"l": men, "p": 23}))
    verified = [
        first.log(_activity(days, title=title, participants={"l": 9, "p": 14}))
        for days, title in ((33, "Kerja bakti parit RT 03"), (40, "Senam sehat dan pilah sampah"))
    ]
    returned = second.log(_activity(5, title=RETURNED))
    _cascade(first, second)
    photo = snacks(3)
    product = first.log(
        session(
            (answer(photo), "Tiga kemasan"),
            products=((PRODUCT, 20_000),),
            date=_day(3),
            business_entry={"id": "0190b000-0000-7000-8000-000000000000", "name": "Amplang Ibu Ratna"},
        ),
        kind=PHOTO_SESSION,
        form=FORM,
    )
    assert Hand(first).begin(photo, photo).status_code == 201
    _judge(chief, (*verified, product))
    _judge(chief, (returned,), Verdict.RETURNED, reason=REASON, fields=("participants",))
    _targets(chief)
    return item_id(product, "0000000000")


def _day(ago: int) -> str:
    return (local_date(time.time_ns() // 1_000_000) - timedelta(days=ago)).isoformat()


def _activity(ago: int, region: str = GUNTUNG, **more: Any) -> Mapping[str, Any]:
    return {"region": region, "date": _day(ago), **more}


def _judge(chief: Phone, records: Sequence[str], verdict: Verdict = Verdict.VERIFIED, **more: Any) -> None:
    chief.sync_all()
    for record in records:
        known = chief.records[record]
        judgement = Judgement(verdict, content_digest(known), **more)
        chief.log({JUDGEMENT: judgement_value(judgement)}, record=record, kind=known.kind, form=known.form)


def _cascade(first: Phone, second: Phone) -> None:
    """Somebody of the city trains two of a kecamatan, one of whom trains cadres of a kelurahan."""
    trainings = (
        (first, 30, "Rahmawati Saleh", "regency", "district", ("Siti Aminah", "Budi Santoso")),
        (second, 12, "Siti Aminah, S.Pd", "district", "village", ("Wati Nurlela", "Ani Suryani", "Jumiati")),
    )
    for by, ago, trainer, above, level, names in trainings:
        rows: dict[str, Any] = {f"trainees/a00000000{place}/name": name for place, name in enumerate(names)}
        rows |= {f"trainees/a00000000{place}/trains_next": place == 0 for place in range(len(names))}
        said = {"topic": "Bank sampah dari nol", "trainer": trainer, "trainer_level": above, "trainee_level": level}
        by.log({**_activity(ago), **said, **rows}, kind=TRAINING, form=2)


def _targets(chief: Phone) -> None:
    year = _day(0)[:4]
    for programme, region, kind, measure, number in (
        ("Kompos rumah tangga", BONTANG, "compost-training", "activities", 12),
        ("Bontang bebas sampah", BONTANG, "", "participants", 150),
        ("UMK naik kelas", LOK_TUAN, "packaging-support", "activities", 1),
    ):
        wanted = {"programme": programme, "region": region, "measure": measure, "target": number}
        wanted |= {"since": f"{year}-01-01", "until": f"{year}-12-31"} | ({"kind": kind} if kind else {})
        chief.log(wanted, kind=TARGET)
