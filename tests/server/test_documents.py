"""The description of the protocol is kept true."""

from __future__ import annotations

import ast
import dataclasses
import functools
import itertools
import json
import re
import subprocess
import sys
import types
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from lumbung_server.refusal import STATUS
from lumbung_server.services.attempts import LIMITS
from lumbung_shared import account, cascade, handover, history, programme, protocol, receipts, silence, staff
from lumbung_shared.account import (
    AccountView,
    EndRequest,
    PasswordChange,
    PasswordProof,
    RecoveryCodes,
    ResetDone,
    ResetRequest,
    SessionRequest,
    SignedIn,
    SignOutRequest,
    TotpConfirm,
    TotpSetup,
)
from lumbung_shared.answers import MAX_LONG_TEXT, MAX_PARTICIPANTS, MAX_TEXT
from lumbung_shared.canonical import MAX_DEPTH
from lumbung_shared.cascade import (
    CascadeArea,
    CascadePlace,
    CascadeStep,
    CascadeTrainee,
    CascadeTraining,
    CascadeView,
)
from lumbung_shared.codec import EXTRA
from lumbung_shared.forms import Field, FieldType, Form, Option
from lumbung_shared.handover import (
    AllowRequest,
    Decided,
    DiscardRequest,
    HandedRecord,
    HandedWrite,
    HandOver,
    HandOverPage,
    HandOverReply,
    HandOverRequest,
    ReleaseRequest,
)
from lumbung_shared.history import HistoryChange, HistoryPage, HistoryStep
from lumbung_shared.labels import Label
from lumbung_shared.problems import Code, Problem
from lumbung_shared.programme import MonthDone, ProgrammeView, TargetDone
from lumbung_shared.protocol import (
    MAX_BODY_BYTES,
    MAX_WRITES,
    PAGE_RECORDS,
    WINDOW_DAYS,
    Admission,
    CatalogueCounts,
    CatalogueLink,
    CatalogueLinks,
    DoublesPage,
    EnrolRequest,
    FeedCounts,
    FeedEntry,
    FeedPage,
    FormReading,
    Grant,
    LoginRequest,
    Offer,
    OfferPage,
    Outcome,
    Page,
    Person,
    ProposedDouble,
    PublishRequest,
    Receipt,
    RegionCount,
    Role,
    ServedVersions,
    SheetRemark,
    Standing,
    SyncReply,
    SyncRequest,
    WantedRequest,
    WithdrawRequest,
)
from lumbung_shared.receipts import ReceiptKeys
from lumbung_shared.records import Head, RecordState, Removed
from lumbung_shared.silence import SilencePage, Silent, SilentPhone
from lumbung_shared.staff import Invitation, InviteRequest, KnownDevice, Member, MemberPage, RevokeRequest
from lumbung_shared.times import Heard
from lumbung_shared.writes import PhoneTime, Write
from tests.databases import SQLITE
from tests.server.phones import GUNTUNG, Phone, add_code, roster
from tests.servers import LumbungServer

ROOT = Path(__file__).parent.parent.parent
PROTOCOL = (ROOT / "docs" / "protocol.md").read_text("utf-8")
NAMED_TEST = re.compile(r"`(tests/[\w/.]+\.py)::(\w+)`")
SECURITY = (ROOT / "docs" / "security.md").read_text("utf-8")
CLAIMS = sorted(set(NAMED_TEST.findall(PROTOCOL + SECURITY)))


@pytest.fixture(scope="module")
def kind() -> str:
    return SQLITE


@functools.cache
def named_in(file: str) -> frozenset[str]:
    """Return the names of the tests that pytest finds in a file; none when the file is not there."""
    path = ROOT / file
    tree = ast.parse(path.read_text("utf-8") if path.exists() else "")
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return frozenset(node.name for node in functions if node.name.startswith("test_"))


def obligations(text: str) -> list[tuple[str, str]]:
    """Return every MUST of a document, with the words before it and those up to the next one of its paragraph."""
    found = []
    for paragraph in re.split(r"\n(?=\s*- |\s*\d+\. |\n|#|\|)", text):
        said = re.split(r"\b(?:MUST|SHALL|HARUS)\b", paragraph)
        found += [(" ".join(before[-60:].split()), after) for before, after in itertools.pairwise(said)]
    return found


