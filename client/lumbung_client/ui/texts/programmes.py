"""The words of the work programme and its targets."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ProgrammeTexts:
    """Their texts in one language."""

    title: str
    lead: str
    as_of: str
    never_counted: str
    none: str
    none_help: str
    more: str

    # One target
    all_kinds: str
    all_organisations: str
    period: str
    of: str
    verified: str
    not_counted: str
    partly_counted: str
    behind: str
    on_course: str
    reached: str
    to_come: str
    ended: str
    waits: str
    by_month: str
    month: str
    show: str

    # What is counted
    one_activities: str
    one_participants: str
    one_households: str
    one_waste: str
    one_businesses: str
    one_products: str
    measure_activities: str
    measure_participants: str
    measure_households: str
    measure_waste: str
    measure_businesses: str
    measure_products: str

    # Saying what is wanted
    add: str
    edit: str
    end: str
    end_question: str
    end_help: str
    go_on: str
    name: str
    name_help: str
    name_missing: str
    region_missing: str
    kind: str
    organisation: str
    measure: str
    number: str
    number_wrong: str
    first: str
    last: str
    period_wrong: str
    notes: str
    save: str
    saved: str
    gone: str


INDONESIAN = ProgrammeTexts(
    title="Program kerja",
    lead="Tetapkan target per program, wilayah, dan lembaga, lalu lihat realisasinya dan mana yang tertinggal.",
    as_of="Server tidak dapat dihubungi. Realisasi dihitung {time}.",
    never_counted="Server tidak dapat dihubungi, jadi realisasi belum dihitung. Target tetap bisa ditambah dan diubah.",
    none="Belum ada target",
    none_help="Tambahkan target pertama, misalnya 12 pelatihan kompos di satu kota tahun ini.",
    more="Hanya 200 target terbaru yang ditampilkan. Pilih wilayah yang lebih kecil.",
    all_kinds="Semua jenis",
    all_organisations="Semua lembaga",
    period="{first} sampai {last}",
    of="{done} dari {target} {unit}",
    verified="{n} sudah diverifikasi",
    not_counted="Target {target} {unit}. Realisasi dihitung setelah terkirim dan terhubung ke server.",
    partly_counted="Kegiatannya terlalu banyak: yang dihitung hanya yang terbaru.",
    behind="Tertinggal {n} {unit}: seharusnya sudah {expected}",
    on_course="Sesuai rencana: seharusnya sudah {expected}",
    reached="Target tercapai",
    to_come="Belum mulai",
    ended="Diakhiri {day}",
    waits="Belum terkirim",
    by_month="Per bulan",
    month="{month}: {done}",
    show="Lihat kegiatannya",
    one_activities="kegiatan",
    one_participants="peserta",
    one_households="nasabah bank sampah",
    one_waste="kg sampah",
    one_businesses="UMK",
    one_products="produk",
    measure_activities="kegiatan",
    measure_participants="peserta",
    measure_households="nasabah bank sampah",
    measure_waste="kg sampah",
    measure_businesses="UMK",
    measure_products="produk",
    add="Tambah target",
    edit="Ubah",
    end="Akhiri",
    end_question="Akhiri target {name}?",
    end_help="Mulai hari ini target tidak dihitung lagi. Realisasinya sampai sekarang tetap terlihat, dan target bisa dilanjutkan lagi.",
    go_on="Lanjutkan lagi",
    name="Nama program",
    name_help="Misalnya Kompos rumah tangga 2026",
    name_missing="Isi nama programnya dulu.",
    region_missing="Pilih wilayahnya dulu.",
    kind="Jenis kegiatan",
    organisation="Lembaga",
    measure="Yang dihitung",
    number="Jumlah target",
    number_wrong="Isi dengan angka bulat, paling sedikit 1.",
    first="Mulai bulan",
    last="Sampai bulan",
    period_wrong="Bulan terakhir tidak boleh sebelum bulan pertama.",
    notes="Catatan",
    save="Simpan target",
    saved="Target tersimpan.",
    gone="Target ini tidak ada di wilayah Anda.",
)

ENGLISH = ProgrammeTexts(
    title="Work programme",
    lead="Set targets by programme, region and organisation, then see how far they are and what is behind.",
    as_of="The server cannot be reached. What was done was counted at {time}.",
    never_counted="The server cannot be reached, so nothing was counted yet. Targets can be added and changed all the same.",
    none="No targets yet",
    none_help="Add the first one, for example 12 compost trainings in one city this year.",
    more="Only the newest 200 targets are shown. Choose a smaller region.",
    all_kinds="All kinds",
    all_organisations="All organisations",
    period="From {first} to {last}",
    of="{done} of {target} {unit}",
    verified="Verified: {n}",
    not_counted="Target: {target} {unit}. What was done is counted once it is sent and the server can be reached.",
    partly_counted="There are too many activities: only the newest are counted.",
    behind="Behind by {n} {unit}: it should be {expected} by now",
    on_course="On course: it should be {expected} by now",
    reached="Target reached",
    to_come="Not begun yet",
    ended="Ended {day}",
    waits="Not sent yet",
    by_month="By month",
    month="{month} ({done})",
    show="Show in the feed",
    one_activities="activity",
    one_participants="participant",
    one_households="household in a waste bank",
    one_waste="kg of waste",
    one_businesses="business",
    one_products="product",
    measure_activities="activities",
    measure_participants="participants",
    measure_households="households in waste banks",
    measure_waste="kg of waste",
    measure_businesses="businesses",
    measure_products="products",
    add="Add a target",
    edit="Change",
    end="End",
    end_question="End the target {name}?",
    end_help="From today on the target no longer counts. What was done so far can still be seen, and the target can go on again.",
    go_on="Go on with it",
    name="Name of the programme",
    name_help="For example Household compost 2026",
    name_missing="Enter the name of the programme first.",
    region_missing="Choose the region first.",
    kind="Kind of activity",
    organisation="Organisation",
    measure="What is counted",
    number="How many",
    number_wrong="Enter a whole number, at least 1.",
    first="From month",
    last="To month",
    period_wrong="The last month must not be before the first.",
    notes="Notes",
    save="Save target",
    saved="The target was saved.",
    gone="This target is not in your regions.",
)
