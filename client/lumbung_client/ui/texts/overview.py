"""The words of the overview."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class OverviewTexts:
    """Their texts in one language."""

    title: str
    lead: str
    as_of: str
    none: str
    none_help: str
    show_all: str

    # What is summed
    period: str
    period_all: str
    period_year: str
    no_day: str

    # Numbers
    count: str
    verified: str
    participants: str
    men: str
    women: str
    households: str
    waste: str
    businesses: str
    businesses_help: str
    products: str

    # Charts
    solid_is_verified: str
    reviews_title: str
    review_received: str
    review_verified: str
    review_changed: str
    review_returned: str
    review_corrected: str
    waste_title: str
    waste_plastic: str
    waste_paper: str
    waste_metal: str
    waste_glass: str
    waste_cooking_oil: str
    waste_other: str
    months_title: str
    months_before: str
    kinds_title: str
    regions_title: str
    in_itself: str

    # The drawn map
    map_title: str
    map_help: str
    map_too_many: str
    reached_of: str


INDONESIAN = OverviewTexts(
    title="Ikhtisar",
    lead="Lihat jumlah kegiatan, peserta, sampah, usaha, dan produk menurut wilayah, bulan, dan jenisnya.",
    as_of="Server tidak dapat dihubungi. Yang tampil data per {time}.",
    none="Belum ada kegiatan",
    none_help="Tidak ada kegiatan yang cocok. Coba pilih waktu, jenis, atau wilayah lain.",
    show_all="Lihat kegiatannya",
    period="Waktu",
    period_all="Semua waktu",
    period_year="Tahun {year}",
    no_day="Tanpa tanggal",
    count="{n} kegiatan",
    verified="{n} terverifikasi",
    participants="Peserta",
    men="Laki-laki {n} ({share}%)",
    women="Perempuan {n} ({share}%)",
    households="Nasabah baru (KK)",
    waste="Sampah ditimbang",
    businesses="UMK didampingi",
    businesses_help="dihitung sekali per kegiatan",
    products="Produk difoto",
    solid_is_verified="Bagian batang yang penuh sudah terverifikasi.",
    reviews_title="Hasil pemeriksaan",
    review_received="Belum diperiksa",
    review_verified="Terverifikasi",
    review_changed="Berubah setelah verifikasi",
    review_returned="Dikembalikan",
    review_corrected="Sudah diperbaiki",
    waste_title="Sampah menurut jenis",
    waste_plastic="Plastik",
    waste_paper="Kertas dan kardus",
    waste_metal="Logam",
    waste_glass="Kaca",
    waste_cooking_oil="Minyak jelantah",
    waste_other="Lainnya",
    months_title="Menurut bulan",
    months_before="Bulan-bulan sebelumnya: {n} kegiatan",
    kinds_title="Menurut jenis kegiatan",
    regions_title="Menurut wilayah",
    in_itself="Dicatat tanpa menyebut wilayah di bawahnya: {n} kegiatan",
    map_title="Peta cakupan",
    map_help="Tiap kotak satu wilayah; angkanya jumlah kegiatan. Warnanya lebih mencolok mulai {darker} kegiatan, paling mencolok mulai {darkest}. Ketuk untuk melihat isinya.",
    map_too_many="Terlalu banyak wilayah untuk digambar. Ketuk salah satu untuk melihat petanya.",
    reached_of="{done} dari {all} sudah ada kegiatan",
)

ENGLISH = OverviewTexts(
    title="Overview",
    lead="See how many activities, participants, kilograms, businesses and products there were, by region, month and kind.",
    as_of="The server cannot be reached. This is how it stood {time}.",
    none="No activities yet",
    none_help="No activity matches. Try another time, kind or region.",
    show_all="See the activities in the feed",
    period="Time",
    period_all="All times",
    period_year="Year {year}",
    no_day="Without a date",
    count="{n:activity|activities}",
    verified="verified: {n}",
    participants="Participants",
    men="Men {n} ({share}%)",
    women="Women {n} ({share}%)",
    households="Households joined",
    waste="Waste weighed",
    businesses="Businesses helped",
    businesses_help="once for each activity",
    products="Products photographed",
    solid_is_verified="The full part of a bar is verified.",
    reviews_title="Reviews",
    review_received="Not reviewed yet",
    review_verified="Verified",
    review_changed="Changed after verification",
    review_returned="Returned",
    review_corrected="Corrected",
    waste_title="Waste by type",
    waste_plastic="Plastic",
    waste_paper="Paper and cardboard",
    waste_metal="Metal",
    waste_glass="Glass",
    waste_cooking_oil="Used cooking oil",
    waste_other="Other",
    months_title="By month",
    months_before="Activities of the months before: {n}",
    kinds_title="By kind of activity",
    regions_title="By region",
    in_itself="Activities recorded without a region below: {n}",
    map_title="Coverage map",
    map_help="Each tile is a region, its number the activities. Its colour is stronger from {darker} on, and strongest from {darkest}. Tap one to look into it.",
    map_too_many="Too many regions to draw. Tap one to see its map.",
    reached_of="{done} of {all} {done:~has|have} activities",
)
