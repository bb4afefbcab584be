"""What Schemathesis cannot know: how an Excel file and a chunk of a photo go into a request."""

from __future__ import annotations

from typing import Any

import schemathesis

from lumbung_server.routes.tus import CHUNK_TYPE
from lumbung_server.xlsform.writing import MEDIA_TYPE


@schemathesis.serializer(MEDIA_TYPE, CHUNK_TYPE)
def as_they_are(_: schemathesis.SerializationContext, value: Any) -> bytes:
    """Send bytes as bytes, and anything else as some bytes."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")
