"""The words about what sending takes of a data plan: what waits, what goes by itself, what a month has taken."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class BudgetTexts:
    """Their texts in one language."""

    records: str
    photos: str
    apart: str
    choice: str
    all: str
    text: str
    later: str
    all_help: str
    all_sparing: str
    text_help: str
    later_wifi: str
    later_mobile: str
    later_unknown: str
    photos_text_only: str
    photos_for_wifi: str
    banner_text_only: str
    banner_for_wifi: str
    held: str
    offline_later: str
    month: str
    month_used: str
    month_help: str


INDONESIAN = BudgetTexts(
    records="{n} catatan",
    photos="{n} foto",
    apart="Isiannya {text}, fotonya {photos}.",
    choice="Yang dikirim otomatis",
    all="Kirim semua",
    text="Teks saja",
    later="Nanti, kalau ada Wi-Fi",
    all_help="Isian dan foto terkirim otomatis begitu ada jaringan.",
    all_sparing="Isian dan foto kecil terkirim otomatis. Foto ukuran penuh menunggu Wi-Fi, seperti yang Anda atur di Pengaturan.",
    text_help="Isian terkirim otomatis. Foto tetap di ponsel ini sampai Anda memilih Kirim semua.",
    later_wifi="Sekarang ada Wi-Fi, jadi isian dan foto terkirim otomatis.",
    later_mobile="Sekarang ponsel memakai data seluler. Tidak ada yang dikirim atau diambil secara otomatis sebelum ada Wi-Fi, kecuali Anda mengetuk Kirim sekarang.",
    later_unknown="Ponsel ini tidak memberi tahu apakah jaringannya Wi-Fi. Jadi tidak ada yang dikirim atau diambil secara otomatis sebelum Anda mengetuk Kirim sekarang.",
    photos_text_only="Foto belum dikirim karena Anda memilih Teks saja. Pilih Kirim semua untuk mengirimnya.",
    photos_for_wifi="Foto belum dikirim karena Anda memilih menunggu Wi-Fi. Ketuk Kirim sekarang untuk tidak menunggu.",
    banner_text_only="hanya teks yang dikirim",
    banner_for_wifi="menunggu Wi-Fi",
    held="Server sedang ramai. Lumbung mengirim sendiri {time}. Kalau tidak mau menunggu, ketuk Kirim sekarang.",
    offline_later="Ponsel sedang tanpa sinyal. Setelah ada sinyal, Lumbung menunggu Wi-Fi, seperti pilihan Anda.",
    month="Pemakaian data bulan ini",
    month_used="Dikirim {up}, diterima {down} (perkiraan).",
    month_help="Yang dihitung hanya kiriman dan kabar Lumbung di ponsel ini. Unduhan aplikasinya, dan yang terputus di jalan, tidak ikut dihitung.",
)

ENGLISH = BudgetTexts(
    records="{n:record|records}",
    photos="{n:photo|photos}",
    apart="Answers {text}, photos {photos}.",
    choice="What is sent by itself",
    all="Send everything",
    text="Text only",
    later="Later, over Wi-Fi",
    all_help="Answers and photos go by themselves as soon as there is a network.",
    all_sparing="Answers and small photos go by themselves. Full photos wait for Wi-Fi, as you chose in Settings.",
    text_help="Answers go by themselves. Photos stay on this phone until you choose Send everything.",
    later_wifi="There is Wi-Fi now, so answers and photos go by themselves.",
    later_mobile="The phone is on mobile data now. Nothing is sent or fetched by itself before there is Wi-Fi, unless you tap Send now.",
    later_unknown="This phone does not tell whether its network is Wi-Fi. So nothing is sent or fetched by itself before you tap Send now.",
    photos_text_only="Photos are not sent because you chose Text only. Choose Send everything to send them.",
    photos_for_wifi="Photos are not sent because you chose to wait for Wi-Fi. Tap Send now if you do not want to wait.",
    banner_text_only="only text is sent",
    banner_for_wifi="waiting for Wi-Fi",
    held="The server is busy. Lumbung sends by itself {time}. If you do not want to wait, tap Send now.",
    offline_later="The phone has no signal. When it has one, Lumbung waits for Wi-Fi, as you chose.",
    month="Data used this month",
    month_used="About {up} sent, {down} received.",
    month_help="Only what Lumbung sent and fetched on this phone is counted. Downloading the app, and what broke off on the way, is not.",
)
