"""Compile Python trees for the phone without what only a reader needs. Runs inside Pyodide, from `compile.mjs`.

Left out are docstrings, the annotations of functions, imports for type checkers only, and (by the interpreter's own
switch, PYTHONNODEBUGRANGES) the columns of tracebacks; their lines stay. Assertions stay, too: they are part of what
the code does.
"""

from __future__ import annotations

import ast
import importlib.util
import marshal
import os
import warnings
from typing import TypeVar

BLANK = " "
"""Not empty: a dataclass without a docstring writes one when it is made, which takes longer than all the rest of it."""
UNCHECKED_HASH = (1).to_bytes(4, "little")
"""Byte code that is never compared with its source, which is not there."""


def compile_tree(root: str, annotations: bool) -> int:
    """Replace every source file below a folder by byte code; returns how many.

    `annotations`: keep those of functions.
    """
    warnings.simplefilter("ignore", SyntaxWarning)
    count = 0
    for folder, folders, files in os.walk(root):
        folders.sort()
        for name in sorted(files):
            if name.endswith(".py"):
                source = f"{folder}/{name}"
                with open(source, "rb") as file:  # noqa: PTH123 - as little as can be is imported here
                    content = file.read()
                compiled = byte_code(content, os.path.relpath(source, root), annotations)
                with open(f"{source}c", "wb") as file:  # noqa: PTH123
                    file.write(compiled)
                os.remove(source)  # noqa: PTH107
                count += 1
    return count


def byte_code(source: bytes, name: str, annotations: bool) -> bytes:
    """The content of the .pyc file of a module. Raises SyntaxError."""
    code = compile(lean(ast.parse(source, name), annotations), name, "exec", dont_inherit=True, optimize=0)
    header = importlib.util.MAGIC_NUMBER + UNCHECKED_HASH + importlib.util.source_hash(source)
    return header + marshal.dumps(code)


def lean(tree: ast.Module, annotations: bool) -> ast.Module:
    """The same module without what only a reader needs."""
    changed: ast.Module = _Lean(annotations).visit(tree)
    return ast.fix_missing_locations(changed)


_Function = TypeVar("_Function", ast.FunctionDef, ast.AsyncFunctionDef)


class _Lean(ast.NodeTransformer):
    """Takes words and annotations out of a tree."""

    def __init__(self, annotations: bool) -> None:
        self._annotations = annotations

    def visit_Module(self, node: ast.Module) -> ast.Module:
        self.generic_visit(node)
        node.body = [one for one in node.body if not _is_text(one)]
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:
        self.generic_visit(node)
        blank: list[ast.stmt] = [ast.Expr(ast.Constant(BLANK))] if node.body and _is_text(node.body[0]) else []
        node.body = blank + [one for one in node.body if not _is_text(one)] or [ast.Pass()]
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        return self._function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AsyncFunctionDef:
        return self._function(node)

    def visit_arg(self, node: ast.arg) -> ast.arg:
        if not self._annotations:
            node.annotation = None
        return node

    def visit_If(self, node: ast.If) -> ast.stmt | list[ast.stmt]:
        self.generic_visit(node)
        return node.orelse or ast.Pass() if _is_for_checkers(node.test) else node

    def _function(self, node: _Function) -> _Function:
        self.generic_visit(node)
        if not self._annotations:
            node.returns = None
        node.body = [one for one in node.body if not _is_text(one)] or [ast.Pass()]
        return node


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _is_for_checkers(test: ast.expr) -> bool:
    name = test.id if isinstance(test, ast.Name) else test.attr if isinstance(test, ast.Attribute) else ""
    return name == "TYPE_CHECKING"
