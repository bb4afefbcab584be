"""Which addresses count as one when attempts are counted."""

from __future__ import annotations

import pytest

from lumbung_server.services.attempts import network


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:0db8:0001:0002::/64"),
        ("2001:db8:1:2::", "2001:0db8:0001:0002::/64"),
        ("2001:db8:1:3::", "2001:0db8:0001:0003::/64"),
        ("", ""),
        ("bukan alamat", "bukan alamat"),
    ],
)
def test_addresses_that_one_customer_changes_at_will_count_as_one(address: str, counted: str) -> None:
    assert network(address) == counted
