"""Whose a path of a record is: who may write there. Decides by path and form alone; knows neither people nor regions.

No question can have a name that begins with "$" (`form_checks.NAME`), so that what is reserved here collides with no
form's answers, published before or after.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from lumbung_shared.canonical import Json
from lumbung_shared.forms import Form, Purpose
from lumbung_shared.ids import is_row_id
from lumbung_shared.joining import JOINING_KIND
from lumbung_shared.shapes import MAX_LONG_TEXT

REVIEW = "$review"
"""First segment of what coordinators say of a record: `$review/name`, `$review/row/name`."""
TALK = "$talk"
"""First segment of what author and coordinators say to each other about a record: `$talk/row/text`."""
SERVER = "$server"
"""First segment of what the server says of a record. Nobody writes it: it is no part of any write."""
_NAME = re.compile(r"[a-z][a-z0-9_]{0,60}", re.ASCII)


class Owner(StrEnum):
    """Who may write at a path; everybody else is refused."""

    AUTHOR = "author"  # who made the record; a coordinator may end a conflict there, and nothing else
    REGISTER = "register"  # everybody who works in the record's region
    COORDINATOR = "coordinator"  # who coordinates the record's region
    TALKERS = "talkers"  # who made the record, and who coordinates its region; each their own comments alone
    SERVER = "server"


_OF_PURPOSE: Mapping[str, Owner] = {Purpose.ACTIVITY: Owner.AUTHOR, Purpose.PROGRAMME: Owner.COORDINATOR}
"""Whose the answers of a record are; what is no activity otherwise belongs to everybody of the region."""
_RESERVED = {REVIEW: Owner.COORDINATOR, TALK: Owner.TALKERS, SERVER: Owner.SERVER}


def owner_of(form: Form, path: str) -> Owner:
    """Return whose a path of a form's records is, also one that the form does not have."""
    reserved = _RESERVED.get(path.partition("/")[0])
    if reserved is not None:
        return reserved
    if form.kind == JOINING_KIND:
        return Owner.COORDINATOR
    return _OF_PURPOSE.get(form.purpose, Owner.REGISTER)


def is_of_review(path: str) -> bool:
    """Tell whether a path belongs to what coordinators say of a record, and so is no answer of it."""
    return path.startswith(f"{REVIEW}/")


def is_of_talk(path: str) -> bool:
    """Tell whether a path belongs to what people say to each other about a record, and so is no answer of it."""
    return path.startswith(f"{TALK}/")


def is_beside(path: str) -> bool:
    """Tell whether what stands at a path was said about a record and not by it: a review, or a comment."""
    return is_of_review(path) or is_of_talk(path)


def is_talk_path(path: str) -> bool:
    """Tell whether a path is one at which a comment stands."""
    parts = path.split("/")
    return len(parts) == 3 and parts[0] == TALK and is_row_id(parts[1]) and parts[2] == "text"


def fits_talk(value: Json) -> bool:
    """Tell whether a value may stand at such a path: a text, or nothing where it was taken back."""
    return value is None or (isinstance(value, str) and len(value) <= MAX_LONG_TEXT)


def is_review_path(path: str) -> bool:
    """Tell whether a path is one at which coordinators write."""
    if not is_of_review(path):
        return False
    *rows, name = path.split("/")[1:]
    return len(rows) < 2 and all(map(is_row_id, rows)) and _NAME.fullmatch(name) is not None


def fits_review(value: Json) -> bool:
    """Tell whether a value may stand at such a path: a text, yes or no, or nothing."""
    return value is None or isinstance(value, bool) or (isinstance(value, str) and len(value) <= MAX_LONG_TEXT)
