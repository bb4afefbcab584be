"""Decide which thing on a Flutter screen a name means; knows nothing of browsers beyond one snapshot of their tree.

Flutter paints on a canvas and describes the screen in an accessibility tree beside it. `SNAPSHOT` reads that tree in
the page; everything else here is pure.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

# Reads every node with its own text, its position and what it can do.
SNAPSHOT = """() => {
  // What a list's edge leaves of a row; Flutter hides the rest of it.
  const isCut = (node, box) => {
    for (let up = node.parentElement; up && up.tagName !== 'FLT-SEMANTICS-HOST'; up = up.parentElement) {
      if (!/hidden|scroll|auto/.test(up.style.overflowY + up.style.overflow)) continue;
      const edge = up.getBoundingClientRect();
      return box.top <= edge.top + 0.5 || box.bottom >= edge.bottom - 0.5;
    }
    return false;
  };
  // As one text: the browser's driver would hand over every value by itself.
  return JSON.stringify([...document.querySelectorAll('flt-semantics-host *')].map((node) => {
    const field = node.tagName === 'INPUT' || node.tagName === 'TEXTAREA';
    // The browser adds an edge of its own to what can be typed into, and stretches what is read aloud only about.
    const box = (field || node.tagName === 'SPAN' ? node.parentElement : node).getBoundingClientRect();
    const own = [...node.childNodes].filter((child) => child.nodeType === Node.TEXT_NODE).map((child) => child.data);
    return {
      name: (node.getAttribute('aria-label') || own.join(' ') || '').trim(),
      detail: node.getAttribute('aria-description') || '',
      role: node.getAttribute('role') || '',
      field,
      value: node.value || '',
      focused: node === document.activeElement,
      tappable: node.hasAttribute('flt-tappable'),
      state: node.getAttribute('aria-checked') || node.getAttribute('aria-selected') || '',
      disabled: node.getAttribute('aria-disabled') === 'true' || !!node.disabled,
      heading: /^H[1-6]$/.test(node.tagName) || node.getAttribute('role') === 'heading',
      cut: isCut(node, box),
      x: box.x, y: box.y, width: box.width, height: box.height,
    };
  }));
}"""

TAPPABLE_ROLES = frozenset({"button", "tab", "menuitem", "checkbox", "switch", "radio", "link", "option"})


@dataclass(frozen=True)
class Node:
    """One node of the tree; positions are CSS pixels of the viewport, `state` is "true" or "false" where it applies.

    `disabled`: it cannot be used now; `heading`: a screen reader can jump to it; `cut`: it goes on behind an edge.
    """

    name: str
    detail: str
    role: str
    field: bool
    value: str
    focused: bool
    tappable: bool
    state: str
    disabled: bool
    heading: bool
    cut: bool
    x: float
    y: float
    width: float
    height: float

    @property
    def centre(self) -> tuple[float, float]:
        """Where a finger would touch it."""
        return self.x + self.width / 2, self.y + self.height / 2

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Position and size, to see whether it moves."""
        return self.x, self.y, self.width, self.height

    @property
    def takes_taps(self) -> bool:
        """Whether it is announced as something to touch."""
        return self.tappable or self.field or self.role in TAPPABLE_ROLES


def nodes_of(snapshot: str) -> list[Node]:
    """The nodes of a snapshot, in the order of the tree: later nodes lie on top."""
    return [Node(**entry) for entry in json.loads(snapshot)]


def texts_of(nodes: Sequence[Node]) -> list[str]:
    """Every text a person could read, line by line, values of fields included."""
    parts = (part for node in nodes for part in (node.name, node.detail, node.value))
    return [line.strip() for part in parts for line in part.splitlines() if line.strip()]


def best(nodes: Sequence[Node], name: str, role: str | None = None) -> Node | None:
    """The node a person means by `name`.

    An exact name is better than one line of a longer name, that is better than a beginning, and that is better than a
    part; among equals one that takes taps is better, then the topmost.
    """
    ranked = [
        (rank, node.takes_taps, order, node)
        for order, node in enumerate(nodes)
        if node.width > 0 and node.height > 0 and role in (None, node.role) and (rank := closeness(node.name, name))
    ]
    return max(ranked, key=lambda entry: entry[:3])[3] if ranked else None


def closeness(found: str, wanted: str) -> int:
    """How well a node's name fits: 4 exact, 3 one of its lines, 2 its beginning, 1 a part, 0 not at all."""
    if found == wanted:
        return 4
    if wanted in (line.strip() for line in found.splitlines()):
        return 3
    if found.startswith(wanted):
        return 2
    return int(wanted in found)


def field(nodes: Sequence[Node], label: str) -> Node | None:
    """The text field with that label (a required mark or a hint may follow the label)."""
    return best([node for node in nodes if node.field], label)
