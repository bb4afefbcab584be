"""A whole client in one file: enrol, log an activity, send it until the server has it, read the news.

Needs `requests` alone. Usage: python docs/example_client.py http://127.0.0.1:8000 XXXX-XXXX
"""

# ruff: noqa: T201 - a program that prints what it does
import gzip
import json
import secrets
import sys
import time
import uuid

import requests


def now() -> int:
    """Milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def record_id() -> str:
    """A UUIDv7: 48 bits of time, then chance."""
    value = now() << 80 | 7 << 76 | secrets.randbits(12) << 64 | 2 << 62 | secrets.randbits(62)
    return str(uuid.UUID(int=value))


def replica_id() -> str:
    """Sixteen characters that nobody else has."""
    return "".join(secrets.choice("0123456789abcdefghjkmnpqrstvwxyz") for _ in range(16))


def post(url: str, message: dict, token: str = "") -> dict:
    """Send a message and return the answer; a problem ends the program with its sentence."""
    headers = {"Content-Encoding": "gzip", "Accept-Language": "id"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    answer = requests.post(url, data=gzip.compress(json.dumps(message).encode()), headers=headers, timeout=60)
    if not answer.ok:
        sys.exit(f"{answer.json()['code']}: {answer.json()['detail']}")
    return answer.json()


def main(server: str, code: str) -> None:
    """Enrol, send one activity twice, and print what is known of the region."""
    api, replica = f"{server}/api/v1", replica_id()
    admission = post(f"{api}/enrol", {"code": code, "replica": replica, "device": "contoh"})
    write = {
        "n": 1,
        "record": record_id(),
        "kind": "other",
        "form": 1,
        "sets": {"region": admission["grants"][0]["region"], "date": "2026-11-22", "title": "Kerja bakti"},
        "time": {"wall": now()},
    }
    batch = {"protocol": 1, "replica": replica, "time": {"wall": now()}, "writes": [write]}
    # Whoever did not see the answer sends the same again: nothing happens twice.
    for _ in range(2):
        reply = post(f"{api}/sync", batch, admission["token"])
        outcome, receipt = reply["outcomes"][0], reply["receipts"][0]
        print(f"{outcome['result']}: receipt {receipt['number']} of home {receipt['home']}")
    cursor, more = "", True
    while more:
        news = {"protocol": 1, "replica": replica, "time": {"wall": now()}, "cursor": cursor}
        page = post(f"{api}/sync", news, admission["token"])["page"]
        for state in page.get("records", []):
            author = page["people"][state["author"]]["name"]
            print(f"{state['kind']} by {author}: {[head['sets'] for head in state['heads']]}")
        cursor, more = page["cursor"], page.get("more", False)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