def unproven(text: str) -> list[str]:
    """Return the rules of a document that name no test which there is."""
    return [
        rule
        for rule, after in obligations(text)
        if not any(test in named_in(file) for file, test in re.findall(NAMED_TEST, after))
    ]


def test_every_test_that_the_documents_name_exists() -> None:
    assert [f"{file}::{test}" for file, test in CLAIMS if test not in named_in(file)] == []


def test_every_must_names_a_test_of_its_own() -> None:
    rules = PROTOCOL.partition("## Ground rules")[2]
    assert len(obligations(rules)) > 90
    assert unproven(rules) == []


@pytest.mark.parametrize(
    "rule",
    [
        "A phone MUST sing.",
        "- A phone MUST sing: `tests/server/test_documents.py`",
        "- A phone MUST sing: `tests/server/test_documents.py::test_that_is_not_there`",
        "- A phone MUST sing: `tests/server/test_nowhere.py::test_every_must_names_a_test_of_its_own`",
        "- A phone MUST sing and MUST dance: `tests/server/test_documents.py::test_every_must_names_a_test_of_its_own`",
        "- Ponsel HARUS bernyanyi: `tests/server/test_documents.py::obligations`",
        "A phone MUST NOT\nsing.\n\n`tests/server/test_documents.py::test_every_must_names_a_test_of_its_own`",
        "| a phone MUST | sing |\n| `tests/server/test_documents.py::test_every_must_names_a_test_of_its_own` | |",
    ],
)
def test_a_must_without_a_test_is_noticed(rule: str) -> None:
    proven = "- It MUST be so: `tests/server/test_documents.py::test_every_must_names_a_test_of_its_own`\n"
    assert unproven(proven) == []
    assert len(unproven(f"{proven}{rule}\n{proven}")) == 1


def test_the_protocol_lists_every_code_with_its_status() -> None:
    for code, status in STATUS.items():
        assert re.search(rf"\| {status} \|.*`{code}`", PROTOCOL), code
    for code in (Code.WRITE_MALFORMED, Code.UNKNOWN_KIND, Code.REGION_NOT_GRANTED, Code.HELD_BACK, Code.NOT_THE_AUTHOR):
        assert f"`{code}`" in PROTOCOL


def test_the_protocol_states_the_limits_that_are_in_force() -> None:
    for number in (MAX_WRITES, PAGE_RECORDS, WINDOW_DAYS, *LIMITS.values()):
        assert f" {number}" in PROTOCOL
    assert f"{MAX_BODY_BYTES:,}" in PROTOCOL


WIRE_MESSAGES = (EnrolRequest, LoginRequest, Admission, SyncRequest, Write, PhoneTime, Heard, SyncReply, Outcome)
WIRE_RECORDS = (Receipt, ReceiptKeys, ServedVersions, Page, RecordState, Head, Removed, Person, Grant)
WIRE_FORMS = (
    OfferPage,
    Offer,
    PublishRequest,
    WithdrawRequest,
    WantedRequest,
    FormReading,
    SheetRemark,
    Form,
    Field,
    Option,
    Label,
)
WIRE_ACCOUNT = (
    SessionRequest,
    AccountView,
    SignedIn,
    PasswordChange,
    TotpSetup,
    TotpConfirm,
    RecoveryCodes,
    PasswordProof,
    EndRequest,
    SignOutRequest,
    ResetRequest,
    ResetDone,
)
WIRE_PEOPLE = (KnownDevice, Member, MemberPage, RevokeRequest, InviteRequest, Invitation)
WIRE_HANDOVER = (
    HandOverRequest,
    HandOverReply,
    HandedWrite,
    AllowRequest,
    HandOverPage,
    HandOver,
    HandedRecord,
    ReleaseRequest,
    DiscardRequest,
    Decided,
)
WIRE_SILENCE = (Standing, SilencePage, Silent, SilentPhone)
WIRE_PROGRAMME = (ProgrammeView, TargetDone, MonthDone)
WIRE_CASCADE = (CascadeView, CascadeStep, CascadeTraining, CascadeTrainee, CascadeArea, CascadePlace)
WIRE_CATALOGUE = (CatalogueCounts, CatalogueLinks, CatalogueLink)
WIRE_FEED = (FeedPage, FeedEntry, FeedCounts, RegionCount, DoublesPage, ProposedDouble, Problem)
WIRE_HISTORY = (HistoryPage, HistoryStep, HistoryChange)
TYPE_NAMES = {str: "text", int: "number", bool: "flag", PhoneTime: "PhoneTime"}


