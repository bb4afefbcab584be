"""The words of *Bukti terima*: a receipt opened, and passed on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ReceiptTexts:
    """Their texts in one language. `message_…`: of the text that is shared."""

    title: str
    number: str
    received: str
    by: str
    count: str
    writes: str
    open: str
    unknown: str
    seal_sound: str
    seal_unchecked: str
    seal_broken: str
    match_same: str
    match_other: str
    match_partly: str
    contents: str
    gone: str
    more: str
    digest_of: str
    digest: str
    digest_help: str
    check: str
    check_help: str
    qr: str
    share: str
    copy: str
    share_help: str
    picture: str
    picture_making: str
    picture_made: str
    message_title: str
    message_received: str
    message_by: str
    message_check: str


INDONESIAN = ReceiptTexts(
    title="Bukti terima",
    number="Bukti terima No. {number}",
    received="Diterima server {time} WITA",
    by="Dikirim oleh {name}",
    count="{writes} perubahan pada {records} catatan",
    writes="{writes} perubahan",
    open="Lihat bukti terima",
    unknown="Bukti terima ini tidak ada di ponsel ini. Bukti terima disimpan selama 90 hari.",
    seal_sound="Tanda tangan server sah. Ponsel ini sudah memeriksanya sendiri.",
    seal_unchecked="Tanda tangan belum diperiksa karena kunci server belum ada di ponsel ini. Begitu ada sinyal, kuncinya diambil otomatis.",
    seal_broken="Tanda tangan server TIDAK sah. Jangan dipakai sebagai bukti; hubungi koordinator Anda.",
    match_same="Yang diterima server sama persis dengan yang dikirim dari ponsel ini.",
    match_other="Yang diterima server BERBEDA dengan yang dikirim dari ponsel ini. Hubungi koordinator Anda.",
    match_partly="{n} perubahan sudah tidak disimpan di ponsel ini, jadi isinya tidak bisa dicocokkan lagi.",
    contents="Yang diterima",
    gone="Sudah tidak ada di ponsel ini",
    more="dan {n} catatan lagi",
    digest_of="Sidik: {digests}",
    digest="Sidik bukti",
    digest_help="Sidik dihitung dari isi saat dikirim. Satu huruf saja berubah, sidiknya lain. Sidik yang sama tampil di halaman server.",
    check="Periksa di server",
    check_help="Siapa saja bisa memindai kode ini untuk memastikan bukti ini asli. Halamannya tidak memuat nama dan isi catatan.",
    qr="Kode QR halaman bukti terima",
    share="Bagikan",
    copy="Salin",
    share_help="Teks dan gambarnya memuat nama Anda dan judul catatannya.",
    picture="Simpan gambar",
    picture_making="Membuat gambar …",
    picture_made="Gambarnya ada di {name}. Carilah di folder Unduhan (Download).",
    message_title="Bukti terima Lumbung No. {number}",
    message_received="Diterima server: {time} WITA",
    message_by="Dikirim oleh: {name}",
    message_check="Periksa keasliannya: {address}",
)

ENGLISH = ReceiptTexts(
    title="Receipt",
    number="Receipt no. {number}",
    received="Received by the server {time} WITA",
    by="Sent by {name}",
    count="Changes: {writes} · records: {records}",
    writes="Changes: {writes}",
    open="Show the receipt",
    unknown="This receipt is not on this phone. Receipts are kept for 90 days.",
    seal_sound="The server's signature is valid. This phone has checked it by itself.",
    seal_unchecked="The signature is not checked yet, because this phone does not have the server's key. It is fetched by itself once there is a signal.",
    seal_broken="The server's signature is NOT valid. Do not use this as proof; tell your coordinator.",
    match_same="What the server received is exactly what this phone sent.",
    match_other="What the server received is NOT what this phone sent. Tell your coordinator.",
    match_partly="Changes no longer kept on this phone: {n}. So the contents cannot be compared any more.",
    contents="What was received",
    gone="No longer on this phone",
    more="more records: {n}",
    digest_of="Fingerprint: {digests}",
    digest="Fingerprint of the receipt",
    digest_help="Fingerprints are made of the contents as sent. Change a single letter, and the fingerprint is another one. The server's page shows the same.",
    check="Check on the server",
    check_help="Anybody can scan this code to make sure that the receipt is genuine. The page shows neither names nor contents.",
    qr="QR code of the receipt's page",
    share="Share",
    copy="Copy",
    share_help="Text and picture hold your name and the titles of the records.",
    picture="Save a picture",
    picture_making="Making the picture …",
    picture_made="The picture is in {name}. Look for it in the Downloads folder.",
    message_title="Lumbung receipt no. {number}",
    message_received="Received by the server: {time} WITA",
    message_by="Sent by: {name}",
    message_check="Check that it is genuine: {address}",
)
