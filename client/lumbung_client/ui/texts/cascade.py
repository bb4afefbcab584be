"""The words of trainings down the levels."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CascadeTexts:
    """Their texts in one language."""

    title: str
    lead: str
    as_of: str
    none: str
    none_help: str
    more: str

    # Level by level
    steps_title: str
    to_province: str
    to_regency: str
    to_district: str
    to_village: str
    to_nobody_said: str
    step: str
    step_next: str
    how_found: str

    # Villages
    villages_title: str
    reached: str
    all_reached: str
    left_title: str
    left_more: str
    reached_title: str
    by_place: str
    by_origin: str
    by_person: str

    # Trainings
    trainings_title: str
    trainer: str
    trainee_next: str
    trainee_trained: str
    trainees_more: str
    show_all: str


INDONESIAN = CascadeTexts(
    title="Pelatihan berjenjang",
    lead="Lihat siapa melatih siapa, dari provinsi sampai desa, dan desa mana yang belum terjangkau.",
    as_of="Server tidak dapat dihubungi. Yang tampil data per {time}.",
    none="Belum ada pelatihan berjenjang",
    none_help="Kegiatan berjenis Pelatihan berjenjang di wilayah ini akan dirangkum di sini. Minta pelatihnya mencatat dengan jenis itu.",
    more="Hanya 2.000 pelatihan terbaru yang dirangkum.",
    steps_title="Dari jenjang ke jenjang",
    to_province="Peserta tingkat provinsi",
    to_regency="Peserta tingkat kabupaten/kota",
    to_district="Peserta tingkat kecamatan",
    to_village="Peserta tingkat kelurahan/desa",
    to_nobody_said="Tingkat peserta tidak diisi",
    step="{trainings} pelatihan · {trainers} pelatih · {trainees} peserta",
    step_next="{went_on} peserta sudah melatih lagi, {to_train} direncanakan",
    how_found="Peserta dianggap sudah melatih lagi kalau namanya tercatat sebagai pelatih pada pelatihan sesudahnya di kabupaten/kota yang sama.",
    villages_title="Kelurahan/desa",
    reached="{reached} dari {villages} terjangkau",
    all_reached="Semua kelurahan/desa di wilayah ini sudah terjangkau.",
    left_title="Belum terjangkau ({n})",
    left_more="dan {n} lagi; pilih wilayah yang lebih kecil untuk melihatnya",
    reached_title="Sudah terjangkau",
    by_place="ada pelatihan di sini",
    by_origin="pesertanya dari sini",
    by_person="kader di sini sudah dilatih",
    trainings_title="Pelatihan terbaru",
    trainer="Pelatih: {name}",
    trainee_next="akan melatih",
    trainee_trained="sudah melatih {n} kali",
    trainees_more="dan {n} peserta lagi",
    show_all="Lihat kegiatannya",
)

ENGLISH = CascadeTexts(
    title="Training of trainers",
    lead="See who trained whom, from the province down to the villages, and which villages were not reached yet.",
    as_of="The server cannot be reached. This is how it stood at {time}.",
    none="No training of trainers yet",
    none_help="Activities of the kind Training of trainers in this region are summed up here. Ask the trainers to record them as that kind.",
    more="Only the newest 2,000 trainings are summed up.",
    steps_title="From level to level",
    to_province="Trainees of the province",
    to_regency="Trainees of regencies and cities",
    to_district="Trainees of districts",
    to_village="Trainees of wards and villages",
    to_nobody_said="Level of the trainees not given",
    step="Trainings: {trainings} · trainers: {trainers} · trainees: {trainees}",
    step_next="Trainees who have trained since: {went_on}, planned: {to_train}",
    how_found="A trainee has trained since if their name is recorded as the trainer of a later training in the same regency or city.",
    villages_title="Wards and villages",
    reached="Reached: {reached} of {villages}",
    all_reached="All wards and villages of this region have been reached.",
    left_title="Not reached yet ({n})",
    left_more="and {n} more; choose a smaller region to see them",
    reached_title="Reached",
    by_place="there was a training here",
    by_origin="trainees came from here",
    by_person="a cadre of this place was trained",
    trainings_title="Newest trainings",
    trainer="Trainer: {name}",
    trainee_next="is to train others",
    trainee_trained="has trained since: {n}",
    trainees_more="and {n} more {n:~trainee|trainees}",
    show_all="Show in the feed",
)
