"""What the service worker does about versions of the app: its own code, in Node, with a stand-in for a browser."""

from __future__ import annotations

import json
import re
import subprocess
from datetime import date
from pathlib import Path

import pytest
from bundle import build, compiled

from lumbung_client import __version__

SCENES = Path(__file__).with_name("service_workers.mjs")
CLAIMS = {
    "first": "a first version begins at once, and starts with the server gone",
    "ready": "a new version is fetched beside the one in use, which every page keeps until somebody says otherwise",
    "begun": "a page that was opened before keeps its version while a new one begins, and so does its Python worker",
    "back": "one can go back to the version before, and is told of a still newer one only",
    "settled": "the version before goes when everything was sent by the new one, and no page of it is open",
    "renewed": "what is ready begins at a start when no other page is open",
    "activated": "a worker that waits comes into office when one page is open, and changes no page's version",
    "emptied": "with nothing kept any more a page is the server's as a whole",
    "cut": "a version that was cut off is not begun, and goes on where it was cut",
    "mended": "files of two versions are never mixed",
    "rolledBack": "an older version that the server has again is a version like any other",
    "untouched": "what is no file of the app is none of its business",
}


@pytest.mark.parametrize("office", ["older", "newer"])
@pytest.mark.parametrize("scene", CLAIMS)
def test_scenes_of_versions_end_as_they_should_whichever_worker_is_in_office(scene: str, office: str) -> None:
    command = [str(compiled.node()), str(SCENES), str(build.STATIC), scene, office]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, f"{CLAIMS[scene]}\n{done.stderr}"


def test_no_scene_is_left_out() -> None:
    _, _, scenes = SCENES.read_text("utf-8").partition("SCENES =")
    assert re.findall(r"^  async (\w+)\(\) \{$", scenes, re.MULTILINE) == list(CLAIMS)


def test_what_people_are_told_of_this_version_is_about_this_version() -> None:
    told = json.loads((build.STATIC / "release.json").read_text("utf-8"))
    assert told["number"] == __version__
    assert date.fromisoformat(told["date"])
    assert set(told["news"]) == {"id", "en"}
    assert all(0 < len(sentence) <= 140 and sentence.endswith(".") for sentence in told["news"].values())