def type_name(kind: Any) -> str:
    """Return how the document calls a type."""
    arguments = typing.get_args(kind)
    if kind == tuple[str, int]:
        return "name"
    if typing.get_origin(kind) is tuple:
        return f"list of {type_name(arguments[0])}"
    if typing.get_origin(kind) is Mapping:
        return f"text to {type_name(arguments[1])}"
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        named = [one for one in arguments if one is not type(None)]
        return type_name(named[0]) if len(named) == 1 else "any"
    return TYPE_NAMES.get(kind) or str(kind.__name__)


def row_of(message: type) -> str:
    """Return the row of the document's table for a message."""
    hints = typing.get_type_hints(message)
    always, optional = [], []
    for item in dataclasses.fields(message):
        default = item.default_factory() if item.default_factory is not dataclasses.MISSING else item.default
        shown = f"`{item.name}` {type_name(hints[item.name])}"
        if default is dataclasses.MISSING:
            always.append(shown)
        elif item.name != EXTRA:
            optional.append(f"{shown} `{json.dumps(default)}`")
    return f"| {message.__name__} | {', '.join(always)} | {', '.join(optional)} |"


WIRE = (
    *WIRE_MESSAGES,
    *WIRE_RECORDS,
    *WIRE_FORMS,
    *WIRE_FEED,
    *WIRE_HISTORY,
    *WIRE_PEOPLE,
    *WIRE_ACCOUNT,
    *WIRE_HANDOVER,
    *WIRE_SILENCE,
    *WIRE_CASCADE,
    *WIRE_CATALOGUE,
    *WIRE_PROGRAMME,
)


@pytest.mark.parametrize("message", WIRE)
def test_the_protocol_lists_every_message_with_its_keys(message: type) -> None:
    assert row_of(message) in PROTOCOL.splitlines()


def test_the_table_of_messages_leaves_none_out() -> None:
    declared = {
        item
        for module in (protocol, staff, account, handover, history, silence, cascade, programme, receipts)
        for item in vars(module).values()
        if isinstance(item, type) and dataclasses.is_dataclass(item) and item.__module__ == module.__name__
    }
    assert declared <= set(WIRE)


def test_the_protocol_lists_every_type_of_answer_with_its_limits() -> None:
    cells = "\n".join(line.split("|")[1] for line in PROTOCOL.splitlines() if line.startswith("| `"))
    for kind in set(FieldType) - {FieldType.GROUP, FieldType.REPEAT}:
        assert f"`{kind}`" in cells
    for limit in (MAX_TEXT, MAX_LONG_TEXT, MAX_PARTICIPANTS):
        assert f"{limit:,}" in PROTOCOL
    assert f"{MAX_DEPTH} deep" in PROTOCOL


def test_the_limits_of_guessing_are_those_in_force() -> None:
    table = SECURITY.partition("**Guessing.**")[2].partition("Shown with")[0]
    cells = [row.split("|")[2].strip() for row in table.splitlines() if row.startswith("| ")]
    told = [int(cell) for cell in cells if cell.isdecimal()]
    assert told == list(LIMITS.values())


def test_the_protocol_names_every_role() -> None:
    assert all(f"`{role}`" in PROTOCOL for role in Role)


def test_the_example_client_works_against_a_real_server(server: LumbungServer) -> None:
    Phone(server, roster(GUNTUNG, 1).person.id).log({"region": GUNTUNG, "date": "2026-11-20", "title": "Tetangga"})
    code = add_code(server, roster(GUNTUNG).person.id)
    command = [sys.executable, str(ROOT / "docs" / "example_client.py"), server.base_url, code]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    first, second, *news = done.stdout.splitlines()
    assert first.startswith("accepted: receipt ")
    assert second == first.replace("accepted", "duplicate")
    assert any("Tetangga" in line for line in news)
    for _ in range(2):  # a second store of the same person is let in once
        again = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert again.returncode == 1
    assert "enrolment-code-used" in again.stderr
