"""The wire format of version 1 is frozen: these examples must be readable, and be written the same, for ever."""

from __future__ import annotations

import dataclasses
import inspect
import json
from pathlib import Path
from typing import Any

import pytest

from lumbung_shared import account, cascade, handover, history, overview, programme, protocol, receipts, silence, staff
from lumbung_shared.account import (
    AccountView,
    EndRequest,
    PasswordChange,
    PasswordProof,
    RecoveryCodes,
    ResetDone,
    ResetRequest,
    SessionRequest,
    SignOutRequest,
    TotpConfirm,
    TotpSetup,
)
from lumbung_shared.cascade import CascadeView
from lumbung_shared.codec import Malformed, from_wire, to_wire
from lumbung_shared.handover import (
    AllowRequest,
    Decided,
    DiscardRequest,
    Handed,
    HandOverPage,
    HandOverReply,
    HandOverRequest,
    ReleaseRequest,
)
from lumbung_shared.history import HistoryPage
from lumbung_shared.overview import Overview, is_month
from lumbung_shared.problems import Code, Problem
from lumbung_shared.programme import ProgrammeView
from lumbung_shared.protocol import (
    PROTOCOL,
    Admission,
    CatalogueCounts,
    CatalogueLinks,
    DoublesPage,
    EnrolRequest,
    FeedCounts,
    FeedPage,
    FormReading,
    LoginRequest,
    OfferPage,
    Outcome,
    Page,
    PublishRequest,
    Receipt,
    Result,
    Role,
    ServedVersions,
    SyncReply,
    SyncRequest,
    WantedRequest,
    WithdrawRequest,
)
from lumbung_shared.receipts import ReceiptKeys
from lumbung_shared.records import RecordState
from lumbung_shared.silence import SilencePage
from lumbung_shared.staff import Invitation, InviteRequest, MemberPage, RevokeRequest
from lumbung_shared.writes import PhoneTime, Write

GOLDEN = Path(__file__).parent / "golden" / "v1"
MESSAGES: dict[str, type] = {
    "enrol_request": EnrolRequest,
    "login_request": LoginRequest,
    "login_request_code": LoginRequest,
    "admission": Admission,
    "admission_login": Admission,
    "write": Write,
    "write_that_replaces": Write,
    "write_of_a_newer_phone": Write,
    "sync_request": SyncRequest,
    "sync_request_first": SyncRequest,
    "sync_request_heard": SyncRequest,
    "sync_request_anew": SyncRequest,
    "sync_request_standing": SyncRequest,
    "sync_reply": SyncReply,
    "sync_reply_quiet": SyncReply,
    "sync_reply_replayed": SyncReply,
    "sync_reply_forms": SyncReply,
    "sync_reply_wanted": SyncReply,
    "sync_reply_pause": SyncReply,
    "wanted_request": WantedRequest,
    "offer_page": OfferPage,
    "publish_request": PublishRequest,
    "withdraw_request": WithdrawRequest,
    "receipt": Receipt,
    "receipt_keys": ReceiptKeys,
    "served_versions": ServedVersions,
    "record_state": RecordState,
    "record_state_misdated": RecordState,
    "record_state_lacking": RecordState,
    "record_state_undecided": RecordState,
    "record_state_erased": RecordState,
    "write_salted": Write,
    "write_erased": Write,
    "publish_request_personal": PublishRequest,
    "feed_page": FeedPage,
    "feed_page_disputed": FeedPage,
    "feed_page_misdated": FeedPage,
    "feed_page_lacking": FeedPage,
    "feed_page_organisation": FeedPage,
    "feed_page_joined": FeedPage,
    "doubles_page": DoublesPage,
    "feed_counts": FeedCounts,
    "feed_counts_disputed": FeedCounts,
    "catalogue_counts": CatalogueCounts,
    "catalogue_links": CatalogueLinks,
    "overview": Overview,
    "form_reading": FormReading,
    "problem": Problem,
    "member_page": MemberPage,
    "member_page_handover": MemberPage,
    "silence_page": SilencePage,
    "cascade_view": CascadeView,
    "programme_view": ProgrammeView,
    "revoke_request": RevokeRequest,
    "invite_request": InviteRequest,
    "invitation": Invitation,
    "session_request": SessionRequest,
    "account_view": AccountView,
    "password_change": PasswordChange,
    "totp_setup": TotpSetup,
    "totp_confirm": TotpConfirm,
    "recovery_codes": RecoveryCodes,
    "password_proof": PasswordProof,
    "end_request": EndRequest,
    "sign_out_request": SignOutRequest,
    "reset_request": ResetRequest,
    "reset_done": ResetDone,
    "hand_over_request": HandOverRequest,
    "hand_over_reply": HandOverReply,
    "allow_request": AllowRequest,
    "hand_over_page": HandOverPage,
    "release_request": ReleaseRequest,
    "discard_request": DiscardRequest,
    "decided": Decided,
    "history_page": HistoryPage,
}


