"""Decide whether a password may be chosen. Long enough and not the first thing anybody would guess; no rules of
composition (NIST SP 800-63B, 3.1.1.2)."""

from __future__ import annotations

SHORTEST = 10
"""Characters."""
LONGEST = 200
"""Characters: nobody types more, and hashing takes its time."""

_COMMON = frozenset(
    """
    0123456789 01234567890 1234567890 12345678910 123456789a 1234567891 0987654321 9876543210 123123123123 1122334455
    111222333444 1q2w3e4r5t 1qaz2wsx3edc 1234qwerasdf q1w2e3r4t5 qwertyuiop qwerty1234 qwerty12345 qwerty123456
    asdfghjkl123 asdfghjkl1 abcd123456 abcde12345 abc1234567 abcdefghij abcdefghijk password12 password123
    password1234 passw0rd123 p@ssw0rd123 katasandi123 katasandi1 katasandiku rahasia123 rahasia1234 rahasia12345
    rahasiaku1 rahasiaku123 indonesia1 indonesia12 indonesia123 indonesia45 indonesia1945 indonesiaku merdeka1945
    merdeka123 bismillah1 bismillah12 bismillah123 bismillah786 alhamdulillah assalamualaikum sayangkamu sayang1234
    sayang12345 iloveyou123 iloveyou12 akucintakamu cintaku123 admin12345 admin123456 administrator
    administrator1 koordinator koordinator1 koordinator123 lumbung123 lumbung1234 lumbung12345 samarinda1 samarinda123
    bontang123 bontang1234 balikpapan balikpapan1 balikpapan123 kalimantan kalimantan1 kalimantan123
    kalimantantimur kaltim1234 kaltim12345 letmein123 welcome123 welcome1234 sepakbola1 superman123 jakarta123
    terserah123 tidaktahu1 tidakada123 gantengbanget selamatpagi semangat45 semangat123
    """.split()
)


def is_weak(password: str, *own: str) -> bool:
    """Tell whether a password is refused: too short or too long, one character over and over, among those that are
    guessed first, or one of the person's `own` words (login, name), however written and with any number around it."""
    if not SHORTEST <= len(password) <= LONGEST or len(set(password)) == 1:
        return True
    plain = _plain(password)
    return plain in _COMMON or _without_number(plain) in {_without_number(_plain(word)) for word in own}


def _plain(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum() or character == "@")


def _without_number(plain: str) -> str:
    return plain.strip("0123456789") or plain
