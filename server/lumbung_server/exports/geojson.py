"""Activities as GeoJSON (RFC 7946): a point where somebody said where they were, no geometry where nobody did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from lumbung_server.exports.columns import OWN, column_name, questions
from lumbung_server.exports.moments import Moments
from lumbung_server.exports.raw import Asker, Names, RawRecord, stored
from lumbung_shared.canonical import Json
from lumbung_shared.forms import FieldType, Form, rows
from lumbung_shared.shapes import fits

MEDIA_TYPE = "application/geo+json"


class GeoJson:
    """A collection of features in the making, one to a line."""

    def __init__(self, forms: Iterable[Form]) -> None:
        self._forms = {(form.kind, form.version): (form, Asker(form)) for form in forms}
        self._moments = Moments()
        self._begun = False

    def begin(self) -> bytes:
        """Return the beginning of the collection."""
        return b'{"type":"FeatureCollection","features":[\n'

    def page(self, records: Iterable[RawRecord], names: Names) -> bytes:
        """Return the features of records."""
        features = [msgspec.json.encode(self._feature(one, names)) for one in records]
        between = b",\n" if self._begun and features else b""
        self._begun = self._begun or bool(features)
        return between + b",\n".join(features)

    def end(self) -> bytes:
        """Return the end of the collection."""
        return b"\n]}\n"

    def _feature(self, raw: RawRecord, names: Names) -> dict[str, object]:
        record, kind, version, region, author, date, at, made_at, disputed, review, flags, state = raw
        form, asker = self._forms.get((kind, version), (None, None))
        # By a form that nobody had used when this file was begun, nothing is told of it.
        answers = asker.asked(stored(state, disputed=disputed), at) if asker else {}
        organisation = names.organisation(author, date or self._moments.day(at))
        own = (
            *(record, kind, version, date, region, names.regions.get(region, "")),
            *(author, names.people.get(author, ""), organisation, names.also_by(record)),
            *(self._moments.text(made_at), self._moments.text(at), bool(disputed), review),
            msgspec.Raw(flags.encode()),
        )
        return {
            "type": "Feature",
            "id": record,
            "geometry": _point(form, answers) if form else None,
            "properties": {**(_properties(form, answers) if form else {}), **dict(zip(OWN, own, strict=True))},
        }


def _properties(form: Form, answers: Mapping[str, Json]) -> dict[str, Json]:
    """Return what is answered by the names of the questions; of those with rows, the rows."""
    found: dict[str, Json] = {}
    for item in questions(form):
        value: Json = list(rows(item.name, answers).values()) if item.has_rows else answers.get(item.name)
        if value is not None and value != []:
            found[column_name(item.name)] = value
    return found


def _point(form: Form, answers: Mapping[str, Json]) -> dict[str, object] | None:
    """Return the first place that was measured, longitude before latitude."""
    for item in form.questions:
        said = answers.get(item.name)
        if item.type == FieldType.LOCATION and isinstance(said, Mapping) and fits(item, said):
            return {"type": "Point", "coordinates": [float(str(said["lon"])), float(str(said["lat"]))]}
    return None
