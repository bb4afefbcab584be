"""The words of reviewing: where an activity stands with its coordinators, judging, comments, history."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ReviewTexts:
    """Their texts in one language."""

    # Where an activity stands, for everybody, then what that means for its author and for who judges
    received: str
    verified: str
    changed: str
    returned: str
    corrected: str
    explain_received: str
    explain_verified: str
    explain_changed: str
    explain_returned: str
    explain_corrected: str
    judge_received: str
    judge_verified: str
    judge_changed: str
    judge_returned: str
    judge_corrected: str

    # A judgement
    title: str
    verified_by: str
    returned_by: str
    also_said: str
    reason: str
    reason_erased: str
    concerned: str
    go_to: str

    # Judging
    verify: str
    give_back: str
    verified_done: str
    returned_done: str
    nothing_judged: str
    settle_first: str
    return_question: str
    return_many_question: str
    return_help: str
    return_reason: str
    return_reason_missing: str
    return_fields: str

    # Several at once
    pick: str
    pick_one: str
    picked: str
    pick_all: str
    pick_none: str
    verify_question: str
    verify_help: str
    verified_many: str
    returned_many: str
    left_out: str
    keys: str

    # Comments
    comments: str
    comments_none: str
    comment: str
    comment_send: str
    comment_sent: str
    comment_take_back: str
    comment_taken_back: str
    talked: str

    # History
    history: str
    history_show: str
    history_hide: str
    history_busy: str
    history_offline: str
    step_recorded: str
    step_changed: str
    step_deleted: str
    step_restored: str
    step_verified: str
    step_returned: str
    step_withdrawn: str
    step_commented: str
    step_came: str
    step_answers: str
    became: str
    cleared: str
    beside: str
    row_deleted: str


INDONESIAN = ReviewTexts(
    received="Belum diperiksa",
    verified="Terverifikasi",
    changed="Berubah setelah verifikasi",
    returned="Perlu diperbaiki",
    corrected="Diperbaiki, menunggu verifikasi",
    explain_received="Koordinator belum memeriksa kegiatan ini.",
    explain_verified="Koordinator sudah memeriksa kegiatan ini dan menyatakannya benar.",
    explain_changed="Isinya berubah setelah diverifikasi. Koordinator akan memeriksanya lagi.",
    explain_returned="Koordinator mengembalikan kegiatan ini. Ketuk Perbaiki, betulkan isiannya, lalu selesaikan.",
    explain_corrected="Sudah diperbaiki. Koordinator akan memeriksanya lagi.",
    judge_received="Belum ada yang memeriksa kegiatan ini.",
    judge_verified="Isinya masih sama seperti saat diverifikasi.",
    judge_changed="Isinya berubah setelah diverifikasi dan tidak dihitung sampai diverifikasi lagi.",
    judge_returned="Menunggu perbaikan dari pencatatnya.",
    judge_corrected="Sudah diperbaiki pencatatnya. Periksa lagi.",
    title="Pemeriksaan",
    verified_by="Diverifikasi oleh {who}",
    returned_by="Dikembalikan oleh {who}",
    also_said="Pada saat yang sama:",
    reason="Alasan: {reason}",
    reason_erased="(alasan dihapus atas permintaan)",
    concerned="Yang perlu diperbaiki: {fields}",
    go_to="Ke isian: {field}",
    verify="Verifikasi",
    give_back="Kembalikan",
    verified_done="Diverifikasi. Keputusan ini terkirim otomatis.",
    returned_done="Dikembalikan. Keputusan ini terkirim otomatis.",
    nothing_judged="Tidak ada yang berubah: sudah diperiksa, atau isian yang berbeda harus diputuskan dulu.",
    settle_first="Putuskan dulu isian yang berbeda-beda, baru diverifikasi.",
    return_question="Kembalikan kegiatan ini?",
    return_many_question="Kembalikan {n} kegiatan?",
    return_help="Pencatatnya melihat alasan ini di urutan teratas dan dapat memperbaiki kegiatannya.",
    return_reason="Alasan",
    return_reason_missing="Tuliskan alasannya.",
    return_fields="Isian yang perlu diperbaiki",
    pick="Pilih beberapa",
    pick_one="Pilih {what}",
    picked="{n} dipilih",
    pick_all="Pilih semua",
    pick_none="Batal memilih",
    verify_question="Verifikasi {n} kegiatan?",
    verify_help="Yang bentrok dan yang sudah terverifikasi dilewati.",
    verified_many="{n} kegiatan diverifikasi. Keputusan ini terkirim otomatis.",
    returned_many="{n} kegiatan dikembalikan. Keputusan ini terkirim otomatis.",
    left_out="{n} dilewati.",
    keys="Papan ketik: J dan K pindah, X pilih, V verifikasi, R kembalikan, Enter buka.",
    comments="Komentar",
    comments_none="Belum ada komentar. Hanya pencatat dan koordinator yang membacanya.",
    comment="Tulis komentar",
    comment_send="Kirim komentar",
    comment_sent="Komentar terkirim otomatis.",
    comment_take_back="Tarik komentar ini",
    comment_taken_back="Komentar ditarik.",
    talked="Komentar dari {name}",
    history="Riwayat",
    history_show="Lihat riwayat",
    history_hide="Sembunyikan riwayat",
    history_busy="Memuat riwayat…",
    history_offline="Riwayat hanya dapat dilihat saat tersambung ke server.",
    step_recorded="Dicatat",
    step_changed="Diubah",
    step_deleted="Dihapus",
    step_restored="Dipulihkan",
    step_verified="Diverifikasi",
    step_returned="Dikembalikan",
    step_withdrawn="Penilaian atau komentar ditarik",
    step_commented="Komentar",
    step_came="sampai di server {time}",
    step_answers="{n} isian",
    became="{old} menjadi {new}",
    cleared="{old} dikosongkan",
    beside="juga ada: {values}",
    row_deleted="baris dihapus",
)

ENGLISH = ReviewTexts(
    received="Not reviewed yet",
    verified="Verified",
    changed="Changed after verification",
    returned="To be corrected",
    corrected="Corrected, waiting for verification",
    explain_received="No coordinator has reviewed this activity yet.",
    explain_verified="A coordinator has reviewed this activity and says it is right.",
    explain_changed="It was changed after it was verified. A coordinator will review it again.",
    explain_returned="A coordinator returned this activity. Tap Correct, put it right, then finish it.",
    explain_corrected="It was corrected. A coordinator will review it again.",
    judge_received="Nobody has reviewed this activity yet.",
    judge_verified="It is still as it was when it was verified.",
    judge_changed="It was changed after it was verified, and does not count until it is verified again.",
    judge_returned="Waiting for who recorded it to correct it.",
    judge_corrected="Who recorded it has corrected it. Review it again.",
    title="Review",
    verified_by="Verified by {who}",
    returned_by="Returned by {who}",
    also_said="At the same time:",
    reason="Reason: {reason}",
    reason_erased="(reason erased on request)",
    concerned="To be corrected: {fields}",
    go_to="Go to: {field}",
    verify="Verify",
    give_back="Return",
    verified_done="Verified. It is sent along.",
    returned_done="Returned. It is sent along.",
    nothing_judged="Nothing changed: it was reviewed already, or answers that differ have to be decided first.",
    settle_first="First decide which of the different answers hold, then verify.",
    return_question="Return this activity?",
    return_many_question="Return the chosen activities ({n})?",
    return_help="Who recorded it finds this reason at the top of their list and can correct it.",
    return_reason="Reason",
    return_reason_missing="Write the reason.",
    return_fields="Answers to be corrected",
    pick="Choose several",
    pick_one="Choose {what}",
    picked="{n} chosen",
    pick_all="Choose all",
    pick_none="Stop choosing",
    verify_question="Verify the chosen activities ({n})?",
    verify_help="Conflicts and what is verified already are left out.",
    verified_many="Activities verified: {n}. It is sent along.",
    returned_many="Activities returned: {n}. It is sent along.",
    left_out="{n} left out.",
    keys="Keyboard: J and K move, X choose, V verify, R return, Enter open.",
    comments="Comments",
    comments_none="No comments yet. Only who recorded it and the coordinators read them.",
    comment="Write a comment",
    comment_send="Send comment",
    comment_sent="The comment is sent along.",
    comment_take_back="Take this comment back",
    comment_taken_back="Comment taken back.",
    talked="Comment by {name}",
    history="History",
    history_show="Show history",
    history_hide="Hide history",
    history_busy="Loading the history…",
    history_offline="The history can only be seen while connected to the server.",
    step_recorded="Recorded",
    step_changed="Changed",
    step_deleted="Deleted",
    step_restored="Restored",
    step_verified="Verified it",
    step_returned="Returned it",
    step_withdrawn="Judgement or comment taken back",
    step_commented="Comment",
    step_came="reached the server {time}",
    step_answers="{n:answer|answers}",
    became="{old} became {new}",
    cleared="{old} cleared",
    beside="also there: {values}",
    row_deleted="row deleted",
)
