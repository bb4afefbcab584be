"""Who runs which tests when several processes share them: `make test` takes one for each core."""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

_BROWSER = ("tests/e2e/", "tests/bundle/", "tests/pyodide/", "tests/reference/")
_ONE_FOLDER = "tests/bundle/"  # its modules build into the same place
_IN_PARTS = "tests/e2e/test_pictures.py"  # as long as all the rest with a browser: each language is a part of its own


class FromBothEnds(LoadScopeScheduling):  # type: ignore[misc]  # it comes without types
    """Modules stay whole. One process begins with those that drive a browser, the others begin at the other end: two
    browsers at once would take each other's time from what waits for a screen."""

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(_IN_PARTS):
            return nodeid.split("-", 1)[0]
        return _ONE_FOLDER if nodeid.startswith(_ONE_FOLDER) else nodeid.split("::", 1)[0]

    def _assign_work_unit(self, node: WorkerController) -> None:
        first = min(self.nodes, key=lambda one: one.gateway.id)
        wanted = node is first
        scopes = sorted(self.workqueue, key=lambda scope: scope.startswith(_BROWSER) is not wanted)
        self.workqueue.move_to_end(scopes[0], last=False)
        super()._assign_work_unit(node)
