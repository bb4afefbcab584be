"""No word that people read or hear stands outside the catalogue."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from lumbung_client import ui

SAID_BY = frozenset(
    "label tooltip hint hint_text helper helper_text error error_text title subtitle content value text"
    " semantics_label message suffix prefix counter".split()
)
"""Arguments of controls that people read or hear."""
WORDS_OF_ANY_LANGUAGE = frozenset({"Bahasa Indonesia", "English", "K7QM-2R9A", "JSON lines", "ARROW DOWN", "ARROW UP"})
"""Names of languages in themselves, of a format and of keys, and what a code looks like."""
FOR_ANOTHER_READER = "whatsapp.py"
"""What a coordinator writes to a cadre is Indonesian, whatever language the coordinator reads."""
OTHERWISE = ("ft.Ref", "ft.use_", "ft.Radio", "ft.ScrollKey", "ft.create", "ft.Locale", "ft.context")
"""Calls whose first argument nobody reads."""
UI = Path(ui.__file__).parent
SOURCES = sorted(path for path in UI.rglob("*.py") if "texts" not in path.parts)


def literals(node: ast.AST) -> list[str]:
    """Return the texts that an expression consists of; what is formatted in stands as {}."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.JoinedStr(values=values):
            return ["".join(str(one.value) if isinstance(one, ast.Constant) else "{}" for one in values)]
        case ast.IfExp(body=body, orelse=orelse):
            return [*literals(body), *literals(orelse)]
        case ast.BoolOp(values=values):
            return [text for one in values for text in literals(one)]
        case ast.BinOp(left=left, right=right):
            return [*literals(left), *literals(right)]
    return []


def said_in(source: str) -> list[str]:
    """Return the literal words that controls of a module are given to say."""
    found: list[str] = []
    for call in (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)):
        name = ast.unparse(call.func)
        first = call.args[:1] if name.startswith("ft.") or name in ("say", "notice", "section", "confirm") else []
        given = [*first, *(word.value for word in call.keywords if word.arg in SAID_BY)]
        is_control = name.startswith("ft.") or name in ("say", "notice", "section", "confirm", "app_bar", "icon_button")
        if is_control and not name.startswith(OTHERWISE):
            found += [text for node in given for text in literals(node)]
        elif name.startswith("ft.Radio"):
            found += [text for word in call.keywords if word.arg == "label" for text in literals(word.value)]
    return [text for text in found if re.search(r"[^\W\d_]{2,}", text.replace("{}", " "))]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(UI)))
def test_no_text_stands_outside_the_catalogue(path: Path) -> None:
    said = [text for text in said_in(path.read_text("utf-8")) if text not in WORDS_OF_ANY_LANGUAGE]
    assert said == []


def test_a_text_outside_the_catalogue_would_be_found() -> None:
    source = """
ft.Text("Halo")
ft.TextField(label=f"Nama {n}")
ft.Text(a if b else "Atau")
say(page, "Tersimpan")
ft.Text(words.hello, key="key-is-none")
ft.Text(f"{a} · {b}")
"""
    assert said_in(source) == ["Halo", "Nama {}", "Atau"]


def sentences_in(source: str) -> list[str]:
    """Return the literals of a module that read like a sentence: several words, and neither docstring nor complaint."""
    tree = ast.parse(source)
    silent: set[int] = set()
    for node in ast.walk(tree):
        bare = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        logged = isinstance(node, ast.Call) and ast.unparse(node.func).startswith(("LOG.", "ERRORS."))
        if bare or logged or isinstance(node, ast.Raise | ast.Assert):
            silent |= {id(one) for one in ast.walk(node)}
    texts = (one.value for one in ast.walk(tree) if isinstance(one, ast.Constant) and id(one) not in silent)
    return [text for text in texts if isinstance(text, str) and re.search(r"[^\W\d_]{2,} [^\W\d_]{2,}", text)]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(UI)))
def test_no_sentence_stands_outside_the_catalogue(path: Path) -> None:
    said = sentences_in(path.read_text("utf-8")) if path.name != FOR_ANOTHER_READER else []
    assert [text for text in said if text not in WORDS_OF_ANY_LANGUAGE] == []


def test_a_sentence_outside_the_catalogue_would_be_found() -> None:
    source = """
'''A docstring of several words.'''
LOG.warning("said to nobody at all")
told = "Sudah tersimpan di sini"
raise ValueError("a bug is no text")
"""
    assert sentences_in(source) == ["Sudah tersimpan di sini"]