def golden(name: str) -> Any:
    return json.loads((GOLDEN / f"{name}.json").read_text("utf-8"))


def test_every_frozen_example_is_read_by_a_test() -> None:
    assert set(MESSAGES) == {path.stem for path in GOLDEN.glob("*.json")}


@pytest.mark.parametrize("name", MESSAGES)
def test_a_frozen_message_reads_and_is_written_as_it_was(name: str) -> None:
    assert golden(name) == to_wire(from_wire(MESSAGES[name], golden(name)))


@pytest.mark.parametrize("name", MESSAGES)
def test_a_newer_sender_may_add_keys(name: str) -> None:
    read: Any = from_wire(MESSAGES[name], golden(name))
    again: Any = from_wire(MESSAGES[name], {**golden(name), "added_later": {"x": [1]}})
    known = [item.name for item in dataclasses.fields(read) if item.name != "extra"]
    assert [getattr(read, key) for key in known] == [getattr(again, key) for key in known]


@pytest.mark.parametrize("name", sorted(set(MESSAGES) - {"problem"}))
def test_a_message_without_what_it_needs_is_malformed_at_that_place(name: str) -> None:
    for item in dataclasses.fields(MESSAGES[name]):
        if item.default is dataclasses.MISSING and item.default_factory is dataclasses.MISSING:
            rest = {key: value for key, value in golden(name).items() if key != item.name}
            with pytest.raises(Malformed) as refused:
                from_wire(MESSAGES[name], rest)
            assert refused.value.where == item.name


def used_in_examples(value: object) -> set[type]:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        parts = [getattr(value, item.name) for item in dataclasses.fields(value)]
        return {type(value)}.union(*(used_in_examples(part) for part in parts))
    if isinstance(value, dict):
        return set().union(*(used_in_examples(part) for part in value.values()))
    if isinstance(value, tuple):
        return set().union(*(used_in_examples(part) for part in value))
    return set()


def test_every_message_class_of_the_protocol_has_a_frozen_example() -> None:
    declared = {
        item
        for module in (protocol, staff, account, handover, silence, cascade, programme, overview)
        for module in (protocol, staff, account, handover, history, receipts)
        for item in vars(module).values()
        if inspect.isclass(item) and dataclasses.is_dataclass(item) and item.__module__ == module.__name__
    }
    shown = set().union(*(used_in_examples(from_wire(kind, golden(name))) for name, kind in MESSAGES.items()))
    assert declared <= shown


def test_every_field_of_every_message_is_shown_with_a_value_of_its_own() -> None:
    """A field that stood at its default everywhere would not be frozen at all."""
    shown: dict[type, set[str]] = {}

    def visit(value: object) -> None:
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            for item in dataclasses.fields(value):
                if item.name in to_wire(value):
                    shown.setdefault(type(value), set()).add(item.name)
                visit(getattr(value, item.name))
        for part in value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else ():
            visit(part)

    for name, kind in MESSAGES.items():
        visit(from_wire(kind, golden(name)))
    for kind, names in shown.items():
        assert {item.name for item in dataclasses.fields(kind)} - {"extra"} == names, kind.__name__


def test_outcomes_in_the_examples_use_published_results_and_codes() -> None:
    reply = from_wire(SyncReply, golden("sync_reply"))
    assert list(Result) == [outcome.result for outcome in reply.outcomes]
    assert {outcome.code for outcome in reply.outcomes} - {""} <= set(Code)


def test_one_bad_write_does_not_spoil_its_batch() -> None:
    request = from_wire(SyncRequest, golden("sync_request"))
    assert from_wire(Write, request.writes[0]) == from_wire(Write, golden("write"))
    with pytest.raises(Malformed):
        from_wire(Write, request.writes[2])


def test_published_words_do_not_change() -> None:
    assert PROTOCOL == 1
    assert [str(role) for role in Role] == [
        "cadre",
        "district-coordinator",
        "regency-coordinator",
        "province-coordinator",
        "administrator",
    ]
    assert [str(result) for result in Result] == ["accepted", "duplicate", "fork", "rejected"]
    assert [str(state) for state in Handed] == ["waiting", "released", "discarded", "refused"]


def test_what_is_left_out_has_its_default() -> None:
    assert from_wire(Outcome, {"n": 1, "result": "accepted"}) == Outcome(1, "accepted", 0, "", "", ())
    assert from_wire(Page, {"cursor": "x"}) == Page("x", (), (), {}, more=False)
    assert from_wire(PhoneTime, {"wall": 1}) == PhoneTime(1, 0, "")


@pytest.mark.parametrize("text", ["2026-11", "2027-01", "0001-12"])
def test_a_month_is_a_year_and_a_month(text: str) -> None:
    assert is_month(text)


@pytest.mark.parametrize("text", ["", "2026", "2026-00", "2026-13", "2026-1", "0000-01", "2026-11-01", "\u0662026-11"])
def test_what_is_no_month_is_none(text: str) -> None:
    assert not is_month(text)
