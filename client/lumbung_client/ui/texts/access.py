"""The words of the locked screen, and of the screens on which coordinators look after people and their phones."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class AccessTexts:
    """Their texts in one language."""

    # A locked phone
    locked_title: str
    locked_why: str
    locked_waiting: str
    locked_nothing_waits: str
    locked_way_out: str
    locked_sign_in: str
    locked_moved: str

    # Handing over from a locked phone
    hand_over_title: str
    hand_over_help: str
    hand_over: str
    hand_over_again: str
    handing_over: str
    handed_waiting: str
    handed_accepted: str
    handed_refused: str
    handed_stays: str

    # People
    people_title: str
    people_lead: str
    people_open: str
    people_search: str
    people_search_help: str
    people_count: str
    people_none: str
    people_none_help: str
    people_offline: str
    person_open: str
    person_gone: str

    # An invitation
    invite_title: str
    invite: str
    invite_again: str
    inviting: str
    invite_help: str
    not_invitable: str
    invite_scan: str
    invite_qr: str
    invite_until: str
    invite_once: str
    invite_share: str
    invite_copy: str
    invite_message: str

    # Phones
    phones_title: str
    phones_none: str
    phones_none_help: str
    phones_revoked: str
    phones_count: str
    phone_unnamed: str
    phone_since: str
    phone_seen: str
    phone_revoked: str
    revoke: str
    revoke_question: str
    revoke_help: str
    revoked_done: str

    allow_handover: str
    allow_handover_question: str
    allow_handover_help: str
    handover_allowed: str
    handover_allowed_done: str

    # What waits for a coordinator
    handovers_title: str
    handovers_open: str
    handovers_lead: str
    handovers_none: str
    handovers_none_help: str
    handover_from: str
    handover_records: str
    handover_more: str
    handover_untitled: str
    handover_number: str
    release: str
    release_question: str
    release_help: str
    released_done: str
    released_partly: str
    discard: str
    discard_question: str
    discard_help: str
    discard_reason: str
    discard_reason_missing: str
    discarded_done: str

    # A grant that has ended
    grant_ended: str
    grant_ended_short: str

    # What was erased on request
    erased_answer: str


INDONESIAN = AccessTexts(
    locked_title="Lumbung di ponsel ini terkunci",
    locked_why="Izin ponsel ini sudah dicabut, misalnya karena dilaporkan hilang atau karena Anda keluar dari semua perangkat. Selama terkunci, tidak ada catatan yang ditampilkan.",
    locked_waiting="Tidak ada yang hilang. Yang belum terkirim dan tetap tersimpan di ponsel ini: {records} catatan dan {photos} foto.",
    locked_nothing_waits="Tidak ada yang hilang: semua catatan di ponsel ini sudah terkirim.",
    locked_way_out="Hubungi koordinator Anda dan minta kode baru atas nama Anda. Setelah kodenya dimasukkan, semua catatan tampil lagi dan yang belum terkirim langsung dikirim.",
    locked_sign_in="Masuk lagi dengan nama pengguna dan kata sandi Anda. Sesudahnya semua catatan tampil lagi dan yang belum terkirim langsung dikirim.",
    locked_moved="Baru saja memasang Lumbung di layar utama? Buka Lumbung dari ikonnya; di sana tidak terkunci.",
    hand_over_title="Serahkan catatan",
    hand_over_help="Ponsel ini tidak bisa didaftarkan lagi? Catatan yang belum terkirim dapat diserahkan kepada koordinator. Minta koordinator mengizinkannya lebih dulu.",
    hand_over="Serahkan ke koordinator",
    hand_over_again="Lihat hasilnya",
    handing_over="Menyerahkan…",
    handed_waiting="Sudah diserahkan dan menunggu diperiksa koordinator: {n} catatan. Nomor serah terima {number}, {time} WITA.",
    handed_accepted="Sudah diterima koordinator dan tersimpan di server: {n} catatan.",
    handed_refused="Tidak diterima: {n} catatan. Catatan itu tetap tersimpan di ponsel ini; tanyakan kepada koordinator.",
    handed_stays="Draf dan foto tidak ikut diserahkan. Foto terkirim setelah ponsel ini didaftarkan lagi, jadi jangan hapus Lumbung dari ponsel ini.",
    people_title="Orang",
    people_lead="Lihat siapa yang bertugas di wilayah Anda dan ponsel yang mereka pakai, undang mereka, atau cabut izin ponsel yang hilang.",
    people_open="Buka daftar orang",
    people_search="Cari orang",
    people_search_help="Nama, lembaga, atau wilayahnya",
    people_count="{n} orang",
    people_none="Belum ada kader atau koordinator",
    people_none_help="Belum ada yang bertugas di wilayah Anda. Daftar orang diisi oleh administrator.",
    people_offline="Server tidak dapat dihubungi. Bagian ini memerlukan internet. Coba lagi saat ada sinyal.",
    person_open="Buka",
    person_gone="Orang ini tidak ada di daftar wilayah Anda.",
    invite_title="Undangan",
    invite="Undang",
    invite_again="Buat kode baru",
    inviting="Membuat kode…",
    invite_help="Buat kode untuk mendaftarkan satu ponsel atas nama orang ini. Ponsel yang sudah terdaftar tetap bisa dipakai.",
    not_invitable="Orang ini juga bertugas di luar wilayah Anda atau setingkat dengan Anda. Undangan untuknya dibuat oleh koordinator di atas Anda.",
    invite_scan="Minta {name} memindai kode ini dengan kamera ponselnya, atau kirim tautannya.",
    invite_qr="Kode QR undangan",
    invite_until="Berlaku sampai {time} WITA, untuk satu ponsel.",
    invite_once="Berikan hanya kepada orangnya: siapa pun yang memegang kode ini bisa masuk atas namanya. Setelah Lumbung ditutup, kode ini tidak tampil lagi.",
    invite_share="Bagikan",
    invite_copy="Salin undangan",
    invite_message="Halo, Bapak/Ibu {name}. Ini undangan Anda untuk Lumbung. Buka tautan ini di ponsel Anda:\n{link}\nAtau ketik kode ini di Lumbung: {code}\nBerlaku sampai {time} WITA, untuk satu ponsel. Jangan diteruskan kepada orang lain.",
    phones_title="Ponsel",
    phones_none="Belum ada ponsel",
    phones_none_help="Belum ada ponsel yang terdaftar. Undang dulu orang ini.",
    phones_revoked="Izin ponselnya sudah dicabut",
    phones_count="{n} ponsel, terakhir tersambung {time}",
    phone_unnamed="Ponsel tanpa nama",
    phone_since="Terdaftar sejak {time}",
    phone_seen="Terakhir tersambung {time}",
    phone_revoked="Izin dicabut {time}",
    revoke="Cabut izin",
    revoke_question="Cabut izin ponsel {name} ini?",
    revoke_help="Begitu ponsel itu tersambung, Lumbung di sana terkunci dan tidak menampilkan catatan apa pun. Yang belum terkirim tidak hilang: tetap tersimpan di ponsel itu, dan terkirim setelah orangnya memasukkan kode baru dari Anda. Kode yang belum dipakai tidak berlaku lagi.",
    revoked_done="Izin ponsel itu sudah dicabut.",
    allow_handover="Izinkan serah terima",
    allow_handover_question="Izinkan ponsel {name} ini menyerahkan catatannya?",
    allow_handover_help="Pilih ini hanya kalau ponsel itu masih dipegang orangnya. Selama tujuh hari, catatan yang belum terkirim bisa diserahkan dari layar yang terkunci. Tidak ada yang langsung masuk: Anda memeriksanya dulu di Serah terima.",
    handover_allowed="Boleh menyerahkan catatan sampai {time}",
    handover_allowed_done="Sekarang orangnya bisa mengetuk “Serahkan ke koordinator” di ponsel itu.",
    handovers_title="Serah terima",
    handovers_open="Serah terima menunggu: {n}",
    handovers_lead="Catatan dari ponsel yang izinnya dicabut. Belum dihitung dan belum tampil di daftar kegiatan sampai Anda menerimanya.",
    handovers_none="Tidak ada yang menunggu",
    handovers_none_help="Catatan yang diserahkan dari ponsel terkunci akan tampil di sini. Sekarang tidak ada yang perlu Anda putuskan.",
    handover_from="Dari {phone}, diserahkan {time}",
    handover_records="{n} catatan",
    handover_more="dan {n} catatan lagi",
    handover_untitled="Tanpa judul",
    handover_number="Nomor serah terima {number}",
    release="Terima",
    release_question="Terima {n} catatan dari {name}?",
    release_help="Catatan ini disimpan atas nama {name}, seolah-olah dikirim dari ponselnya sendiri. Terima hanya kalau Anda yakin memang {name} yang mencatatnya.",
    released_done="Diterima: {n} catatan sudah tersimpan.",
    released_partly="Tersimpan: {n} perubahan. Ditolak: {refused}. Alasan: {why}",
    discard="Tolak",
    discard_question="Tolak catatan dari {name}?",
    discard_help="Catatan ini tidak disimpan dan dihapus dari server setelah 30 hari. Di ponsel asalnya catatan itu tetap ada.",
    discard_reason="Alasan",
    discard_reason_missing="Isi alasannya dulu.",
    discarded_done="Serah terima ditolak.",
    grant_ended="Pencatatnya tidak lagi bertugas di wilayah ini ketika catatan ini sampai di server. Catatan tetap dihitung.",
    grant_ended_short="Pencatat sudah tidak bertugas di wilayah ini",
    erased_answer="Dihapus atas permintaan",
)

ENGLISH = AccessTexts(
    locked_title="Lumbung is locked on this phone",
    locked_why="This phone's permission has been withdrawn, for instance because it was reported lost, or because you signed out everywhere. While it is locked, no records are shown.",
    locked_waiting="Nothing is lost. Not sent yet, and still kept on this phone: {records:record|records} and {photos:photo|photos}.",
    locked_nothing_waits="Nothing is lost: all records on this phone have been sent.",
    locked_way_out="Contact your coordinator and ask for a new code in your name. Once you have entered it, all records are shown again, and what was not sent is sent at once.",
    locked_sign_in="Sign in again with your login name and password. After that all records are shown again, and what was not sent is sent at once.",
    locked_moved="Have you just installed Lumbung on the home screen? Open it from its icon; it is not locked there.",
    hand_over_title="Hand-over",
    hand_over_help="Can this phone not be enrolled again? Records that were not sent can be handed over to your coordinator. Ask them to allow it first.",
    hand_over="Hand over to coordinator",
    hand_over_again="See the result",
    handing_over="Handing over…",
    handed_waiting="Handed over, waiting for your coordinator to check: {n:record|records}. Hand-over number {number}, {time} WITA.",
    handed_accepted="Accepted by your coordinator and stored on the server: {n:record|records}.",
    handed_refused="Not accepted: {n:record|records}. {n:~It stays|They stay} on this phone; ask your coordinator.",
    handed_stays="Drafts and photos are not handed over. Photos are sent once this phone is enrolled again, so do not remove Lumbung from it.",
    people_title="People",
    people_lead="See who works in your region and on which phones, invite them, or withdraw the permission of a lost phone.",
    people_open="Open the list of people",
    people_search="Find people",
    people_search_help="By name, work or region",
    people_count="{n:person|people}",
    people_none="No people yet",
    people_none_help="Nobody works in your region yet. The list of people is filled in by the administrator.",
    people_offline="The server cannot be reached. This part needs the internet. Try again when there is a signal.",
    person_open="Open",
    person_gone="This person is not on the list of your region.",
    invite_title="Invitation",
    invite="Invite",
    invite_again="Make a new code",
    inviting="Making a code…",
    invite_help="Make a code that enrols one phone in this person's name. Phones that are enrolled already can still be used.",
    not_invitable="This person also works outside your region, or on the same level as you. They must be invited by a coordinator above you.",
    invite_scan="Let {name} scan this code with the phone's camera, or send the link.",
    invite_qr="QR code of the invitation",
    invite_until="Good until {time} WITA, for one phone.",
    invite_once="Give it to nobody but that person: whoever has this code can come in under their name. Once Lumbung is closed, it is not shown again.",
    invite_share="Share",
    invite_copy="Copy the invitation",
    invite_message="Hello {name}, this is your invitation to Lumbung. Open this link on your phone:\n{link}\nOr type this code into Lumbung: {code}\nIt is good until {time} WITA, for one phone. Do not pass it on.",
    phones_title="Phones",
    phones_none="No phone yet",
    phones_none_help="No phone is enrolled yet. Invite this person first.",
    phones_revoked="Permission of the phone withdrawn",
    phones_count="{n:phone|phones}, last connected {time}",
    phone_unnamed="Unnamed phone",
    phone_since="Enrolled on {time}",
    phone_seen="Last connected {time}",
    phone_revoked="Permission withdrawn {time}",
    revoke="Withdraw permission",
    revoke_question="Withdraw the permission of this phone of {name}?",
    revoke_help="As soon as that phone connects, Lumbung is locked there and shows no records at all. What was not sent is not lost: it stays on the phone, and is sent once the person enters a new code from you. Codes that were not used yet no longer work.",
    revoked_done="The permission of that phone was withdrawn.",
    allow_handover="Allow hand-over",
    allow_handover_question="Allow this phone of {name} to hand over its records?",
    allow_handover_help="Choose this only if that person still has the phone. For seven days, what was not sent can be handed over from the locked screen. Nothing comes in at once: you check it first, under Hand-over.",
    handover_allowed="May hand over records until {time}",
    handover_allowed_done="Now the person can tap “Hand over to coordinator” on that phone.",
    handovers_title="Hand-over",
    handovers_open="Hand-overs waiting: {n}",
    handovers_lead="Records from phones whose permission was withdrawn. They do not count and are in no feed until you accept them.",
    handovers_none="Nothing is waiting",
    handovers_none_help="What is handed over from a locked phone appears here. There is nothing for you to decide now.",
    handover_from="From {phone}, handed over {time}",
    handover_records="{n:record|records}",
    handover_more="and {n} more",
    handover_untitled="Untitled",
    handover_number="Hand-over number {number}",
    release="Accept",
    release_question="Accept {n:record|records} of {name}?",
    release_help="They are stored in the name of {name}, as if sent from their own phone. Accept them only if you are sure that {name} recorded them.",
    released_done="Accepted: {n:record is|records are} stored.",
    released_partly="Stored: {n:change|changes}. Rejected: {refused}. Reason: {why}",
    discard="Reject",
    discard_question="Reject the records of {name}?",
    discard_help="They are not stored, and removed from the server after 30 days. On the phone they came from they stay.",
    discard_reason="Reason",
    discard_reason_missing="Enter a reason first.",
    discarded_done="The hand-over was rejected.",
    grant_ended="Its author no longer worked in this region when the record reached the server. It counts all the same.",
    grant_ended_short="The author no longer works in this region",
    erased_answer="Erased on request",
)
