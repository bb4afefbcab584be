"""The words of a phone that several people use, and of the PIN."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SharingTexts:
    """Their texts in one language."""

    # Whose store to open
    chooser_title: str
    chooser_help: str
    chooser_invited: str
    chooser_password: str
    unnamed: str
    unnamed_help: str
    add: str

    # Coming from somebody's store
    title: str
    lead: str
    also_here: str
    switch: str
    used_by: str
    for_another: str
    adding: str
    not_saved: str
    sign_out_help: str

    # The PIN that is asked for
    pin_title: str
    pin: str
    pin_open: str
    pin_missing: str
    pin_wrong: str
    pin_wait: str
    pin_sends: str
    pin_forgotten: str
    pin_forgotten_title: str
    pin_forgotten_help: str
    pin_back: str

    # The PIN in the settings
    pin_section: str
    pin_lead: str
    pin_on: str
    pin_set: str
    pin_change: str
    pin_limits: str
    pin_now: str
    pin_new: str
    pin_again: str
    pin_unfit: str
    pin_differ: str
    pin_save: str
    pin_saved: str
    pin_remove: str
    pin_removed: str


INDONESIAN = SharingTexts(
    chooser_title="Siapa yang memakai Lumbung?",
    chooser_help="Pilih nama Anda. Catatan tiap orang tersimpan terpisah di ponsel ini.",
    chooser_invited="Anda membuka undangan. Kalau nama Anda ada di bawah ini, pilih nama itu. Kalau nama Anda belum ada, ketuk “Tambah orang”.",
    chooser_password="Anda membuka tautan kata sandi. Pilih nama Anda. Kalau nama Anda belum ada, ketuk “Tambah orang”.",
    unnamed="Data yang tidak dapat dibuka",
    unnamed_help="Pilih untuk melihat sebabnya. Tidak ada yang dihapus.",
    add="Tambah orang",
    title="Pemakai ponsel ini",
    lead="Ponsel dipakai bergantian? Catatan, kiriman, dan PIN tiap orang terpisah. Pasang PIN supaya catatan Anda tidak dibuka pemakai lain.",
    also_here="Juga memakai ponsel ini: {names}",
    switch="Ganti orang",
    used_by="Ponsel ini dipakai {name}. Kodenya untuk orang lain? Ketuk “Tambah orang”; catatannya akan tersimpan terpisah.",
    for_another="Kode atau akun ini milik orang lain. Catatan {name} tetap tersimpan dan tidak berubah. Ketuk “Tambah orang” supaya orang itu punya catatan sendiri di ponsel ini.",
    adding="Orang baru di ponsel ini. Catatan orang lain tetap tersimpan dan terpisah.",
    not_saved="Yang baru Anda ketik belum berhasil disimpan, jadi belum bisa berganti orang. Coba lagi.",
    sign_out_help="Semua sudah terkirim, jadi tidak ada yang hilang. Untuk masuk lagi Anda perlu kode baru atau kata sandi. Catatan orang lain di ponsel ini tidak berubah.",
    pin_title="Masukkan PIN",
    pin="PIN",
    pin_open="Buka",
    pin_missing="Isi PIN dulu.",
    pin_wrong="PIN salah. Coba lagi.",
    pin_wait="Terlalu banyak PIN yang salah. Coba lagi dalam {time}.",
    pin_sends="Meskipun PIN belum dimasukkan, catatan yang belum terkirim tetap dikirim.",
    pin_forgotten="Lupa PIN",
    pin_forgotten_title="Lupa PIN?",
    pin_forgotten_help="Kader: minta kode baru atas nama Anda kepada koordinator. Koordinator: masuk dengan kata sandi. Setelah itu PIN dihapus dan semua catatan tampil lagi, termasuk yang belum terkirim.",
    pin_back="Kembali ke PIN",
    pin_section="PIN",
    pin_lead="Minta PIN sebelum catatan Anda ditampilkan.",
    pin_on="PIN aktif.",
    pin_set="Buat PIN",
    pin_change="Ganti atau hapus PIN",
    pin_limits="PIN diminta saat Lumbung dibuka, saat berganti orang, dan setelah 10 menit tidak dipakai. PIN menjaga catatan dari orang yang meminjam atau melirik ponsel ini. PIN tidak mengenkripsi data: orang yang mahir dan memegang ponsel ini masih bisa membacanya.",
    pin_now="PIN sekarang",
    pin_new="PIN baru",
    pin_again="Ulangi PIN baru",
    pin_unfit="PIN terdiri dari 4 sampai 8 angka.",
    pin_differ="Kedua PIN baru tidak sama.",
    pin_save="Simpan PIN",
    pin_saved="PIN tersimpan.",
    pin_remove="Hapus PIN",
    pin_removed="PIN dihapus.",
)

ENGLISH = SharingTexts(
    chooser_title="Who is using Lumbung?",
    chooser_help="Choose your name. Everybody's records are kept apart on this phone.",
    chooser_invited="You opened an invitation. If your name is below, choose it. If not, tap “Add a person”.",
    chooser_password="You opened a link that sets a password. Choose your name. If it is not here, tap “Add a person”.",
    unnamed="Data that cannot be opened",
    unnamed_help="Choose it to see why. Nothing is deleted.",
    add="Add a person",
    title="Who uses this phone",
    lead="Do several people use this phone? Each has records, sending and a PIN of their own. Set a PIN so that nobody else on this phone opens your records.",
    also_here="Also using this phone: {names}",
    switch="Switch person",
    used_by="{name} uses this phone. Is the code for somebody else? Tap “Add a person”; their records are kept apart.",
    for_another="This code or account is somebody else's. The records of {name} are still here, unchanged. Tap “Add a person” so that they have records of their own on this phone.",
    adding="Somebody new on this phone. The records of others stay here, kept apart.",
    not_saved="What you typed last could not be saved yet, so you cannot switch now. Try again.",
    sign_out_help="Everything has been sent, so nothing gets lost. To sign in again you need a new code or your password. The records of others on this phone stay as they are.",
    pin_title="Enter your PIN",
    pin="PIN code",
    pin_open="Open",
    pin_missing="Enter the PIN first.",
    pin_wrong="Wrong PIN. Try again.",
    pin_wait="Too many wrong PINs. Try again in {time}.",
    pin_sends="While the PIN is asked for, records that were not sent yet are still being sent.",
    pin_forgotten="Forgot the PIN",
    pin_forgotten_title="Forgot your PIN?",
    pin_forgotten_help="Cadres: ask your coordinator for a new code in your name. Coordinators: sign in with your password. After that the PIN is gone and all records are shown again, with those that were not sent.",
    pin_back="Back to the PIN",
    pin_section="PIN code",
    pin_lead="Ask for a PIN before your records are shown.",
    pin_on="A PIN is set.",
    pin_set="Set a PIN",
    pin_change="Change or remove the PIN",
    pin_limits="The PIN is asked for when Lumbung is opened, when somebody else takes over, and after 10 minutes without use. It keeps out people who borrow this phone or glance at it. It does not encrypt: whoever has this phone and knows how can still read the data.",
    pin_now="Current PIN",
    pin_new="New PIN",
    pin_again="New PIN again",
    pin_unfit="A PIN has 4 to 8 digits.",
    pin_differ="The two new PINs are not the same.",
    pin_save="Save the PIN",
    pin_saved="The PIN was saved.",
    pin_remove="Remove the PIN",
    pin_removed="The PIN was removed.",
)
