"""Everything that can go wrong and reaches a person: a stable code and a sentence to act on, in both languages.

The server sends code and sentence (RFC 9457); the phone knows the same catalogue, so that it can say it offline.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from lumbung_shared.labels import Label


class Code(StrEnum):
    """Stable codes. Never renamed, never reused."""

    # Enrolment and login
    ENROLMENT_CODE_UNKNOWN = "enrolment-code-unknown"
    ENROLMENT_CODE_USED = "enrolment-code-used"
    ENROLMENT_CODE_EXPIRED = "enrolment-code-expired"
    LOGIN_WRONG = "login-wrong"
    TOO_MANY_ATTEMPTS = "too-many-attempts"
    REPLICA_TAKEN = "replica-taken"
    # An account of one's own
    TOTP_NEEDED = "totp-needed"
    TOTP_WRONG = "totp-wrong"
    TOTP_ON = "totp-on"
    PASSWORD_WEAK = "password-weak"
    PASSWORD_WRONG = "password-wrong"
    RESET_LINK_VOID = "reset-link-void"
    SESSION_ENDED = "session-ended"
    CSRF_REFUSED = "csrf-refused"
    PLACE_UNKNOWN = "place-unknown"
    # Access
    TOKEN_MISSING = "token-missing"
    TOKEN_UNKNOWN = "token-unknown"
    TOKEN_EXPIRED = "token-expired"
    TOKEN_REVOKED = "token-revoked"
    FORBIDDEN = "forbidden"
    DEVICE_UNKNOWN = "device-unknown"
    PERSON_UNKNOWN = "person-unknown"
    RECORD_UNKNOWN = "record-unknown"
    DEVICE_NOT_REVOKED = "device-not-revoked"
    # Handing over what a phone without permission had not sent
    HANDOVER_NOT_ALLOWED = "handover-not-allowed"
    HANDOVER_FULL = "handover-full"
    HANDOVER_UNKNOWN = "handover-unknown"
    HANDOVER_DECIDED = "handover-decided"
    HANDOVER_DISCARDED = "handover-discarded"
    # The request as a whole
    BODY_MALFORMED = "body-malformed"
    BODY_TOO_LARGE = "body-too-large"
    TOO_MANY_WRITES = "too-many-writes"
    PROTOCOL_UNSUPPORTED = "protocol-unsupported"
    APP_TOO_OLD = "app-too-old"
    CURSOR_MALFORMED = "cursor-malformed"
    FILTER_MALFORMED = "filter-malformed"
    EXPORT_TOO_LARGE = "export-too-large"
    NOT_FOUND = "not-found"
    METHOD_NOT_ALLOWED = "method-not-allowed"
    SERVER_ERROR = "server-error"
    SERVER_BUSY = "server-busy"
    NOT_READY = "not-ready"
    # One write
    WRITE_MALFORMED = "write-malformed"
    UNKNOWN_KIND = "unknown-kind"
    UNKNOWN_FORM_VERSION = "unknown-form-version"
    UNKNOWN_FIELD = "unknown-field"
    FIELD_RESERVED = "field-reserved"
    WRONG_TYPE = "wrong-type"
    UNKNOWN_REGION = "unknown-region"
    REGION_MISSING = "region-missing"
    REGION_NOT_GRANTED = "region-not-granted"
    NOT_THE_AUTHOR = "not-the-author"
    KIND_CHANGED = "kind-changed"
    HELD_BACK = "held-back"
    # Publishing a form
    FORM_UNSOUND = "form-unsound"
    FORM_TOO_LARGE = "form-too-large"
    FORM_UNKNOWN = "form-unknown"
    FIELD_RETYPED = "field-retyped"
    KIND_TAKEN = "kind-taken"
    # Uploading and looking at a photo
    TUS_UNSUPPORTED = "tus-unsupported"
    UPLOAD_MALFORMED = "upload-malformed"
    UPLOAD_TYPE_WRONG = "upload-type-wrong"
    UPLOAD_UNKNOWN = "upload-unknown"
    UPLOAD_EXPIRED = "upload-expired"
    UPLOAD_BUSY = "upload-busy"
    UPLOAD_OFFSET_WRONG = "upload-offset-wrong"
    UPLOAD_CHECKSUM_WRONG = "upload-checksum-wrong"
    TOO_MANY_UPLOADS = "too-many-uploads"
    PHOTO_NOT_NAMED = "photo-not-named"
    PHOTO_TOO_LARGE = "photo-too-large"
    PHOTO_DIGEST_WRONG = "photo-digest-wrong"
    PHOTO_REFUSED = "photo-refused"
    PHOTO_UNKNOWN = "photo-unknown"
    # Remarks on a record
    MISSING_REQUIRED = "missing-required"
    TOO_SMALL = "too-small"
    TOO_LARGE = "too-large"
    CONSTRAINT_BROKEN = "constraint-broken"
    NOT_OFFERED = "not-offered"
    TOO_MANY_ROWS = "too-many-rows"
    CLOCK_CORRECTED = "clock-corrected"
    CLOCK_UNVERIFIED = "clock-unverified"
    GRANT_ENDED = "grant-ended"
    # An expression of a form
    EXPRESSION_WRONG = "expression-wrong"
    EXPRESSION_LACKS = "expression-lacks"
    EXPRESSION_TOO_LARGE = "expression-too-large"
    # Seen by the phone alone
    SERVER_UNREACHABLE = "server-unreachable"
    NOT_LUMBUNG = "not-lumbung"
    STORE_IN_USE = "store-in-use"
    STORE_UNREADABLE = "store-unreadable"
    STORE_FULL = "store-full"
    STORE_FAILED = "store-failed"
    STORE_OF_ANOTHER = "store-of-another"
    UNSENT_LEFT = "unsent-left"
    FORM_EDIT_LEFT = "form-edit-left"
    RESCUE_UNKNOWN = "rescue-unknown"
    RESCUE_DAMAGED = "rescue-damaged"
    RESCUE_NEWER = "rescue-newer"
    RESCUE_OF_ANOTHER = "rescue-of-another"
    RESCUE_TOO_LARGE = "rescue-too-large"
    RESCUE_NOT_ENROLLED = "rescue-not-enrolled"
    PHOTO_UNREADABLE = "photo-unreadable"
    PHOTO_HEIC = "photo-heic"
    PHOTO_EMPTY = "photo-empty"
    PHOTO_IS_NONE = "photo-is-none"
    PHOTO_NO_ROOM = "photo-no-room"
    PHOTO_NOT_KEPT = "photo-not-kept"


SENTENCES: Mapping[Code, Label] = {
    Code.ENROLMENT_CODE_UNKNOWN: Label(
        "Kode pendaftaran ini tidak dikenal. Periksa lagi setiap huruf dan angkanya, atau minta "
        "kode baru kepada koordinator.",
        "This enrolment code is not known. Check every character, or ask your coordinator for a new code.",
    ),
    Code.ENROLMENT_CODE_USED: Label(
        "Kode pendaftaran ini sudah dipakai. Minta kode baru kepada koordinator.",
        "This enrolment code has been used already. Ask your coordinator for a new code.",
    ),
    Code.ENROLMENT_CODE_EXPIRED: Label(
        "Kode pendaftaran ini sudah kedaluwarsa. Minta kode baru kepada koordinator.",
        "This enrolment code has expired. Ask your coordinator for a new code.",
    ),
    Code.LOGIN_WRONG: Label(
        "Nama pengguna atau kata sandi salah. Silakan coba lagi.",
        "The login name or the password is wrong. Please try again.",
    ),
    Code.TOO_MANY_ATTEMPTS: Label(
        "Terlalu banyak percobaan. Tunggu beberapa menit, lalu coba lagi.",
        "Too many attempts. Wait a few minutes, then try again.",
    ),
    Code.REPLICA_TAKEN: Label(
        "Penyimpanan di ponsel ini sudah terdaftar atas nama orang lain. Muat ulang aplikasi, lalu daftar lagi.",
        "The store on this phone is registered to someone else. Reload the app, then enrol again.",
    ),
    Code.TOTP_NEEDED: Label(
        "Akun ini memakai verifikasi dua langkah. Masukkan juga kode 6 angka dari aplikasi autentikator Anda.",
        "This account uses two-step verification. Enter the 6-digit code of your authenticator app as well.",
    ),
    Code.TOTP_WRONG: Label(
        "Kode ini salah atau sudah dipakai. Tunggu kode berikutnya, atau pakai kode cadangan. Kalau tetap gagal, minta "
        "administrator mematikan verifikasi dua langkah.",
        "This code is wrong or has been used. Wait for the next one, or use a recovery code. If that fails too, ask "
        "the administrator to switch two-step verification off.",
    ),
    Code.TOTP_ON: Label(
        "Verifikasi dua langkah sudah aktif. Matikan dulu kalau ingin memakai autentikator lain.",
        "Two-step verification is on already. Switch it off first to use another authenticator.",
    ),
    Code.PASSWORD_WEAK: Label(
        "Kata sandi ini terlalu mudah ditebak. Pakai paling sedikit 10 karakter, bukan nama Anda dan bukan kata sandi "
        "yang umum; beberapa kata yang tidak berhubungan sudah cukup.",
        "This password is too easy to guess. Use at least 10 characters, not your name and no common password; a few "
        "words that have nothing to do with each other will do.",
    ),
    Code.PASSWORD_WRONG: Label(
        "Kata sandi Anda yang sekarang salah. Silakan coba lagi.",
        "Your present password is wrong. Please try again.",
    ),
    Code.RESET_LINK_VOID: Label(
        "Tautan ini tidak berlaku lagi atau sudah dipakai. Kalau Anda baru saja membuat kata sandi dengannya, masuklah "
        "dengan kata sandi itu; kalau belum, minta tautan baru kepada administrator.",
        "This link is no longer good, or has been used. If you have just set a password with it, sign in with that; "
        "if not, ask the administrator for a new link.",
    ),
    Code.SESSION_ENDED: Label(
        "Halaman akun sudah tertutup demi keamanan. Masukkan kata sandi Anda sekali lagi.",
        "The account page was closed for safety. Enter your password once more.",
    ),
    Code.CSRF_REFUSED: Label(
        "Permintaan ini tidak datang dari halaman akun Lumbung. Muat ulang Lumbung, lalu coba lagi.",
        "This request did not come from Lumbung's account page. Reload Lumbung, then try again.",
    ),
    Code.PLACE_UNKNOWN: Label(
        "Perangkat ini tidak lagi masuk ke akun Anda. Muat ulang daftarnya.",
        "Your account is not signed in there any more. Refresh the list.",
    ),
    Code.TOKEN_MISSING: Label(
        "Anda belum masuk. Daftarkan ponsel ini dengan kode dari koordinator.",
        "You are not signed in. Enrol this phone with a code from your coordinator.",
    ),
    Code.TOKEN_UNKNOWN: Label(
        "Server tidak mengenal ponsel ini. Catatan Anda tetap aman di sini; minta kode baru kepada koordinator.",
        "The server does not know this phone. Your records are safe here; ask your coordinator for a new code.",
    ),
    Code.TOKEN_EXPIRED: Label(
        "Izin ponsel ini sudah habis masanya. Catatan Anda tetap aman di sini; daftar atau masuk lagi.",
        "This phone's permission has expired. Your records are safe here; enrol or sign in again.",
    ),
    Code.TOKEN_REVOKED: Label(
        "Izin ponsel ini sudah dicabut. Catatan Anda tetap aman di sini; hubungi koordinator, atau masuk lagi kalau "
        "Anda punya akun.",
        "This phone's permission has been withdrawn. Your records are safe here; contact your coordinator, or sign in "
        "again if you have an account.",
    ),
    Code.FORBIDDEN: Label(
        "Bagian ini bukan untuk wilayah atau peran Anda.",
        "This part is not for your region or role.",
    ),
    Code.DEVICE_UNKNOWN: Label(
        "Ponsel ini tidak ada di server, atau pemiliknya bukan orang di wilayah Anda.",
        "The server has no such phone, or it is of nobody in your region.",
    ),
    Code.PERSON_UNKNOWN: Label(
        "Orang ini tidak ada di server, atau tugasnya bukan di wilayah Anda saja. Minta bantuan "
        "koordinator di atas Anda.",
        "The server knows no such person, or their work is not in your region alone. Ask a coordinator further up.",
    ),
    Code.RECORD_UNKNOWN: Label(
        "Kegiatan ini tidak ada di server, atau bukan milik Anda dan bukan dari wilayah yang Anda koordinasi.",
        "The server has no such activity, or it is neither yours nor of a region that you coordinate.",
    ),
    Code.DEVICE_NOT_REVOKED: Label(
        "Izin ponsel ini tidak dicabut: catatannya terkirim sendiri dan tidak perlu diserahkan.",
        "This phone's permission is not withdrawn: its records are sent by themselves and need not be handed over.",
    ),
    Code.HANDOVER_NOT_ALLOWED: Label(
        "Serah terima dari ponsel ini belum diizinkan, atau izinnya sudah lewat. Catatan Anda tetap aman di sini; "
        "minta koordinator mengizinkannya.",
        "Handing over from this phone is not allowed yet, or no longer. Your records are safe here; ask your "
        "coordinator to allow it.",
    ),
    Code.HANDOVER_FULL: Label(
        "Terlalu banyak catatan dari ponsel ini yang menunggu diperiksa. Sisanya tetap aman di sini; serahkan lagi "
        "setelah koordinator menerima yang sudah ada.",
        "Too many records of this phone wait to be checked. The others are safe here; hand them over once your "
        "coordinator has accepted those.",
    ),
    Code.HANDOVER_UNKNOWN: Label(
        "Serah terima ini tidak ada, atau bukan dari orang di wilayah Anda. Muat ulang daftarnya.",
        "There is no such hand-over, or it is of nobody in your region. Reload the list.",
    ),
    Code.HANDOVER_DECIDED: Label(
        "Serah terima ini sudah diputuskan. Muat ulang daftarnya.",
        "This hand-over was decided already. Reload the list.",
    ),
    Code.HANDOVER_DISCARDED: Label(
        "Koordinator tidak menerima catatan ini. Catatan tetap tersimpan di ponsel; hubungi koordinator.",
        "Your coordinator did not accept this record. It stays on the phone; contact them.",
    ),
    Code.BODY_MALFORMED: Label(
        "Server tidak dapat membaca kiriman ini. Tidak ada yang hilang; perbarui aplikasi, lalu kirim lagi.",
        "The server could not read what was sent. Nothing is lost; update the app, then send again.",
    ),
    Code.BODY_TOO_LARGE: Label(
        "Kiriman terlalu besar untuk sekali kirim. Aplikasi akan membaginya menjadi lebih kecil.",
        "Too much was sent at once. The app will split it into smaller parts.",
    ),
    Code.TOO_MANY_WRITES: Label(
        "Terlalu banyak catatan dalam sekali kirim. Aplikasi akan membaginya menjadi lebih kecil.",
        "Too many records were sent at once. The app will split them into smaller parts.",
    ),
    Code.PROTOCOL_UNSUPPORTED: Label(
        "Versi aplikasi ini sudah tidak dilayani server. Catatan Anda tetap aman; perbarui aplikasi, lalu kirim lagi.",
        "The server no longer serves this version of the app. Your records are safe; update the app, then send again.",
    ),
    Code.APP_TOO_OLD: Label(
        "Versi aplikasi ini sudah usang dan tidak dilayani server lagi. Catatan Anda tetap aman di "
        "ponsel ini; pasang versi baru, lalu "
        "kirim lagi.",
        "This version of the app is too old for the server. Your records are safe on this phone; install the new "
        "version, then send again.",
    ),
    Code.CURSOR_MALFORMED: Label(
        "Penanda sinkronisasi tidak terbaca. Aplikasi akan mengambil ulang kabar dari awal.",
        "The sync marker could not be read. The app will fetch the news again from the start.",
    ),
    Code.FILTER_MALFORMED: Label(
        "Saringan ini tidak dapat dipakai. Periksa wilayah, jenis kegiatan, dan tanggalnya.",
        "This filter cannot be used. Check its region, kind and dates.",
    ),
    Code.EXPORT_TOO_LARGE: Label(
        "Terlalu banyak kegiatan untuk satu berkas Excel (paling banyak 10.000). Persempit wilayah, jenis, atau "
        "tanggalnya, lalu coba lagi.",
        "Too many activities for one Excel file (at most 10,000). Narrow down region, kind or days, then try again.",
    ),
    Code.NOT_FOUND: Label("Halaman ini tidak ada.", "There is no such page."),
    Code.METHOD_NOT_ALLOWED: Label(
        "Alamat ini tidak menerima permintaan seperti itu.", "This address does not take such a request."
    ),
    Code.SERVER_ERROR: Label(
        "Ada yang salah di server. Tidak ada catatan yang hilang; coba lagi nanti.",
        "Something went wrong on the server. No record is lost; try again later.",
    ),
    Code.SERVER_BUSY: Label(
        "Server sedang sibuk. Aplikasi akan mencoba lagi sebentar lagi.",
        "The server is busy. The app will try again shortly.",
    ),
    Code.NOT_READY: Label(
        "Server belum siap. Coba lagi sebentar lagi.", "The server is not ready yet. Try again shortly."
    ),
    Code.WRITE_MALFORMED: Label(
        "Catatan ini tidak terbaca oleh server. Catatan tetap tersimpan di ponsel; perbarui aplikasi, lalu kirim lagi.",
        "The server could not read this record. It stays on the phone; update the app, then send again.",
    ),
    Code.UNKNOWN_KIND: Label(
        "Server belum mengenal jenis kegiatan ini. Catatan tetap tersimpan di ponsel; beri tahu koordinator.",
        "The server does not know this kind of activity yet. The record stays on the phone; tell your coordinator.",
    ),
    Code.UNKNOWN_FORM_VERSION: Label(
        "Server belum mengenal versi formulir ini. Catatan tetap tersimpan di ponsel; beri tahu koordinator.",
        "The server does not know this version of the form. The record stays on the phone; tell your coordinator.",
    ),
    Code.UNKNOWN_FIELD: Label(
        "Isian “{field}” tidak ada di formulir ini. Perbarui aplikasi, lalu periksa lagi catatannya.",
        "The form has no question “{field}”. Update the app, then check the record again.",
    ),
    Code.FIELD_RESERVED: Label(
        "Bagian “{field}” hanya diisi oleh koordinator atau server. Perbarui aplikasi, buka catatan, lalu simpan lagi.",
        "Only coordinators or the server fill in “{field}”. Update the app, open the record, then save it again.",
    ),
    Code.WRONG_TYPE: Label(
        "Isian “{field}” tidak sesuai jenisnya. Buka catatan, perbaiki isian itu, lalu kirim lagi.",
        "The answer to “{field}” is not of the right type. Open the record, correct it, then send again.",
    ),
    Code.UNKNOWN_REGION: Label(
        "Wilayah pada catatan ini tidak dikenal. Buka catatan, pilih wilayah dari daftar, lalu kirim lagi.",
        "The region of this record is not known. Open the record, choose one from the list, then send again.",
    ),
    Code.REGION_MISSING: Label(
        "Wilayah belum diisi. Buka catatan, pilih kelurahan atau desanya, lalu kirim lagi.",
        "The region is missing. Open the record, choose its village or ward, then send again.",
    ),
    Code.REGION_NOT_GRANTED: Label(
        "Anda tidak bertugas di wilayah itu. Buka catatan, pilih wilayah tugas Anda, atau hubungi koordinator.",
        "That region is not yours. Open the record and choose your own region, or contact your coordinator.",
    ),
    Code.NOT_THE_AUTHOR: Label(
        "Hanya pencatatnya yang dapat mengubah catatan ini.", "Only its author can change this record."
    ),
    Code.KIND_CHANGED: Label(
        "Jenis kegiatan sebuah catatan tidak dapat diganti. Buat catatan baru dengan jenis yang benar.",
        "A record's kind cannot be changed. Make a new record of the right kind.",
    ),
    Code.HELD_BACK: Label(
        "Perubahan ini menunggu: perubahan sebelumnya pada catatan yang sama ditolak. Perbaiki dulu catatan itu.",
        "This change waits: an earlier change to the same record was refused. Correct that record first.",
    ),
    Code.FORM_UNSOUND: Label(
        "Formulir ini belum benar, jadi belum diterbitkan. Perbaiki isian yang disebut, lalu coba lagi.",
        "This form is not sound yet, so it was not published. Correct the question named, then try again.",
    ),
    Code.FORM_TOO_LARGE: Label(
        "Formulir ini terlalu besar untuk ponsel. Kurangi isian atau pilihan jawabannya, lalu coba lagi.",
        "This form is too large for phones. Take out questions or options, then try again.",
    ),
    Code.FORM_UNKNOWN: Label(
        "Formulir ini tidak ada di server. Buka Kirim, ketuk Kirim sekarang agar daftar formulir "
        "diperbarui, lalu coba lagi.",
        "The server has no such form. Sync first to bring the list of forms up to date, then try again.",
    ),
    Code.FIELD_RETYPED: Label(
        "Jenis sebuah isian berbeda dari versi sebelumnya. Beri isian itu nama baru, lalu coba lagi.",
        "A question is of another type than in an earlier version. Give it a new name, then try again.",
    ),
    Code.KIND_TAKEN: Label(
        "Nama jenis ini sudah dipakai formulir lain. Beri formulir ini nama jenis yang lain, lalu coba lagi.",
        "Another form has this kind's name already. Give this form another kind name, then try again.",
    ),
    Code.MISSING_REQUIRED: Label("Wajib diisi.", "This is required."),
    Code.TOO_SMALL: Label("Paling sedikit {bound}.", "At least {bound}."),
    Code.TOO_LARGE: Label("Paling banyak {bound}.", "At most {bound}."),
    Code.CONSTRAINT_BROKEN: Label(
        "Jawaban ini belum sesuai dengan aturan formulir. Periksa lagi, lalu perbaiki.",
        "This answer does not follow the form's rule. Check it, then correct it.",
    ),
    Code.NOT_OFFERED: Label(
        "Pilihan ini tidak cocok lagi dengan jawaban lain. Pilih sekali lagi.",
        "This choice no longer goes with the other answers. Choose again.",
    ),
    Code.TOO_MANY_ROWS: Label(
        "Paling banyak {bound} isian di sini. Hapus yang berlebih.",
        "There may be at most {bound} entries here. Remove the others.",
    ),
    Code.CLOCK_CORRECTED: Label(
        "Jam ponsel tidak tepat; server memakai waktunya sendiri.",
        "The phone's clock was wrong; the server used its own time.",
    ),
    Code.CLOCK_UNVERIFIED: Label(
        "Jam ponsel berubah setelah catatan ini dibuat, jadi waktunya hanya perkiraan server.",
        "The phone's clock was changed after this was recorded, so its time is only the server's estimate.",
    ),
    Code.GRANT_ENDED: Label(
        "Pencatatnya sudah tidak bertugas di wilayah ini ketika catatan sampai di server.",
        "Written under a grant for this region that had ended when the record reached the server.",
    ),
    Code.EXPRESSION_WRONG: Label(
        "Rumus ini tidak bisa dibaca: periksa “{what}” pada huruf ke-{at}.",
        "This formula cannot be read: check “{what}” at character {at}.",
    ),
    Code.EXPRESSION_LACKS: Label(
        "Rumus ini memakai “{what}”, yang belum bisa dihitung oleh Lumbung.",
        "This formula uses “{what}”, which Lumbung cannot work out.",
    ),
    Code.EXPRESSION_TOO_LARGE: Label(
        "Rumus ini terlalu panjang. Bagi menjadi beberapa isian hitungan.",
        "This formula is too long. Divide it into several calculated fields.",
    ),
    Code.SERVER_UNREACHABLE: Label(
        "Server tidak dapat dihubungi. Catatan Anda aman di ponsel ini dan terkirim otomatis begitu ada sinyal dan "
        "Lumbung terbuka.",
        "The server cannot be reached. Your records are safe on this phone and will be sent once there is a "
        "signal and Lumbung is open.",
    ),
    Code.NOT_LUMBUNG: Label(
        "Jawaban yang datang bukan dari server Lumbung. Jika Wi-Fi meminta masuk, masuklah dulu, lalu kirim lagi.",
        "The answer did not come from the Lumbung server. If the Wi-Fi asks you to sign in, do that first.",
    ),
    Code.STORE_IN_USE: Label(
        "Lumbung sudah terbuka di tab atau jendela lain. Tutup yang satu itu, lalu coba lagi.",
        "Lumbung is already open in another tab or window. Close that one, then try again.",
    ),
    Code.STORE_UNREADABLE: Label(
        "Sebagian data di ponsel ini tidak terbaca. Jangan hapus data aplikasi; hubungi koordinator.",
        "Some of the data on this phone cannot be read. Do not clear the app's data; contact your coordinator.",
    ),
    Code.STORE_FULL: Label(
        "Penyimpanan ponsel penuh, jadi perubahan terakhir belum tersimpan. Hapus berkas lain, lalu simpan lagi.",
        "The phone's storage is full, so the last change is not saved. Delete other files, then save again.",
    ),
    Code.STORE_FAILED: Label(
        "Ponsel gagal menyimpan, jadi perubahan terakhir belum tersimpan. Tutup aplikasi ini, lalu buka lagi.",
        "The phone failed to save, so the last change is not saved. Close this app, then open it again.",
    ),
    Code.STORE_OF_ANOTHER: Label(
        "Kode ini untuk orang lain. Di ponsel ini masih ada pekerjaan yang belum terkirim, dan semuanya tetap "
        "tersimpan. Minta koordinator membuat kode atas nama orang yang mengerjakannya.",
        "This code is for somebody else. Work on this phone has not been sent yet, and all of it is still here. "
        "Ask the coordinator for a code in the name of the person who did it.",
    ),
    Code.UNSENT_LEFT: Label(
        "Masih ada catatan yang belum terkirim. Kirim atau hapus dulu catatan itu, lalu coba lagi.",
        "Some records have not been sent yet. Send or delete them first, then try again.",
    ),
    Code.FORM_EDIT_LEFT: Label(
        "Masih ada perubahan formulir yang belum diterbitkan. Terbitkan atau buang dulu perubahan itu, lalu coba lagi.",
        "Changes to a form have not been published yet. Publish or discard them first, then try again.",
    ),
    Code.RESCUE_UNKNOWN: Label(
        "Berkas ini bukan salinan catatan Lumbung. Pilih berkas yang namanya diawali “lumbung-” dan berakhiran “.zip”.",
        "This file is not a copy of Lumbung records. Choose one named “lumbung-…” that ends in “.zip”.",
    ),
    Code.RESCUE_DAMAGED: Label(
        "Berkas salinan ini rusak atau tidak lengkap. Minta dikirim ulang sebagai dokumen, lalu coba lagi.",
        "This copy is damaged or incomplete. Have it sent once more, as a document, then try again.",
    ),
    Code.RESCUE_NEWER: Label(
        "Berkas salinan ini dibuat oleh Lumbung yang lebih baru. Perbarui aplikasi di ponsel ini, lalu coba lagi.",
        "This copy was made by a newer Lumbung. Update the app on this phone, then try again.",
    ),
    Code.RESCUE_OF_ANOTHER: Label(
        "Berkas salinan ini milik {name}. Buka di ponsel yang didaftarkan atas nama {name}.",
        "This copy belongs to {name}. Open it on a phone that is enrolled in the name of {name}.",
    ),
    Code.RESCUE_TOO_LARGE: Label(
        "Berkas ini terlalu besar untuk dibuka di ponsel. Simpan baik-baik, lalu hubungi koordinator.",
        "This file is too large to open on a phone. Keep it safe, then contact your coordinator.",
    ),
    Code.RESCUE_NOT_ENROLLED: Label(
        "Daftarkan dulu ponsel ini dengan kode dari koordinator, lalu ambil kembali catatannya.",
        "First enrol this phone with a code from your coordinator, then bring the records back.",
    ),
    Code.TUS_UNSUPPORTED: Label(
        "Server hanya menerima unggahan menurut tus 1.0.0. Perbarui aplikasi, lalu coba lagi.",
        "The server takes uploads by tus 1.0.0 only. Update the app, then try again.",
    ),
    Code.UPLOAD_MALFORMED: Label(
        "Server tidak memahami permintaan unggahan ini. Perbarui aplikasi, lalu coba lagi.",
        "The server does not understand this upload request. Update the app, then try again.",
    ),
    Code.UPLOAD_TYPE_WRONG: Label(
        "Isi unggahan harus dikirim sebagai application/offset+octet-stream. Perbarui aplikasi, lalu coba lagi.",
        "An upload's content has to be sent as application/offset+octet-stream. Update the app, then try again.",
    ),
    Code.UPLOAD_UNKNOWN: Label(
        "Unggahan ini tidak ada di server. Aplikasi akan memulainya lagi.",
        "The server has no such upload. The app will begin it again.",
    ),
    Code.UPLOAD_EXPIRED: Label(
        "Unggahan ini terlalu lama terhenti dan sudah dihapus server. Aplikasi akan memulainya lagi.",
        "This upload stood still for too long and the server has removed it. The app will begin it again.",
    ),
    Code.UPLOAD_BUSY: Label(
        "Unggahan ini sedang dilanjutkan dari tempat lain. Tunggu sebentar, lalu coba lagi.",
        "This upload is being continued elsewhere. Wait a moment, then try again.",
    ),
    Code.UPLOAD_OFFSET_WRONG: Label(
        "Server sudah menerima bagian lain dari unggahan ini. Aplikasi akan melanjutkan dari tempat yang benar.",
        "The server has another part of this upload already. The app will go on from the right place.",
    ),
    Code.UPLOAD_CHECKSUM_WRONG: Label(
        "Potongan foto ini rusak di perjalanan dan tidak disimpan. Aplikasi akan mengirimnya lagi.",
        "This piece of the photo was damaged on its way and was not kept. The app will send it again.",
    ),
    Code.TOO_MANY_UPLOADS: Label(
        "Terlalu banyak unggahan yang belum selesai. Selesaikan dulu yang sedang berjalan, lalu coba lagi.",
        "Too many uploads are unfinished. Finish those under way first, then try again.",
    ),
    Code.PHOTO_NOT_NAMED: Label(
        "Belum ada catatan Anda di server yang memuat foto ini. Kirim catatannya dulu, lalu fotonya.",
        "The server has no record of yours with this photo. Send the record first, then the photo.",
    ),
    Code.PHOTO_TOO_LARGE: Label(
        "Berkas foto ini terlalu besar untuk server. Ambil lagi fotonya lewat aplikasi, supaya diperkecil.",
        "This photo's file is too large for the server. Take it again in the app, which makes it small.",
    ),
    Code.PHOTO_DIGEST_WRONG: Label(
        "Foto yang sampai tidak sama dengan yang dikirim, jadi tidak disimpan. Aplikasi akan mengirimnya lagi.",
        "The photo that arrived is not the one that was sent, so it was not kept. The app will send it again.",
    ),
    Code.PHOTO_REFUSED: Label(
        "Server tidak dapat menerima berkas ini sebagai foto. Ambil lagi fotonya lewat aplikasi.",
        "The server cannot take this file as a photo. Take the photo again in the app.",
    ),
    Code.PHOTO_UNKNOWN: Label(
        "Foto ini belum ada di server, atau bukan untuk wilayah Anda.",
        "This photo is not on the server yet, or is not of your region.",
    ),
    Code.PHOTO_UNREADABLE: Label(
        "Foto ini rusak atau tidak terbaca di ponsel ini. Pilih foto lain, atau potret lagi.",
        "This photo is damaged, or this phone cannot read it. Choose another one, or take it again.",
    ),
    Code.PHOTO_HEIC: Label(
        "Foto ini berformat HEIC, yang tidak bisa dibuka di sini. Potret langsung dari aplikasi ini, atau atur kamera "
        "ponsel ke JPEG (di iPhone: Pengaturan > Kamera > Format > Paling Kompatibel), lalu potret lagi.",
        "This photo is in HEIC format, which cannot be opened here. Take it from within this app, or set the phone's "
        "camera to JPEG (on iPhone: Settings > Camera > Formats > Most Compatible) and take it again.",
    ),
    Code.PHOTO_EMPTY: Label(
        "Berkas foto ini kosong; mungkin belum selesai diunduh ke ponsel. Buka dulu di galeri, atau pilih foto lain.",
        "This photo's file is empty; it may not be on the phone yet. Open it in the gallery first, or choose another.",
    ),
    Code.PHOTO_IS_NONE: Label(
        "Berkas ini bukan foto. Pilih foto (JPEG, PNG, atau WebP), atau potret langsung dari aplikasi ini.",
        "This file is no photo. Choose a photo (JPEG, PNG or WebP), or take one from within this app.",
    ),
    Code.PHOTO_NO_ROOM: Label(
        "Penyimpanan ponsel penuh, jadi foto ini BELUM tersimpan. Isian lainnya tetap aman. Hapus foto, video, atau "
        "aplikasi yang tidak dipakai, lalu ambil foto ini lagi.",
        "The phone's storage is full, so this photo is NOT saved. All other answers are safe. Delete photos, videos or "
        "apps you do not need, then take this photo again.",
    ),
    Code.PHOTO_NOT_KEPT: Label(
        "Ponsel gagal menyimpan foto ini. Isian lainnya tetap aman. Ambil foto ini sekali lagi.",
        "The phone failed to save this photo. All other answers are safe. Take this photo once more.",
    ),
}


def sentence(code: str, language: str, **values: str) -> str:
    """Return the sentence of a code in a language (`id` or `en`); an unknown code yields the general sentence."""
    known = Code(code) if code in set(Code) else Code.SERVER_ERROR
    return SENTENCES[known].within(language).format_map(_Gaps(values))


class _Gaps(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "?"


@dataclass(frozen=True)
class Problem:
    """Problem details (RFC 9457) with a stable code. `where`: dotted path into the request, when there is one."""

    code: str
    status: int
    title: str
    detail: str = ""
    type: str = "about:blank"
    where: str = ""
    retry_after: int = 0
