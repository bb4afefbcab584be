"""A second copy of a module, run over other neighbours than it imports. The module itself is left as it is.

So the simulated server is made of the very services, statement by statement, over repositories in memory; and a defect
can be planted in one world while the next one has none.
"""

from __future__ import annotations

import builtins
import functools
import importlib.util
from collections.abc import Mapping
from types import CodeType, ModuleType
from typing import Any


@functools.cache
def _code(name: str) -> CodeType:
    spec = importlib.util.find_spec(name)
    assert spec is not None
    assert isinstance(spec.loader, importlib.machinery.SourceFileLoader)
    code = spec.loader.get_code(name)
    assert code is not None
    return code


def twin(name: str, neighbours: Mapping[str, object]) -> ModuleType:
    """Return a copy of the module `name` in which imports of `neighbours` (full names) give those instead."""

    def import_(
        wanted: str,
        globals_: Mapping[str, object] | None = None,
        locals_: Mapping[str, object] | None = None,
        names: tuple[str, ...] = (),
        depth: int = 0,
    ) -> Any:
        if wanted in neighbours:
            return neighbours[wanted]
        found = __import__(wanted, globals_, locals_, names, depth)
        below = {one: neighbours[f"{wanted}.{one}"] for one in names or () if f"{wanted}.{one}" in neighbours}
        if not below:
            return found
        return _Beside(found, below)

    module = ModuleType(name)
    module.__dict__["__builtins__"] = {**vars(builtins), "__import__": import_}
    exec(_code(name), module.__dict__)  # noqa: S102 - the product's own source
    return module


class Namespace:
    """A module as its importers see it, with some names of it standing for something else."""

    def __init__(self, module: ModuleType, **instead: object) -> None:
        self._module = module
        self.__dict__.update(instead)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._module, name)


class _Beside:
    """A package with some of its modules replaced."""

    def __init__(self, package: ModuleType, below: Mapping[str, object]) -> None:
        self._package = package
        self.__dict__.update(below)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._package, name)
