"""The words of events that were logged twice."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class DoublesTexts:
    """Their texts in one language."""

    title: str
    lead: str
    how: str
    none: str
    none_help: str
    offline: str
    found: str
    more: str

    # One pair
    choose: str
    use_these: str
    not_one: str
    joined_said: str
    apart_said: str
    signs: str
    sign_same_entry: str
    sign_same_title: str
    sign_similar_title: str
    sign_same_participants: str
    sign_similar_participants: str
    sign_same_place: str
    sign_same_rt: str
    sign_same_partners: str
    no_title: str
    unknown_author: str

    # What was decided
    decided_title: str
    one_line: str
    different_line: str
    part: str
    propose_again: str
    parted_said: str

    # On an activity
    counted_with: str
    open_stands: str
    also_title: str
    also_counts: str
    also_by: str


INDONESIAN = DoublesTexts(
    title="Kegiatan ganda",
    lead="Kegiatan yang dicatat lebih dari sekali: gabungkan supaya dihitung satu kali.",
    how="Kegiatan sejenis di kelurahan yang sama, paling jauh selisih sehari. Semua pencatat dan foto tetap tampil; hanya angkanya yang dihitung sekali.",
    none="Tidak ada kegiatan ganda",
    none_help="Kalau dua kader mencatat kegiatan yang sama, pasangannya muncul di sini. Sekarang tidak ada yang perlu Anda putuskan.",
    offline="Server tidak dapat dihubungi. Yang tampil hanya yang ada di perangkat ini.",
    found="{n} pasang mungkin kegiatan yang sama",
    more="Tampilkan pasangan lain",
    choose="Kegiatan yang sama? Pilih angka yang dihitung.",
    use_these="Satu kegiatan, pakai angka ini",
    not_one="Bukan kegiatan yang sama",
    joined_said="Dihitung sebagai satu kegiatan.",
    apart_said="Dicatat sebagai dua kegiatan yang berbeda.",
    signs="Kesamaan: {signs}",
    sign_same_entry="UMK, bank sampah, atau kelompok sama",
    sign_same_title="judul hampir sama",
    sign_similar_title="judul mirip",
    sign_same_participants="jumlah peserta sama",
    sign_similar_participants="jumlah peserta hampir sama",
    sign_same_place="tempat sama",
    sign_same_rt="RT sama",
    sign_same_partners="mitra sama",
    no_title="Tanpa judul",
    unknown_author="Nama tidak diketahui",
    decided_title="Sudah diputuskan",
    one_line="Satu kegiatan: “{stands}” dan “{counted}”. Yang dihitung: “{stands}”.",
    different_line="Dua kegiatan berbeda: “{stands}” dan “{counted}”.",
    part="Pisahkan lagi",
    propose_again="Usulkan lagi",
    parted_said="Keputusan itu dibatalkan.",
    counted_with="Koordinator menggabungkan kegiatan ini dengan “{name}”. Angka di sana yang dihitung; catatan ini tetap tersimpan.",
    open_stands="Buka kegiatan itu",
    also_title="Catatan lain tentang kegiatan ini",
    also_counts="Kegiatan ini digabungkan dengan catatan lain. Angka di halaman ini yang dihitung.",
    also_by="Juga dicatat oleh {names}",
)

ENGLISH = DoublesTexts(
    title="Logged twice",
    lead="Activities that were logged more than once: join them, and they are counted once.",
    how="Activities of one kind in the same ward or village, at most a day apart. Everybody who logged it and all photos stay; only the numbers count once.",
    none="Nothing was logged twice",
    none_help="When two cadres log the same activity, the pair shows up here. There is nothing for you to decide now.",
    offline="The server cannot be reached. This is what is on this device.",
    found="Pairs that may be the same activity: {n}",
    more="Show more pairs",
    choose="The same activity? Choose whose numbers count.",
    use_these="One activity, use these numbers",
    not_one="Not the same activity",
    joined_said="Counted as one activity.",
    apart_said="Noted as two different activities.",
    signs="In common: {signs}",
    sign_same_entry="same register entry",
    sign_same_title="nearly the same title",
    sign_similar_title="similar title",
    sign_same_participants="same number of participants",
    sign_similar_participants="nearly the same number of participants",
    sign_same_place="same place",
    sign_same_rt="same RT",
    sign_same_partners="same partners",
    no_title="No title",
    unknown_author="Name not known",
    decided_title="Decided already",
    one_line="One activity: “{stands}” and “{counted}”. Counted: “{stands}”.",
    different_line="Two different activities: “{stands}” and “{counted}”.",
    part="Take apart again",
    propose_again="Propose again",
    parted_said="That decision was taken back.",
    counted_with="A coordinator joined this activity with “{name}”. The numbers there count; this record is kept.",
    open_stands="Open that activity",
    also_title="Other records of this activity",
    also_counts="This activity was joined with other records. The numbers on this page are the ones that count.",
    also_by="Also logged by {names}",
)
