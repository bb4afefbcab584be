"""Publish forms for a region and withdraw them again. What was published never changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from lumbung_server.db.connections import Connection, reading, wait_until_alone, writing
from lumbung_server.refusal import Refusal
from lumbung_server.repositories import forms
from lumbung_server.repositories.forms import StoredOffer
from lumbung_server.repositories.regions import region_names
from lumbung_server.services.audit import Actor, AuditAct, Details, note
from lumbung_server.services.callers import Caller
from lumbung_server.services.compact import parsed
from lumbung_server.services.form_news import PAGE_FORMS
from lumbung_server.services.published import offer
from lumbung_server.services.site import Site
from lumbung_shared.canonical import NotCanonical
from lumbung_shared.catalogue import retyped
from lumbung_shared.form_checks import faults
from lumbung_shared.forms import Form, form_content, form_digest, parse_form
from lumbung_shared.ids import is_kind_name
from lumbung_shared.problems import Code
from lumbung_shared.protocol import Offer, OfferPage, PublishRequest, WithdrawRequest
from lumbung_shared.regions import covered, is_region_code, is_within

MAX_FORM_BYTES = 500_000
"""A form is brought to every phone of its region."""


async def offers(site: Site, caller: Caller, after: int) -> OfferPage:
    """Return the offers that concern the caller's regions, changed after a number, a page of them."""
    async with reading(site.engine) as connection:
        found = await forms.offers_after(connection, caller.regions, after, PAGE_FORMS + 1)
        shown = found[:PAGE_FORMS]
        await site.forms.fetch(connection, [one.name for one in shown])
    following = shown[-1].number if len(found) > len(shown) else 0
    return OfferPage(tuple(offer(site.forms, one) for one in shown), following)


async def publish(site: Site, caller: Caller, request: PublishRequest) -> Offer:
    """Publish a form as the next version of its kind and return its offer. Raises Refusal."""
    _check_day(request.since)
    if not is_region_code(request.region):
        raise Refusal(Code.BODY_MALFORMED, "region")
    _check_authority(caller, request.region)
    content = _content(replace(request.form, version=1))

    async def add(connection: Connection) -> Offer:
        await wait_until_alone(connection)
        if not await region_names(connection, [request.region]):
            raise Refusal(Code.BODY_MALFORMED, "region")
        for fault in faults(content, await forms.register_kinds(connection)):
            raise Refusal(Code.FORM_UNSOUND, fault.path or fault.part)
        earlier = await forms.offers_of(connection, request.form.kind)
        _check_kind(caller, request, earlier)
        await site.forms.fetch(connection, [one.name for one in earlier])
        known = [site.forms.forms[one.name] for one in earlier]
        if place := retyped(known, request.form):
            raise Refusal(Code.FIELD_RETYPED, place)
        version = max((one.version for one in earlier), default=0) + 1
        form = replace(content, version=version)
        made = StoredOffer(
            kind=form.kind,
            version=version,
            number=await forms.last_number(connection) + 1,
            region=request.region,
            since=request.since,
            withdrawn=False,
            purpose=form.purpose,
            digest=form_digest(form),
            published_by=caller.person,
            published_at=site.now(),
        )
        await forms.add_offer(connection, made, form_content(form))
        said: Details = {"kind": made.kind, "version": made.version}
        await note(connection, site, Actor(caller.person), AuditAct.PUBLISH_FORM, region=made.region, details=said)
        return Offer(form, made.region, made.since, number=made.number)

    return await writing(site.engine, add)


def _check_day(day: str) -> None:
    try:
        sound = not day or date.fromisoformat(day).isoformat() == day
    except ValueError:
        sound = False
    if not sound:
        raise Refusal(Code.BODY_MALFORMED, "since")


def _check_authority(caller: Caller, region: str) -> None:
    if not covered(region, caller.coordinated):
        raise Refusal(Code.FORBIDDEN, "region")


def _content(form: Form) -> Form:
    """Return the form as it is stored: its canonical twin. Raises Refusal."""
    try:
        content = form_content(form)
    except NotCanonical:
        raise Refusal(Code.FORM_UNSOUND) from None
    if len(content) > MAX_FORM_BYTES:
        raise Refusal(Code.FORM_TOO_LARGE)
    return parse_form(parsed(content))


def _check_kind(caller: Caller, request: PublishRequest, earlier: Sequence[StoredOffer]) -> None:
    """Refuse a version of a kind that is not the caller's: neither begun in a region of theirs nor offered there."""
    if not earlier:
        return
    own = covered(earlier[0].region, caller.coordinated)
    offered = any(is_within(request.region, one.region) and not one.withdrawn for one in earlier)
    if not (own or offered) or earlier[0].purpose != request.form.purpose:
        raise Refusal(Code.KIND_TAKEN, "form.kind")


async def withdraw(site: Site, caller: Caller, request: WithdrawRequest) -> Offer:
    """Withdraw a version of a form and return its offer as it is then. Again changes nothing. Raises Refusal."""

    async def take_back(connection: Connection) -> Offer:
        await wait_until_alone(connection)
        known = await forms.offers_of(connection, request.kind) if is_kind_name(request.kind) else ()
        found = next((one for one in known if one.version == request.version), None)
        if found is None:
            raise Refusal(Code.FORM_UNKNOWN, "version")
        _check_authority(caller, found.region)
        if not found.withdrawn:
            found = replace(found, withdrawn=True, number=await forms.last_number(connection) + 1)
            await forms.withdraw_offer(connection, found.name, found.number)
            said: Details = {"kind": found.kind, "version": found.version}
            await note(
                connection, site, Actor(caller.person), AuditAct.WITHDRAW_FORM, region=found.region, details=said
            )
        await site.forms.fetch(connection, [found.name])
        return offer(site.forms, found)

    return await writing(site.engine, take_back)
