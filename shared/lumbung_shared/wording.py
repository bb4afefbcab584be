"""What the title of an activity says: its telling words, the RT it names, and the numbers that set it apart. Pure."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from lumbung_shared.likeness import are_near, plain_word, unaccented


@dataclass(frozen=True)
class Wording:
    """A text taken apart. `words`: those that tell it from others, in their order; `kinds`: the rest, which do not.

    `rts`: numbers of the RT that it names; `numbers`: all its others, as plain text; `stage`: which of several it says
    it is (*tahap 2*, *sore*).
    """

    words: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    rts: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    stage: frozenset[str] = frozenset()


_MOST = 200
_SHORT = {
    short: tuple(long.split("_"))
    for short, long in (
        pair.split("=")
        for pair in """aks=aksi bakau=mangrove balkel=balai_kelurahan bimtek=pelatihan bln=bulan dawis=dasawisma
        dgn=dengan dsn=dusun eco=eko ecoenzyme=ekoenzim enzyme=enzim feb=februari fotografi=foto gg=gang
        gor=gotong_royong gsg=gedung_serbaguna hp=handphone hut=ulang_tahun jl=jalan kab=kabupaten kec=kecamatan
        kel=kelurahan klp=kelompok kmpg=kampung koord=koordinasi kripik=keripik ksm=kelompok kt=kelompok_tani
        kursus=pelatihan kwt=kelompok_wanita_tani langgar=musala lap=lapangan lpj=laporan_pertanggungjawaban
        lurah=kelurahan memotret=foto mesjid=masjid monev=evaluasi moto=foto motret=foto mushola=musala
        musholla=musala musrenbangkel=musrenbang musy=musyawarah org=orang pelat=pelatihan pemb=pembangunan
        penyul=penyuluhan perum=perumahan petinggi=kampung pkm=puskesmas poc=pupuk_cair poktan=kelompok_tani
        poskamling=pos_kamling posy=posyandu prog=program proker=program_kerja puskes=puskesmas raker=rapat_kerja
        rakor=rapat_koordinasi rembug=musyawarah resto=restoran rmh=rumah sd=sekolah sdn=sekolah sekret=sekretariat
        sept=september sma=sekolah sman=sekolah smp=sekolah smpn=sekolah sosper=sosialisasi_perda surau=musala
        th=tahun thn=tahun tot=pelatihan_berjenjang umkm=umk utk=untuk wa=whatsapp yg=yang""".split()
    )
}
"""How words are shortened: what stands for them, several words joined by an underscore."""
_LITTLE = """di dan dari dengan dalam guna h ibu in ke kepada kpd oleh pada pak bapak bpk bu mas mba mbak mak haji
    hajjah hj bin binti serta se the of untuk yang wib wita aja"""
TITLE = frozenset(
    f"""{_LITTLE} acara agenda aksi atau bagi bahan bang bank berjenjang bersama bs bsu bsi bulan cara cv daerah desa dr
    forum hari jadi kegiatan kelas kelurahan koordinasi kpm kpmd melalui membuat memakai menggunakan menjadi pakai pd
    pelaksanaan pelatihan pembuatan pengenalan penyuluhan program pt rapat rt rw sama sampah sosialisasi tahun tempat
    tentang toko training trainer ud uk umk unit usaha warga""".split()
)
"""Words that many titles of activities have."""
NAME = frozenset(f"{_LITTLE} umk ukm ikm usaha cv pt ud pd toko warung kedai bank sampah bs bsu bsi unit rt rw".split())
"""Words that many names of businesses, waste banks and groups have."""
PLACE = frozenset(
    f"""{_LITTLE} aula balai dapur desa gang gedung gudang halaman hotel jalan kafe kantor kebun ladang lapangan
    lingkungan masjid musala pantai pos posyandu posko produksi puskesmas restoran rt ruang rumah sanggar sawah sekolah
    sekretariat serbaguna studio tempat warga warung""".split()
)
"""Words that say what kind of place it is, and not which."""
_STAGES = """tahap thp tahapan gelombang gel angkatan angk sesi hari hr seri putaran pertemuan part bagian batch kloter
    jilid triwulan minggu pekan kelompok regu ke""".split()
_ORDINALS = {
    word: str(number)
    for number, word in enumerate("pertama kedua ketiga keempat kelima keenam ketujuh kedelapan".split(), 1)
} | {"lanjutan": "lanjutan", "susulan": "susulan"}
_TIMES_OF_DAY = frozenset("pagi siang sore malam".split())
_RT = re.compile(r"\br\W?t\W*((?:\d{1,3}\W*(?:dan|,|&|s\W?d|-|/)?\W*)+)")
_STAGE = re.compile(rf"\b(?:{'|'.join(_STAGES)})\W*(?:ke\W*)?(\d{{1,2}}|[ivx]{{1,4}}|{'|'.join(_ORDINALS)})\b")
_YEAR = re.compile(r"20\d\d")
_NOT_IN_WORDS = re.compile(r"[\W_]+")
_DOUBLED = re.compile(r"\b([a-z]{3,})(?:2|-\1)\b")
_PREFIXES = (
    *(
        ("memper", ""),
        ("pember", ""),
        ("menge", ""),
        ("penge", ""),
        ("meng", ""),
        ("peng", ""),
        ("meng", "k"),
        ("peng", "k"),
    ),
    *(("meny", "s"), ("peny", "s"), ("mem", ""), ("pem", ""), ("mem", "p"), ("pem", "p"), ("men", ""), ("pen", "")),
    *(
        ("men", "t"),
        ("pen", "t"),
        ("ber", ""),
        ("per", ""),
        ("ter", ""),
        ("me", ""),
        ("pe", ""),
        ("di", ""),
        ("se", ""),
    ),
)
_SUFFIXES = ("", "nya", "kan", "an", "i")
_LEAST_STEM = 3
_LONGEST_RUN = 4


@functools.lru_cache(20_000)
def wording(text: str, common: frozenset[str] = TITLE) -> Wording:
    """Return what a text says; its first 200 letters are looked at. `common`: the words that do not tell it apart."""
    plain = _DOUBLED.sub(r"\1", unaccented(text[:_MOST]))
    rts = frozenset(_plain_numbers(found for match in _RT.findall(plain) for found in re.findall(r"\d+", match)))
    plain = _RT.sub(" ", plain)
    stage = {_ORDINALS.get(found, plain_word(found)) for found in _STAGE.findall(plain)}
    words = [long for word in _words_in(_STAGE.sub(" ", plain)) for long in _SHORT.get(word, (word,))]
    stage |= {_ORDINALS.get(word, word) for word in words if word in _ORDINALS or word in _TIMES_OF_DAY}
    numbers = frozenset(_plain_numbers(word for word in words if not _YEAR.fullmatch(word)))
    said = dict.fromkeys(
        word
        for word in words
        if word not in _ORDINALS and word not in _TIMES_OF_DAY and len(word) > 1 and not plain_word(word).isdigit()
    )
    telling = tuple(word for word in said if word not in common)
    return Wording(telling, tuple(word for word in said if word in common), rts, numbers, frozenset(stage))


def _words_in(plain: str) -> list[str]:
    return _NOT_IN_WORDS.sub(" ", plain).split()


def _plain_numbers(words: Iterable[str]) -> Iterator[str]:
    yield from (number for word in words if (number := plain_word(word)).isdigit())


def shared_words(words: Sequence[str], others: Sequence[str]) -> tuple[int, int, int]:
    """Return how many words of two texts may be the same, how many the shorter one has, and how many the longer.

    An abbreviation by first letters, and what the other writes in two words, count as they do there. The order of the
    two does not matter.
    """
    words, others = sorted((_as_there(words, others), _as_there(others, words)), key=lambda some: (len(some), some))
    left = [_stems(other) for other in others]
    for word in words:
        stems = _stems(word)
        same = next((other for other in left if _is_same(stems, other)), None)
        if same is not None:
            left.remove(same)
    return len(others) - len(left), len(words), len(others)


def _as_there(words: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    """Return words in which what the other text says in several is said in the same several."""
    found: list[str] = []
    for word in words:
        found += next((run for run in _runs(others) if word in ("".join(run), "".join(it[0] for it in run))), (word,))
    return tuple(found)


def _runs(words: Sequence[str]) -> Iterator[Sequence[str]]:
    for length in range(2, _LONGEST_RUN + 1):
        for start in range(len(words) - length + 1):
            yield words[start : start + length]


@functools.lru_cache(20_000)
def _stems(word: str) -> frozenset[str]:
    """Return what a word may be made of: itself and what is left without its prefixes and suffixes."""
    found = {word}
    for suffix in _SUFFIXES:
        if word.endswith(suffix):
            middle = word[: len(word) - len(suffix)]
            if len(middle) > _LEAST_STEM:
                found.add(middle)
            for prefix, instead in _PREFIXES:
                stem = instead + middle.removeprefix(prefix)
                if middle.startswith(prefix) and len(stem) >= _LEAST_STEM:
                    found.add(stem)
    return frozenset(map(plain_word, found))


@functools.lru_cache(50_000)
def _is_same(stems: frozenset[str], others: frozenset[str]) -> bool:
    return not stems.isdisjoint(others) or any(are_near(one, other) for one in stems for other in others)
