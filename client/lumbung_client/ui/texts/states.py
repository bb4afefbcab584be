"""The words of the states of activities and photos, of what stops sending, and of the facts that it hangs on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class StateTexts:
    """Their texts in one language. `word_*`: a state in a few words; `means_*`: what that is; `todo_*`: what to do."""

    word_draft: str
    word_changing: str
    word_waiting: str
    word_sending: str
    word_sent: str
    word_text_sent: str
    word_correct: str
    word_rejected: str
    word_disputed: str
    word_photos_waiting: str
    word_photos_sending: str
    word_photos_refused: str
    word_photos_sent: str
    word_photos_kept: str
    word_photos_missing: str
    means_draft: str
    means_changing: str
    means_waiting: str
    means_sending: str
    means_sent: str
    means_text_sent: str
    means_correct: str
    means_rejected: str
    means_disputed: str
    means_photos_waiting: str
    means_photos_sending: str
    means_photos_refused: str
    means_photos_sent: str
    means_photos_kept: str
    means_photos_missing: str
    todo_draft: str
    todo_changing: str
    todo_waiting: str
    todo_sending: str
    todo_sent: str
    todo_text_sent: str
    todo_correct: str
    todo_rejected: str
    todo_disputed: str
    todo_photos_waiting: str
    todo_photos_sending: str
    todo_photos_refused: str
    todo_photos_sent: str
    todo_photos_kept: str
    todo_photos_missing: str
    legend: str
    counted: str
    banner_rejected: str
    banner_photos_refused: str
    banner_drafts: str
    banner_saving: str
    banner_account: str
    banner_version: str
    banner_refuses: str
    banner_unreachable: str
    banner_trouble: str
    banner_held: str
    banner_sparing: str
    since: str
    since_at_least: str
    nothing_waits_drafts: str
    sheet_title: str
    nothing_stops: str
    to_send: str
    code: str
    why_saving: str
    why_account: str
    why_version: str
    why_refuses: str
    why_offline: str
    why_unreachable: str
    why_trouble: str
    why_held: str
    why_wifi: str
    why_text_only: str
    why_sparing: str
    fact_network: str
    fact_account: str
    fact_clock: str
    fact_space: str
    fact_kept: str
    fact_budget: str
    fact_pause: str
    fact_try: str
    says_online: str
    says_offline_since: str
    says_offline_at_least: str
    says_account_fine: str
    says_account_ended: str
    says_clock_fine: str
    says_clock_slow: str
    says_clock_fast: str
    says_space_fine: str
    says_space_low: str
    says_space_full: str
    says_space_failed: str
    says_space_unknown: str
    says_kept_native: str
    says_kept_promised: str
    says_kept_not: str
    says_budget_all: str
    says_budget_sparing: str
    says_budget_text: str
    says_budget_later: str
    says_budget_later_now: str
    says_pause_none: str
    says_pause_held: str
    says_try_none: str
    says_try_now: str
    says_try_fine: str
    says_try_failed: str
    not_kept: str
    not_kept_title: str
    not_kept_install: str
    not_kept_send: str
    in_draft: str


INDONESIAN = StateTexts(
    word_draft="Draf",
    word_changing="Draf perubahan",
    word_waiting="Menunggu kirim",
    word_sending="Sedang dikirim",
    word_sent="Terkirim",
    word_text_sent="Teks terkirim",
    word_correct="Perlu diperbaiki",
    word_rejected="Ditolak server",
    word_disputed="Bentrok",
    word_photos_waiting="Foto {here}/{total}",
    word_photos_sending="Foto {here}/{total}, sedang dikirim",
    word_photos_refused="Foto {here}/{total}, {n} ditolak server",
    word_photos_sent="Foto {here}/{total} lengkap",
    word_photos_kept="Foto {here}/{total}, {n} tidak dikirim",
    word_photos_missing="Foto {here}/{total}, {n} belum sampai",
    means_draft="Belum selesai diisi. Baru tersimpan di ponsel ini.",
    means_changing="Anda sedang mengubah kegiatan ini. Perubahannya baru tersimpan di ponsel ini; yang sudah selesai sebelumnya tidak berubah.",
    means_waiting="Sudah selesai dan tersimpan di ponsel ini, tetapi belum sampai di server.",
    means_sending="Sedang dalam perjalanan ke server.",
    means_sent="Sudah diterima server.",
    means_text_sent="Isiannya sudah diterima server, tetapi belum semua fotonya.",
    means_correct="Server belum dapat menerima kegiatan ini karena isiannya.",
    means_rejected="Server menolak kegiatan ini. Penyebabnya bukan isian yang bisa Anda betulkan.",
    means_disputed="Ada beberapa isian yang berbeda untuk hal yang sama. Semuanya disimpan.",
    means_photos_waiting="{here} dari {total} foto sudah di server; {n} foto masih menunggu di ponsel ini.",
    means_photos_sending="{here} dari {total} foto sudah di server; {n} foto sedang dikirim.",
    means_photos_refused="{here} dari {total} foto sudah di server; {n} foto ditolak server dan tetap disimpan di ponsel ini.",
    means_photos_sent="Fotonya sudah lengkap di server.",
    means_photos_kept="{here} dari {total} foto sudah di server. {n} foto tidak dikirim karena Anda membatalkannya, dan tetap disimpan di ponsel ini.",
    means_photos_missing="{here} dari {total} foto sudah di server; {n} foto belum sampai dan tidak ada di ponsel ini.",
    todo_draft="Lanjutkan mengisi, lalu ketuk Selesai. Sebelum itu tidak dikirim.",
    todo_changing="Lanjutkan lalu ketuk Selesai supaya perubahannya ikut dikirim, atau buang perubahannya.",
    todo_waiting="Terkirim otomatis begitu ada sinyal dan Lumbung terbuka. Jangan hapus data Lumbung sebelum itu.",
    todo_sending="Tunggu sebentar. Kalau terputus, dicoba lagi otomatis dan tidak menjadi ganda.",
    todo_sent="Tidak ada yang perlu dilakukan.",
    todo_text_sent="Fotonya menyusul. Jangan hapus data Lumbung sebelum semua foto terkirim.",
    todo_correct="Baca alasannya, ketuk Perbaiki, betulkan isiannya, lalu ketuk Selesai. Kegiatannya tetap tersimpan di ponsel ini.",
    todo_rejected="Kegiatannya tetap tersimpan di ponsel ini. Perbarui Lumbung, lalu ketuk Kirim sekarang untuk mencoba lagi. Kalau tetap ditolak, tunjukkan alasannya kepada koordinator.",
    todo_disputed="Buka kegiatannya dan pilih isian mana yang benar.",
    todo_photos_waiting="Foto dikirim setelah isiannya, otomatis. Kalau lama, buka Kirim untuk melihat penyebabnya.",
    todo_photos_sending="Biarkan Lumbung terbuka sampai selesai. Kalau terputus, dilanjutkan dari tempat yang sama.",
    todo_photos_refused="Buka kegiatannya: alasannya tertulis di bawah fotonya. Ketuk Kirim lagi, atau ganti fotonya lewat Ubah.",
    todo_photos_sent="Tidak ada yang perlu dilakukan.",
    todo_photos_kept="Untuk mengirimnya juga, buka kegiatannya lalu ketuk Kirim lagi di bawah fotonya.",
    todo_photos_missing="Buka Lumbung di ponsel yang dipakai memotret supaya fotonya terkirim.",
    legend="Arti tanda-tanda",
    counted="{what} ({n})",
    banner_rejected="{n} ditolak server",
    banner_photos_refused="{n} foto ditolak",
    banner_drafts="{n} draf belum selesai",
    banner_saving="Belum bisa menyimpan",
    banner_account="Izin ponsel berakhir",
    banner_version="Lumbung perlu diperbarui",
    banner_refuses="Server menolak",
    banner_unreachable="Server tidak terhubung",
    banner_trouble="Server sedang terganggu",
    banner_held="server minta menunggu",
    banner_sparing="foto penuh menunggu Wi-Fi",
    since="Sejak {time}",
    since_at_least="Sejak {time} atau lebih lama",
    nothing_waits_drafts="Draf yang belum selesai tidak ikut dikirim: {n}. Selesaikan dulu di Kegiatan.",
    sheet_title="Status pengiriman",
    nothing_stops="Tidak ada yang menghalangi pengiriman.",
    to_send="Buka Kirim",
    code="Kode: {code}",
    why_saving="Ponsel ini sedang tidak bisa menyimpan, jadi pengiriman berhenti. Hapus foto, video, atau aplikasi yang tidak dipakai, lalu coba lagi.",
    why_account="Izin ponsel ini sudah berakhir, jadi tidak ada yang dikirim. Catatan tetap tersimpan. Buka Kirim, lalu ketuk Daftar atau masuk lagi.",
    why_version="Server memerlukan Lumbung yang lebih baru. Catatan tetap tersimpan. Buka lagi Lumbung saat ada sinyal supaya diperbarui.",
    why_refuses="Server tidak mau menerima kiriman dari ponsel ini. Catatan tetap tersimpan. Tunjukkan kodenya kepada koordinator.",
    why_offline="Ponsel sedang tanpa sinyal. Pengiriman dimulai otomatis begitu ada sinyal dan Lumbung terbuka.",
    why_unreachable="Ada jaringan, tetapi server belum bisa dihubungi. Lumbung mencoba lagi sendiri. Periksa juga kuota data Anda.",
    why_trouble="Server sedang terganggu. Lumbung mencoba lagi sendiri; Anda tidak perlu melakukan apa-apa.",
    why_held="Server sedang ramai dan meminta ponsel menunggu. Lumbung mengirim sendiri setelah itu. Kalau tidak mau menunggu, buka Kirim, lalu ketuk Kirim sekarang.",
    why_wifi="Anda memilih menunggu Wi-Fi. Kalau tidak mau menunggu, buka Kirim, lalu ketuk Kirim sekarang.",
    why_text_only="Anda memilih Teks saja, jadi foto tetap di ponsel ini. Buka Kirim, lalu pilih Kirim semua.",
    why_sparing="Foto ukuran penuh menunggu Wi-Fi, seperti yang Anda atur. Kalau tidak mau menunggu, buka Kirim, lalu ketuk Kirim sekarang.",
    fact_network="Jaringan",
    fact_account="Izin ponsel",
    fact_clock="Jam ponsel",
    fact_space="Ruang penyimpanan",
    fact_kept="Keamanan data",
    fact_budget="Kuota data",
    fact_pause="Permintaan server",
    fact_try="Percobaan terakhir",
    says_online="Ponsel terhubung ke jaringan.",
    says_offline_since="Tanpa sinyal sejak {time}.",
    says_offline_at_least="Tanpa sinyal sejak {time} atau lebih lama.",
    says_account_fine="Ponsel ini boleh mengirim.",
    says_account_ended="Sudah tidak berlaku. Daftar atau masuk lagi di Kirim.",
    says_clock_fine="Tepat, sejauh yang diketahui.",
    says_clock_slow="Lebih lambat {amount} daripada waktu server. Nyalakan waktu otomatis di Setelan ponsel.",
    says_clock_fast="Lebih cepat {amount} daripada waktu server. Nyalakan waktu otomatis di Setelan ponsel.",
    says_space_fine="Masih cukup.",
    says_space_low="Hampir penuh: sisa {size}. Hapus foto, video, atau aplikasi yang tidak dipakai.",
    says_space_full="Penuh. Yang baru belum bisa disimpan. Hapus foto, video, atau aplikasi yang tidak dipakai.",
    says_space_failed="Lumbung sedang tidak bisa menyimpan. Tutup lalu buka lagi Lumbung.",
    says_space_unknown="Ponsel ini tidak memberi tahu.",
    says_kept_native="Data tersimpan di folder aplikasi.",
    says_kept_promised="Peramban menjamin data Lumbung tidak dihapus otomatis.",
    says_kept_not="Peramban belum menjamin data tidak dihapus. Ini tidak menghalangi pengiriman. Pasang Lumbung di layar utama, dan kirim begitu ada sinyal.",
    says_budget_all="Isian dan foto dikirim otomatis.",
    says_budget_sparing="Isian dikirim otomatis; foto ukuran penuh menunggu Wi-Fi.",
    says_budget_text="Hanya teks yang dikirim otomatis, seperti pilihan Anda.",
    says_budget_later="Menunggu Wi-Fi, seperti pilihan Anda.",
    says_budget_later_now="Hanya lewat Wi-Fi, dan sekarang ada Wi-Fi.",
    says_pause_none="Server tidak meminta menunggu.",
    says_pause_held="Server sedang ramai dan minta menunggu sampai {time}.",
    says_try_none="Belum pernah mencoba.",
    says_try_now="Sedang berlangsung.",
    says_try_fine="Berhasil, {time}.",
    says_try_failed="Gagal, {time}. {why}",
    not_kept="Amankan data di ponsel ini",
    not_kept_title="Data di peramban belum terlindungi",
    not_kept_install="Pasang Lumbung di layar utama: buka menu peramban (titik tiga), lalu pilih “Tambahkan ke layar utama” atau “Instal aplikasi”.",
    not_kept_send="Kirim catatan begitu ada sinyal. Yang sudah ada di server tetap aman meskipun ponsel hilang atau datanya terhapus.",
    in_draft="Isian ini tersimpan sendiri di ponsel, dan baru dikirim setelah Anda mengetuk Selesai.",
)


ENGLISH = StateTexts(
    word_draft="Draft",
    word_changing="Draft of changes",
    word_waiting="Waiting to send",
    word_sending="Sending",
    word_sent="Sent",
    word_text_sent="Text sent",
    word_correct="Needs correction",
    word_rejected="Refused by the server",
    word_disputed="Conflict",
    word_photos_waiting="Photos {here}/{total}",
    word_photos_sending="Photos {here}/{total}, sending",
    word_photos_refused="Photos {here}/{total}, {n} refused",
    word_photos_sent="Photos {here}/{total}, all there",
    word_photos_kept="Photos {here}/{total}, {n} not sent",
    word_photos_missing="Photos {here}/{total}, {n} not arrived",
    means_draft="Not finished. Saved on this phone only.",
    means_changing="You are changing this activity. The changes are saved on this phone only; what was finished before stays as it is.",
    means_waiting="Finished and saved on this phone, but not with the server yet.",
    means_sending="On its way to the server.",
    means_sent="The server has it.",
    means_text_sent="The server has the answers, but not all of the photos.",
    means_correct="The server could not accept this activity because of an answer.",
    means_rejected="The server refused this activity. The cause is no answer that you could put right.",
    means_disputed="There are different answers to the same question. All are kept.",
    means_photos_waiting="The server has {here} of {total:photo|photos}; {n} still {n:~waits|wait} on this phone.",
    means_photos_sending="The server has {here} of {total:photo|photos}; {n} {n:~is|are} being sent.",
    means_photos_refused="The server has {here} of {total:photo|photos}; it refused {n}, kept on this phone.",
    means_photos_sent="The server has all of its photos.",
    means_photos_kept="The server has {here} of {total:photo|photos}. You chose not to send {n}; {n:~it is|they are} kept on this phone.",
    means_photos_missing="The server has {here} of {total:photo|photos}; {n} {n:~has|have} not arrived and {n:~is|are} not on this phone.",
    todo_draft="Go on, then tap Finish. It is not sent before that.",
    todo_changing="Go on and tap Finish to send the changes along, or discard them.",
    todo_waiting="It will be sent by itself once there is a signal and Lumbung is open. Do not clear Lumbung's data before that.",
    todo_sending="Wait a moment. If it breaks off, it is tried again by itself and never doubled.",
    todo_sent="There is nothing to do.",
    todo_text_sent="The photos follow. Do not clear Lumbung's data before all of them are sent.",
    todo_correct="Read the reason, tap Correct, put the answer right, then tap Finish. The activity stays on this phone.",
    todo_rejected="The activity stays on this phone. Update Lumbung, then tap Send now to try again. If it is refused again, show the reason to your coordinator.",
    todo_disputed="Open the activity and choose which answer is right.",
    todo_photos_waiting="Photos go after the answers, by themselves. If it takes long, open Send to see why.",
    todo_photos_sending="Keep Lumbung open until it is done. If it breaks off, it goes on where it was.",
    todo_photos_refused="Open the activity: the reason stands below the photo. Tap Send again, or replace the photo with Edit.",
    todo_photos_sent="There is nothing to do.",
    todo_photos_kept="To send them too, open the activity and tap Send again below the photo.",
    todo_photos_missing="Open Lumbung on the phone that took the photos so that they are sent.",
    legend="What the marks mean",
    counted="{what} ({n})",
    banner_rejected="{n} refused by the server",
    banner_photos_refused="{n:photo|photos} refused",
    banner_drafts="{n:draft|drafts} not finished",
    banner_saving="Cannot save",
    banner_account="Permission ended",
    banner_version="Lumbung needs an update",
    banner_refuses="The server refuses",
    banner_unreachable="Server not reached",
    banner_trouble="The server has trouble",
    banner_held="the server asks to wait",
    banner_sparing="full photos wait for Wi-Fi",
    since="Since {time}",
    since_at_least="Since {time} or longer",
    nothing_waits_drafts="Drafts that are not finished are not sent: {n}. Finish them in Activities first.",
    sheet_title="How sending stands",
    nothing_stops="Nothing stops sending.",
    to_send="Open Send",
    code="Code: {code}",
    why_saving="This phone cannot save at the moment, so sending has stopped. Delete photos, videos or apps you do not use, then try again.",
    why_account="The permission of this phone has ended, so nothing is sent. Your records are still here. Open Send and tap Enrol or sign in again.",
    why_version="The server needs a newer Lumbung. Your records are still here. Open Lumbung again when there is a signal to update it.",
    why_refuses="The server does not take anything from this phone. Your records are still here. Show the code to your coordinator.",
    why_offline="The phone is offline. Sending starts by itself once there is a signal and Lumbung is open.",
    why_unreachable="There is a network, but the server cannot be reached. Lumbung tries again by itself. Check your data plan, too.",
    why_trouble="The server has trouble at the moment. Lumbung tries again by itself; there is nothing you need to do.",
    why_held="The server is busy and asks phones to wait. Lumbung sends by itself after that. If you do not want to wait, open Send and tap Send now.",
    why_wifi="You chose to wait for Wi-Fi. If you do not want to wait, open Send and tap Send now.",
    why_text_only="You chose Text only, so photos stay on this phone. Open Send and choose Send everything.",
    why_sparing="Full photos wait for Wi-Fi, as you chose. If you do not want to wait, open Send and tap Send now.",
    fact_network="Network",
    fact_account="Permission",
    fact_clock="Phone's clock",
    fact_space="Storage space",
    fact_kept="Safety of the data",
    fact_budget="Data plan",
    fact_pause="The server's wish",
    fact_try="Last try",
    says_online="The phone has a network.",
    says_offline_since="Offline since {time}.",
    says_offline_at_least="Offline since {time} or longer.",
    says_account_fine="This phone may send.",
    says_account_ended="It is no longer valid. Enrol or sign in again in Send.",
    says_clock_fine="Right, as far as is known.",
    says_clock_slow="{amount} behind the server's time. Turn on automatic time in the phone's Settings.",
    says_clock_fast="{amount} ahead of the server's time. Turn on automatic time in the phone's Settings.",
    says_space_fine="There is enough.",
    says_space_low="Nearly full: {size} left. Delete photos, videos or apps you do not use.",
    says_space_full="Full. Nothing new can be saved. Delete photos, videos or apps you do not use.",
    says_space_failed="Lumbung cannot save at the moment. Close Lumbung and open it again.",
    says_space_unknown="This phone does not tell.",
    says_kept_native="The data is in the app's own folder.",
    says_kept_promised="The browser promised not to clear Lumbung's data.",
    says_kept_not="The browser has not promised to keep the data. This does not stop sending. Install Lumbung on the home screen, and send when there is a signal.",
    says_budget_all="Answers and photos go by themselves.",
    says_budget_sparing="Answers go by themselves; full photos wait for Wi-Fi.",
    says_budget_text="Only text goes by itself, as you chose.",
    says_budget_later="Waiting for Wi-Fi, as you chose.",
    says_budget_later_now="Over Wi-Fi only, and there is Wi-Fi now.",
    says_pause_none="The server does not ask to wait.",
    says_pause_held="The server is busy and asks to wait until {time}.",
    says_try_none="Nothing was tried yet.",
    says_try_now="Under way.",
    says_try_fine="It worked, {time}.",
    says_try_failed="It failed, {time}. {why}",
    not_kept="Make the data on this phone safe",
    not_kept_title="Data not protected by the browser yet",
    not_kept_install="Install Lumbung on the home screen: open the browser's menu (three dots), then choose “Add to home screen” or “Install app”.",
    not_kept_send="Send your records when there is a signal. What the server has cannot be lost with the phone.",
    in_draft="These answers are saved on the phone by themselves, and sent only after you tap Finish.",
)
