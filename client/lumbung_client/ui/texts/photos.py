"""The words about photos: taking them, their way to the server, the room they take."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PhotoTexts:
    """Their texts in one language."""

    take: str
    take_another: str
    retake: str
    remove: str
    remove_n: str
    earlier: str
    later: str
    first: str
    last: str
    remove_question: str
    remove_help: str
    elsewhere: str
    keeping: str
    left_out: str
    state_draft: str
    state_waiting: str
    state_text_only: str
    state_for_wifi: str
    state_sending: str
    state_paused: str
    state_cancelled: str
    state_sent: str
    state_dropped: str
    state_gone: str
    missing: str
    pause: str
    resume: str
    go_on: str
    cancel: str
    ask: str
    asked: str
    open: str
    close: str
    not_now: str
    progress: str
    saving_data: str
    wait: str
    text_sent: str
    explain_cancelled: str
    cancelled: str
    taken: str
    taken_unsent: str
    taken_copies: str
    spare_help: str
    empty: str
    empty_question: str
    empty_help: str
    empty_yes: str
    emptied: str


INDONESIAN = PhotoTexts(
    take="Ambil atau pilih foto",
    take_another="Tambah foto lagi",
    retake="Ganti foto",
    remove="Hapus foto",
    remove_n="Hapus foto {n}",
    earlier="Majukan foto {n}",
    later="Mundurkan foto {n}",
    first="Foto {n} sudah paling awal.",
    last="Foto {n} sudah paling akhir.",
    remove_question="Hapus foto ini?",
    remove_help="Foto ini akan hilang dari formulir. Foto yang dipotret dari sini mungkin tidak ada di galeri.",
    elsewhere="Foto ini tidak ada di ponsel ini.",
    keeping="Menyimpan foto {n} dari {total}…",
    left_out="Hanya bisa {n} foto lagi, jadi sisanya tidak diambil.",
    state_draft="Tersimpan di ponsel ini, dikirim setelah Anda mengetuk Selesai",
    state_waiting="Menunggu dikirim",
    state_text_only="Menunggu, karena Anda memilih Teks saja",
    state_for_wifi="Menunggu Wi-Fi",
    state_sending="Sedang dikirim, {percent}%",
    state_paused="Ditunda",
    state_cancelled="Tidak dikirim, tetap disimpan di ponsel ini",
    state_sent="Sudah diterima server",
    state_dropped="Sudah diterima server. Di ponsel ini tinggal foto kecilnya; ketuk untuk membukanya dari server.",
    state_gone="Foto ukuran penuh sudah dihapus dari ponsel ini setelah terkirim, dan server mungkin tidak punya lagi. Jika masih ada di galeri, tambahkan lagi lewat Ubah.",
    missing="Foto ini belum sampai di server.",
    pause="Tunda",
    resume="Kirim lagi",
    go_on="Lanjutkan",
    cancel="Batalkan kirim",
    ask="Minta foto ini lagi",
    asked="Sudah diminta. Jika masih ada di ponsel kader, foto ini dikirim saat ponselnya tersambung lagi.",
    open="Buka foto",
    close="Tutup",
    not_now="Foto ini tidak ada di ponsel ini, dan server sedang tidak dapat dihubungi.",
    progress="Mengirim foto, {n} lagi",
    saving_data="Foto ukuran penuh menunggu Wi-Fi. Ketuk Kirim sekarang untuk mengirimnya lewat data seluler.",
    wait="Isian semua catatan sudah diterima server. {n} foto masih menunggu di ponsel ini, jadi jangan hapus data Lumbung.",
    text_sent="Teks terkirim, {n} foto tidak dikirim",
    explain_cancelled="Isiannya sudah diterima server. {n} foto tidak dikirim karena Anda membatalkannya, dan tetap disimpan di ponsel ini.",
    cancelled="{n} foto tidak dikirim karena Anda membatalkannya. Fotonya tetap disimpan di ponsel ini. Untuk mengirimnya, buka kegiatannya lalu ketuk Kirim lagi.",
    taken="Foto di ponsel ini: {n} ({size}).",
    taken_unsent="Belum ada di server: {n}.",
    taken_copies="Foto kecil dari orang lain: {size}.",
    spare_help="Foto ukuran penuh yang sudah ada di server bisa dihapus dari ponsel ini: {n} foto, {size}. Foto kecilnya tetap ada. Membukanya lagi memakai kuota data. Jika ponsel hampir penuh, Lumbung melakukannya sendiri.",
    empty="Hapus foto yang sudah terkirim dari ponsel",
    empty_question="Hapus {n} foto dari ponsel ini?",
    empty_help="Foto-foto ini tetap ada di server. Di ponsel ini tinggal foto kecilnya.",
    empty_yes="Hapus",
    emptied="Ruang {size} sudah dikosongkan.",
)


ENGLISH = PhotoTexts(
    take="Take or choose a photo",
    take_another="Add another photo",
    retake="Replace the photo",
    remove="Remove photo",
    remove_n="Remove photo {n}",
    earlier="Move photo {n} up",
    later="Move photo {n} down",
    first="Photo {n} is the first already.",
    last="Photo {n} is the last already.",
    remove_question="Remove this photo?",
    remove_help="It will be gone from this form. A photo that was taken from here may not be in the gallery.",
    elsewhere="This photo is not on this phone.",
    keeping="Saving photo {n} of {total}…",
    left_out="Only {n} more could be taken, so the rest were left out.",
    state_draft="Saved on this phone, sent after you tap Finish",
    state_waiting="Waiting to be sent",
    state_text_only="Waiting, because you chose Text only",
    state_for_wifi="Waiting for Wi-Fi",
    state_sending="Being sent, {percent}%",
    state_paused="Paused",
    state_cancelled="Not sent, kept on this phone",
    state_sent="The server has it",
    state_dropped="The server has it. Only its small copy is on this phone; tap to open the photo from the server.",
    state_gone="The full photo was removed from this phone after it was sent, and the server may not have it any more. If it is still in the gallery, add it again with Edit.",
    missing="This photo has not reached the server yet.",
    pause="Pause",
    resume="Send again",
    go_on="Go on",
    cancel="Do not send",
    ask="Ask for this photo again",
    asked="Asked. If the cadre's phone still has it, it will be sent when that phone is online again.",
    open="Open the photo",
    close="Close",
    not_now="This photo is not on this phone, and the server cannot be reached now.",
    progress="Sending photos, {n} to go",
    saving_data="Full photos wait for Wi-Fi. Tap Send now to send them over mobile data.",
    wait="The server has the answers of all your records. Photos still waiting on this phone: {n}. Do not clear Lumbung's data.",
    text_sent="Text sent, photos not sent: {n}",
    explain_cancelled="The server has the answers. Photos you chose not to send, kept on this phone: {n}.",
    cancelled="Photos you chose not to send: {n}. They are kept on this phone. To send one, open its activity and tap Send again.",
    taken="Photos on this phone: {n} ({size}).",
    taken_unsent="Not on the server yet: {n}.",
    taken_copies="Small photos from others: {size}.",
    spare_help="Full photos that the server has can be removed from this phone: {n}, {size}. Their small copies stay. Opening them again uses data. When the phone is nearly full, Lumbung does this by itself.",
    empty="Clear photos that were sent",
    empty_question="Clear {n:photo|photos} from this phone?",
    empty_help="They stay on the server. On this phone only their small copies stay.",
    empty_yes="Clear",
    emptied="{size} cleared.",
)
