"""The words of a coordinator's own account: password, two-step verification, where one is signed in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class AccountTexts:
    """Their texts in one language."""

    title: str
    lead: str
    open: str
    # At the door
    door: str
    door_button: str
    door_none: str
    busy: str
    code: str
    code_help: str
    code_missing: str
    offline: str
    close: str

    # Password
    password_title: str
    password_old: str
    password_new: str
    password_again: str
    password_show: str
    password_hide: str
    password_help: str
    password_differ: str
    password_change: str
    password_keep: str
    password_keep_help: str
    password_done: str

    # The second step
    step_title: str
    step_off: str
    step_on: str
    step_begin: str
    step_scan: str
    step_qr: str
    step_type: str
    step_copy: str
    step_confirm: str
    step_codes: str
    step_codes_copy: str
    step_noted: str
    step_end: str
    step_end_help: str
    step_end_yes: str
    step_ended: str

    # Where one is signed in
    places_title: str
    place_phone: str
    place_session: str
    place_here: str
    place_seen: str
    place_end: str
    place_end_question: str
    place_end_help: str
    session_end_question: str
    session_end_help: str
    place_ended: str
    everywhere: str
    everywhere_question: str
    everywhere_help: str
    everywhere_keep: str
    everywhere_all: str
    everywhere_done: str
    everywhere_all_done: str

    # A link that sets the password
    link_title: str
    link_lead: str
    link_button: str
    link_keep: str
    link_later: str
    link_done: str
    link_enter: str


INDONESIAN = AccountTexts(
    title="Akun",
    lead="Ganti kata sandi, aktifkan verifikasi dua langkah, dan lihat di perangkat mana saja Anda sedang masuk.",
    open="Kelola akun",
    door="Demi keamanan, masukkan lagi kata sandi Anda.",
    door_button="Lanjut",
    door_none="Belum punya nama pengguna dan kata sandi? Minta administrator membuatkan akun.",
    busy="Sebentar…",
    code="Kode verifikasi",
    code_help="6 angka dari aplikasi autentikator, atau salah satu kode cadangan Anda.",
    code_missing="Isi dulu kodenya.",
    offline="Server tidak dapat dihubungi. Bagian ini memerlukan internet. Coba lagi saat ada sinyal.",
    close="Selesai dan kunci",
    password_title="Kata sandi",
    password_old="Kata sandi sekarang",
    password_show="Tampilkan kata sandi",
    password_hide="Sembunyikan kata sandi",
    password_new="Kata sandi baru",
    password_again="Ulangi kata sandi baru",
    password_help="Paling sedikit 10 karakter. Beberapa kata yang tidak berhubungan mudah diingat dan sulit ditebak.",
    password_differ="Kedua kata sandi baru tidak sama. Ketik sekali lagi.",
    password_change="Ganti kata sandi",
    password_keep="Ponsel lain tetap masuk",
    password_keep_help="Kalau dimatikan, ponsel dan peramban lain dikeluarkan dan harus masuk lagi dengan kata sandi baru.",
    password_done="Kata sandi sudah diganti.",
    step_title="Verifikasi dua langkah",
    step_off="Belum aktif. Kalau aktif, kata sandi saja tidak cukup untuk masuk: diperlukan juga kode dari aplikasi autentikator di ponsel Anda.",
    step_on="Aktif. Untuk masuk diperlukan juga kode dari aplikasi autentikator. Sisa kode cadangan: {n}.",
    step_begin="Aktifkan",
    step_scan="Pindai kode ini dengan aplikasi autentikator, misalnya Google Authenticator atau Aegis.",
    step_qr="Kode QR untuk aplikasi autentikator",
    step_type="Atau ketik kunci ini di aplikasi itu:",
    step_copy="Salin kunci",
    step_confirm="Masukkan kode 6 angka yang tampil di aplikasi itu.",
    step_codes="Verifikasi dua langkah sudah aktif. Tulis kode cadangan ini di kertas dan simpan di tempat aman. Tiap kode hanya bisa dipakai sekali, kalau ponsel dengan aplikasi autentikator hilang. Kode ini tidak akan ditampilkan lagi.",
    step_codes_copy="Salin kode cadangan",
    step_noted="Sudah saya tulis",
    step_end="Matikan verifikasi dua langkah",
    step_end_help="Untuk mematikan, masukkan kata sandi Anda dan sebuah kode.",
    step_end_yes="Matikan",
    step_ended="Verifikasi dua langkah sudah dimatikan.",
    places_title="Perangkat yang sedang masuk",
    place_phone="Ponsel atau peramban tanpa nama",
    place_session="Halaman akun yang sedang terbuka",
    place_here="perangkat ini",
    place_seen="Terakhir dipakai {time}",
    place_end="Keluarkan",
    place_end_question="Keluarkan {name}?",
    place_end_help="Lumbung di sana terkunci begitu tersambung. Yang belum terkirim tidak hilang: tetap tersimpan di sana, dan terkirim setelah Anda masuk lagi dengan kata sandi.",
    session_end_question="Tutup halaman akun yang terbuka di sana?",
    session_end_help="Halaman akun di sana ditutup. Lumbung di sana tetap bisa dipakai.",
    place_ended="Sudah dikeluarkan.",
    everywhere="Keluar dari semua perangkat",
    everywhere_question="Keluar dari semua perangkat?",
    everywhere_help="Semua ponsel dan peramban dikeluarkan, dan Lumbung di sana terkunci begitu tersambung. Yang belum terkirim tidak hilang: tetap tersimpan di sana, dan terkirim setelah Anda masuk lagi dengan kata sandi.",
    everywhere_keep="Semua kecuali yang ini",
    everywhere_all="Semua, juga yang ini",
    everywhere_done="Semua perangkat lain sudah dikeluarkan.",
    everywhere_all_done="Semua perangkat sudah dikeluarkan, termasuk yang ini.",
    link_title="Buat kata sandi Anda",
    link_lead="Tautan ini dari administrator dan hanya bisa dipakai sekali. Kata sandinya Anda buat sendiri; jangan beri tahu siapa pun.",
    link_button="Simpan dan masuk",
    link_keep="Ponsel lain tetap masuk",
    link_later="Nanti saja",
    link_done="Kata sandi untuk {login} sudah tersimpan.",
    link_enter="Masuk",
)

ENGLISH = AccountTexts(
    title="Account",
    lead="Change your password, switch two-step verification on, and see where your account is signed in.",
    open="Manage account",
    door="For safety, enter your password once more.",
    door_button="Continue",
    door_none="No login name and password yet? Ask the administrator for an account.",
    busy="One moment…",
    code="Verification code",
    code_help="6 digits from your authenticator app, or one of your recovery codes.",
    code_missing="Enter the code first.",
    offline="The server cannot be reached. This part needs the internet. Try again when there is a signal.",
    close="Done, lock this page",
    password_title="Password",
    password_old="Current password",
    password_show="Show password",
    password_hide="Hide password",
    password_new="New password",
    password_again="New password again",
    password_help="At least 10 characters. A few words that have nothing to do with each other are easy to remember and hard to guess.",
    password_differ="The two new passwords are not the same. Type them again.",
    password_change="Change password",
    password_keep="Other phones stay signed in",
    password_keep_help="If this is off, other phones and browsers are signed out and have to sign in again with the new password.",
    password_done="Your password was changed.",
    step_title="Two-step verification",
    step_off="Not on yet. Once it is on, the password alone does not let anybody in: a code from the authenticator app on your phone is needed as well.",
    step_on="On. Signing in takes a code from your authenticator app as well. Recovery codes left: {n}.",
    step_begin="Switch on",
    step_scan="Scan this code with an authenticator app, for instance Google Authenticator or Aegis.",
    step_qr="QR code for the authenticator app",
    step_type="Or type this key into that app:",
    step_copy="Copy the key",
    step_confirm="Enter the 6-digit code that the app shows.",
    step_codes="Two-step verification is on. Write these recovery codes on paper and keep them in a safe place. Each works once, should the phone with your authenticator be lost. They are not shown again.",
    step_codes_copy="Copy the recovery codes",
    step_noted="I have written them down",
    step_end="Switch two-step verification off",
    step_end_help="To switch it off, enter your password and a code.",
    step_end_yes="Switch off",
    step_ended="Two-step verification is off.",
    places_title="Where you are signed in",
    place_phone="Phone or browser without a name",
    place_session="An open account page",
    place_here="this one",
    place_seen="Last used {time}",
    place_end="Sign out",
    place_end_question="Sign {name} out?",
    place_end_help="Lumbung is locked there as soon as it connects. What was not sent is not lost: it stays there, and is sent once you sign in again with your password.",
    session_end_question="Close the account page that is open there?",
    session_end_help="The account page is closed there. Lumbung can still be used there.",
    place_ended="Signed out.",
    everywhere="Sign out everywhere",
    everywhere_question="Sign out everywhere?",
    everywhere_help="All phones and browsers are signed out, and Lumbung is locked there as soon as it connects. What was not sent is not lost: it stays there, and is sent once you sign in again with your password.",
    everywhere_keep="All but this one",
    everywhere_all="All, this one too",
    everywhere_done="All others were signed out.",
    everywhere_all_done="All were signed out, this one too.",
    link_title="Choose your password",
    link_lead="This link comes from the administrator and works once. You alone choose the password; tell it to nobody.",
    link_button="Save and sign in",
    link_keep="Phones that are signed in stay so",
    link_later="Not now",
    link_done="The password of {login} is saved.",
    link_enter="Sign in",
)
