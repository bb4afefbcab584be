"""Decide what a coordinator may do about other people. Pure: knows roles and regions, nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lumbung_shared.protocol import Grant, Role
from lumbung_shared.regions import covered, is_within


def may_revoke(own: Iterable[Grant], theirs: Sequence[Grant]) -> bool:
    """Tell whether a person's devices may be revoked by who holds `own`.

    One of their roles must lie beneath, so that a lost phone does not wait for somebody who covers all of them; and no
    role that coordinates may lie elsewhere, so that nobody locks out their own coordinator or a neighbour.
    """
    held = tuple(own)
    beneath = [_is_beneath(held, one) for one in theirs]
    leading = [_is_beneath(held, one) for one in theirs if one.role != Role.CADRE]
    return any(beneath) and all(leading)


def may_invite(own: Iterable[Grant], theirs: Sequence[Grant]) -> bool:
    """Tell whether a code may be made that lets somebody in as the person who holds `theirs`.

    All of their roles must lie beneath: whoever has the code can act in every one of them.
    """
    held = tuple(own)
    return bool(theirs) and all(_is_beneath(held, one) for one in theirs)


def _is_beneath(own: Iterable[Grant], one: Grant) -> bool:
    """Tell whether a role lies beneath one of those held: a cadre's within, a coordinator's further down the tree.

    An administrator looks after everybody of their region.
    """
    for held in own:
        if held.role == Role.ADMINISTRATOR and is_within(one.region, held.region):
            return True
        if held.role in (Role.CADRE, Role.ADMINISTRATOR) or one.role == Role.ADMINISTRATOR:
            continue
        if covered(one.region, [held.region]) and (one.role == Role.CADRE or one.region != held.region):
            return True
    return False
