"""The words of the public product catalogue, and of sharing what it shows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ProductTexts:
    """Their texts in one language. `stands_…`: by the codes of `products.Standing`, in lists; `why_…`: in a sentence."""

    title: str
    lead: str
    as_of: str
    address_title: str
    address_help: str
    address_qr: str
    off: str
    share_page: str
    copy_page: str
    shown_title: str
    shown: str
    shown_none: str
    left_title: str
    many: str
    stands_no_consent: str
    stands_no_photo: str
    stands_unverified: str
    stands_returned: str
    stands_disputed: str
    stands_not_arrived: str
    withdraw_help: str

    # In an opened photo session
    public: str
    find: str
    share: str
    copy: str
    none_shown: str
    why_no_consent: str
    why_no_photo: str
    why_unverified: str
    why_returned: str
    why_disputed: str


INDONESIAN = ProductTexts(
    title="Katalog produk",
    lead="Halaman umum berisi produk UMK yang sudah diverifikasi dan disetujui pemiliknya.",
    as_of="Server tidak dapat dihubungi. Yang tampil data per {time}.",
    address_title="Halaman katalog",
    address_help="Siapa saja dapat membuka halaman ini tanpa aplikasi: pindai kodenya, atau bagikan tautannya.",
    address_qr="Kode QR halaman katalog",
    off="Katalog untuk umum sedang dimatikan di server ini.",
    share_page="Bagikan",
    copy_page="Salin tautan",
    shown_title="Yang tampil",
    shown="{n} produk tampil di katalog",
    shown_none="Belum ada produk yang tampil. Verifikasi sesi foto produk yang pemiliknya sudah setuju.",
    left_title="Yang belum tampil",
    many="1.000+",
    stands_no_consent="{n} sesi foto tanpa persetujuan pemilik",
    stands_no_photo="{n} sesi tanpa foto produk",
    stands_unverified="{n} sesi foto belum diverifikasi, atau berubah setelahnya",
    stands_returned="{n} sesi foto dikembalikan ke kader",
    stands_disputed="{n} sesi foto masih bentrok",
    stands_not_arrived="{n} sesi yang fotonya belum sampai di server",
    withdraw_help="Begitu pemilik mencabut persetujuan, kembalikan kegiatannya dan minta pencatatnya mengubah isian persetujuan. Produk hilang dari katalog setelah keputusan Anda sampai di server.",
    public="Tampil di katalog produk, dan boleh dibagikan.",
    find="Bagikan produk",
    share="Bagikan",
    copy="Salin",
    none_shown="Belum ada yang dapat dibagikan: fotonya belum sampai di server, atau katalog sedang dimatikan.",
    why_no_consent="Tidak tampil di katalog produk: pemilik belum menyetujui.",
    why_no_photo="Belum tampil di katalog produk: belum ada foto produk.",
    why_unverified="Belum tampil di katalog produk: menunggu verifikasi koordinator.",
    why_returned="Belum tampil di katalog produk: dikembalikan oleh koordinator.",
    why_disputed="Belum tampil di katalog produk: masih ada bentrok.",
)

ENGLISH = ProductTexts(
    title="Product catalogue",
    lead="A public page of products that were verified and whose owners agreed.",
    as_of="The server cannot be reached. This is how it stood at {time}.",
    address_title="The catalogue's page",
    address_help="Anybody can open this page without the app: scan the code, or share the link.",
    address_qr="QR code of the catalogue's page",
    off="The public catalogue is switched off on this server.",
    share_page="Share",
    copy_page="Copy the link",
    shown_title="What is shown",
    shown="Products in the catalogue: {n}",
    shown_none="No products are shown yet. Verify product photo sessions whose owners agreed.",
    left_title="What is not shown yet",
    many="1,000+",
    stands_no_consent="Photo sessions without the owner's consent: {n}",
    stands_no_photo="Sessions without a product photo: {n}",
    stands_unverified="Photo sessions not verified, or changed since: {n}",
    stands_returned="Photo sessions returned to the cadre: {n}",
    stands_disputed="Photo sessions with a conflict: {n}",
    stands_not_arrived="Sessions whose photos have not reached the server: {n}",
    withdraw_help="When an owner withdraws consent, return the activity and ask who recorded it to change that answer. The product leaves the catalogue once your decision is on the server.",
    public="Shown in the product catalogue, and free to share.",
    find="Share products",
    share="Share",
    copy="Copy",
    none_shown="Nothing to share yet: the photos have not reached the server, or the catalogue is switched off.",
    why_no_consent="Not in the product catalogue: the owner has not agreed.",
    why_no_photo="Not in the product catalogue yet: there is no product photo.",
    why_unverified="Not in the product catalogue yet: it waits for the coordinator.",
    why_returned="Not in the product catalogue yet: the coordinator returned it.",
    why_disputed="Not in the product catalogue yet: there is a conflict.",
)
