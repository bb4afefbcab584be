"""The documents are true: what they name exists, and everybody can run what they say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lumbung_server.settings import settings_from
from lumbung_shared.expressions.functions import FUNCTIONS

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
TOP_LEVEL = ("client", "server", "shared", "tests", "docs", "requirements", "tools", ".ci")
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")
PATH = re.compile(rf"(?:{'|'.join(map(re.escape, TOP_LEVEL))})/[\w./*-]*")
MAKE = re.compile(r"\bmake ([a-z][a-z-]*)")
SETTING = re.compile(r"\bLUMBUNG_[A-Z_]+")

each_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))


def code_in(document: Path) -> list[str]:
    """Return everything written as code: in back quotes and in fenced blocks."""
    text = document.read_text("utf-8")
    fenced = re.findall(r"```[a-z]*\n(.*?)```", text, re.DOTALL)
    return [*CODE.findall(re.sub(r"```.*?```", "", text, flags=re.DOTALL)), *fenced]


@each_document
def test_every_link_leads_somewhere(document: Path) -> None:
    targets = [link for link in LINK.findall(document.read_text("utf-8")) if "://" not in link]
    assert [target for target in targets if not (document.parent / target).exists()] == []


@each_document
def test_every_path_that_is_named_exists(document: Path) -> None:
    named = {path.rstrip("/.") for code in code_in(document) for path in PATH.findall(code)}
    missing = [path for path in sorted(named) if not (list(ROOT.glob(path)) if "*" in path else (ROOT / path).exists())]
    # What the build makes is not there before it.
    assert missing == []


@each_document
def test_every_make_target_that_is_named_exists(document: Path) -> None:
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = {target for code in code_in(document) for target in MAKE.findall(code)}
    assert named - targets == set()


@each_document
def test_every_setting_that_is_named_is_read_by_the_code(document: Path) -> None:
    source = "\n".join(path.read_text("utf-8") for path in ROOT.glob("*/lumbung_*/**/*.py"))
    source += (ROOT / "tools" / "chromium.py").read_text("utf-8")
    named = set(SETTING.findall(document.read_text("utf-8")))
    assert {
        name for name in named if f'"{name}"' not in source and name.removeprefix("LUMBUNG_") not in source
    } == set()


def test_the_functions_of_expressions_are_all_in_the_document() -> None:
    told = set(
        re.findall(r"`([a-z-]+)\(", (ROOT / "docs" / "forms.md").read_text("utf-8").split("### What is lacking")[0])
    )
    assert told - {"today", "position", "consequences"} == set(FUNCTIONS)


def test_the_settings_have_defaults_for_everything() -> None:
    assert settings_from({}).port == 8000


def test_every_decision_says_what_it_is() -> None:
    decisions = sorted((ROOT / "docs" / "adr").glob("*.md"))
    assert [int(path.name[:4]) for path in decisions] == list(range(1, len(decisions) + 1))
    for path in decisions:
        text = path.read_text("utf-8")
        assert all(part in text for part in ("**Status:**", "## Context", "## Decision", "## Consequences")), path.name
