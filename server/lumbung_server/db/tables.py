"""The tables as the newest migration leaves them. `home` starts every key of what phones bring: the shard key."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    false,
    text,
)

metadata = MetaData()

# Codes, ids and digests sort by their bytes on every database.
Bytes = String().with_variant(String(collation="C"), "postgresql")


def _listed(name: str, *columns: str, only: str = "") -> Index:
    """Return an index in which the feed finds activities that agree in some columns, in the feed's order.

    `only`: name of a column that has to be true: what is rarely so costs nothing elsewhere.
    """
    told = ("listed", only) if only else ("listed",)
    return Index(
        name,
        *columns,
        "date",
        "made_at",
        "id",
        *(("region",) if columns == ("author",) else ()),
        # Spelled as the queries are, or SQLite would not know that the index holds all they ask for.
        sqlite_where=text(" AND ".join(f"{one} = 1" for one in told)),
        postgresql_where=text(" AND ".join(told)),
    )


# Few records are: their index holds no others.
_COUNTED = text("counted_as != ''")

instance = Table(
    "instance",
    metadata,
    Column("name", Bytes, primary_key=True),
    Column("value", Text, nullable=False),
)

run = Table(
    "run",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("name", Bytes, nullable=False, unique=True),
    # The sum of all homes' counters and of that of the offers when it began.
    Column("total", BigInteger, nullable=False),
)

receipt_key = Table(
    "receipt_key",
    metadata,
    Column("id", Bytes, primary_key=True),
    Column("public", Text, nullable=False),
    Column("since", BigInteger, nullable=False),
)

region = Table(
    "region",
    metadata,
    Column("code", Bytes, primary_key=True),
    Column("name", Text, nullable=False),
    Column("valid_from", Bytes, nullable=False),
    Column("valid_to", Bytes, nullable=False),
    Column("successor", Bytes, nullable=False),
)

home = Table(
    "home",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("region", Bytes, nullable=False, unique=True),
    Column("n", BigInteger, nullable=False),
    Column("receipts", BigInteger, nullable=False),
)

person = Table(
    "person",
    metadata,
    Column("id", Bytes, primary_key=True),
    Column("name", Text, nullable=False),
    Column("profession", Text, nullable=False),
)

contact = Table(
    "contact",
    metadata,
    # Apart from the person, whom every page of news names: this is told to nobody but who keeps the roster.
    Column("person", Bytes, ForeignKey("person.id"), primary_key=True),
    Column("phone", Text, nullable=False),
)

organisation = Table(
    "organisation",
    metadata,
    Column("id", Bytes, primary_key=True),
)

organisation_name = Table(
    "organisation_name",
    metadata,
    Column("organisation", Bytes, ForeignKey("organisation.id"), primary_key=True),
    # ISO day from which it is called so; empty: always.
    Column("since", Bytes, primary_key=True),
    Column("name", Text, nullable=False),
)

membership = Table(
    "membership",
    metadata,
    Column("person", Bytes, ForeignKey("person.id"), primary_key=True),
    Column("since", Bytes, primary_key=True),
    # Of none from that day on.
    Column("organisation", Bytes, ForeignKey("organisation.id"), nullable=True),
)

grant = Table(
    "grant",
    metadata,
    Column("person", Bytes, ForeignKey("person.id"), primary_key=True),
    Column("region", Bytes, ForeignKey("region.code"), primary_key=True),
    Column("role", Bytes, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("valid_from", BigInteger, nullable=False),
    Column("valid_to", BigInteger, nullable=True),
)

account = Table(
    "account",
    metadata,
    Column("login", Bytes, primary_key=True),
    Column("person", Bytes, ForeignKey("person.id"), nullable=False),
    Column("password_hash", Text, nullable=False),
)

second_factor = Table(
    "second_factor",
    metadata,
    Column("login", Bytes, ForeignKey("account.login"), primary_key=True),
    # The secret, encrypted with a key that no database holds.
    Column("secret", Text, nullable=False),
    # The last time step (30 s) of which a code was taken: a code counts once.
    Column("last_step", BigInteger, nullable=False),
    # Null until its first code has come.
    Column("confirmed_at", BigInteger, nullable=True),
)

recovery_code = Table(
    "recovery_code",
    metadata,
    Column("digest", Bytes, primary_key=True),
    Column("login", Bytes, ForeignKey("account.login"), nullable=False),
    Index("recovery_code_login", "login"),
)

reset_link = Table(
    "reset_link",
    metadata,
    # One for an account: a newer one takes its place.
    Column("login", Bytes, ForeignKey("account.login"), primary_key=True),
    Column("digest", Bytes, nullable=False, unique=True),
    Column("made_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
)

session = Table(
    "session",
    metadata,
    # Of what the browser's cookie holds.
    Column("digest", Bytes, primary_key=True),
    Column("id", Bytes, nullable=False, unique=True),
    Column("login", Bytes, ForeignKey("account.login"), nullable=False),
    Column("person", Bytes, ForeignKey("person.id"), nullable=False),
    # The phone it was opened on, when that was known to be the same person's.
    Column("device", Bytes, nullable=False),
    Column("name", Text, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("last_seen", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Index("session_login", "login"),
)

enrolment_code = Table(
    "enrolment_code",
    metadata,
    Column("digest", Bytes, primary_key=True),
    Column("person", Bytes, ForeignKey("person.id"), nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("used_at", BigInteger, nullable=True),
    Column("used_by", Bytes, nullable=True),
    # The person who invited; empty at the command line.
    Column("made_by", Bytes, nullable=True),
    # When it let a second store in, in place of the first.
    Column("again_at", BigInteger, nullable=True),
)

attempt = Table(
    "attempt",
    metadata,
    Column("key", Bytes, primary_key=True),
    Column("period", BigInteger, primary_key=True),
    Column("n", Integer, nullable=False),
)

device = Table(
    "device",
    metadata,
    Column("id", Bytes, primary_key=True),
    Column("person", Bytes, ForeignKey("person.id"), nullable=False),
    Column("token_digest", Bytes, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("app", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("revoked_at", BigInteger, nullable=True),
    Column("last_seen", BigInteger, nullable=False),
    Column("skew", BigInteger, nullable=False),
    # What it says it holds unsent, and when it last said so; null until it did.
    Column("standing", Text, nullable=True),
    Column("standing_at", BigInteger, nullable=True),
    Index("device_person", "person"),
)

replica = Table(
    "replica",
    metadata,
    Column("id", Bytes, primary_key=True),
    Column("person", Bytes, ForeignKey("person.id"), nullable=False),
    Column("device", Bytes, ForeignKey("device.id"), nullable=False),
    Column("created_at", BigInteger, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("number", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=True),
    Column("at", BigInteger, nullable=False),
    # Who did it in the app, or else the system's account. No foreign keys: the log outlives everybody.
    Column("person", Bytes, nullable=False),
    Column("account", Text, nullable=False),
    Column("act", Bytes, nullable=False),
    Column("about", Bytes, nullable=False),
    Column("region", Bytes, nullable=False),
    Column("details", Text, nullable=False),
    Index("audit_about", "about", "number"),
)

handover_permit = Table(
    "handover_permit",
    metadata,
    # No foreign keys here and to devices below: what waits outlives the phone that it came from.
    Column("device", Bytes, primary_key=True),
    # Of the token that may hand over: a later one of the same device may not.
    Column("token_digest", Bytes, nullable=False),
    Column("allowed_by", Bytes, nullable=False),
    Column("until", BigInteger, nullable=False),
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("number", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=True),
    Column("person", Bytes, ForeignKey("person.id"), nullable=False),
    Column("device", Bytes, nullable=False),
    Column("replica", Bytes, nullable=False),
    Column("came_at", BigInteger, nullable=False),
    # What the phone's clocks showed when it handed over, and at the last answer it had heard.
    Column("clocks", Text, nullable=False),
    Column("state", Bytes, nullable=False),
    Column("decided_by", Bytes, nullable=False),
    Column("decided_at", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Index("quarantine_person", "person"),
)

quarantined_write = Table(
    "quarantined_write",
    metadata,
    Column("replica", Bytes, primary_key=True),
    # Two contents under one number, of copies of a store, both wait: one of them is a fork when it is judged.
    Column("digest", Bytes, primary_key=True),
    Column("quarantine", BigInteger, ForeignKey("quarantine.number"), nullable=False),
    Column("n", BigInteger, nullable=False),
    Column("content", Text, nullable=False),
    Column("state", Bytes, nullable=False),
    # What became of it, as a phone would be told; empty while it waits.
    Column("outcome", Text, nullable=False),
    Index("quarantined_write_quarantine", "quarantine", "n"),
)

form_offer = Table(
    "form_offer",
    metadata,
    Column("kind", Bytes, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    # Rises with each change of any offer. Who changes one runs alone: so it is the order of the commits.
    Column("number", BigInteger, nullable=False, unique=True),
    Column("region", Bytes, ForeignKey("region.code"), nullable=False),
    Column("since", Bytes, nullable=False),
    Column("withdrawn", Boolean, nullable=False),
    Column("purpose", Bytes, nullable=False),
    Column("digest", Bytes, nullable=False),
    # Empty for a form that travels with the software.
    Column("published_by", Bytes, nullable=False),
    Column("published_at", BigInteger, nullable=False),
    # Last, for it is long: who looks for the others does not read it.
    Column("form", Text, nullable=False),
)

write = Table(
    "write",
    metadata,
    Column("home", Integer, ForeignKey("home.id"), primary_key=True),
    Column("replica", Bytes, primary_key=True),
    Column("n", BigInteger, primary_key=True),
    Column("record", Bytes, nullable=False),
    Column("arrival", BigInteger, nullable=False),
    Column("person", Bytes, ForeignKey("person.id"), nullable=False),
    Column("digest", Bytes, nullable=False),
    Column("content", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("flags", Text, nullable=False),
    Column("receipt", BigInteger, nullable=False),
    # A name or an id that two homes took at once would be two things: the index keeps them one.
    Index("write_replica_n", "replica", "n", unique=True),
    Index("write_home_record", "home", "record", "arrival"),
)

record = Table(
    "record",
    metadata,
    Column("home", Integer, ForeignKey("home.id"), primary_key=True),
    Column("id", Bytes, primary_key=True),
    Column("kind", Bytes, nullable=False),
    Column("form", Integer, nullable=False),
    Column("region", Bytes, nullable=False),
    Column("author", Bytes, ForeignKey("person.id"), nullable=False),
    Column("date", Bytes, nullable=False),
    Column("state", Text, nullable=False),
    Column("digest", Bytes, nullable=False),
    Column("deleted", Boolean, nullable=False),
    Column("disputed", Boolean, nullable=False),
    Column("flags", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("arrival", BigInteger, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    # What it contributes to the tallies, empty for nothing: what a later change takes back.
    Column("counted", Text, nullable=False, server_default=""),
    # What feeds filter by, beside the record so that a page needs no other table (ADR 19).
    # Codes cut from the region, empty where that lies higher.
    Column("regency", Bytes, nullable=False, server_default=""),
    Column("district", Bytes, nullable=False, server_default=""),
    # An activity that was not deleted, and that no other stands for.
    Column("listed", Boolean, nullable=False, server_default=false()),
    # Id of the author's on the day of the activity, empty for none.
    Column("organisation", Bytes, nullable=False, server_default=""),
    Column("review", Bytes, nullable=False, server_default="received"),
    # A picture of it has not arrived.
    Column("lacking", Boolean, nullable=False, server_default=false()),
    # The record that stands for this one, where they are one event; empty: it counts itself.
    Column("counted_as", Bytes, nullable=False, server_default=""),
    Index("record_id", "id", unique=True),
    Index("record_author_region", "author", "region"),
    Index(
        "record_target",
        "region",
        "id",
        sqlite_where=text("kind = 'programme-target'"),
        postgresql_where=text("kind = 'programme-target'"),
    ),
    Index("record_counted_as", "counted_as", sqlite_where=_COUNTED, postgresql_where=_COUNTED),
    _listed("feed_author", "author"),
    *(
        index
        for place in ("regency", "region")
        for index in (
            _listed(f"feed_{place}", place),
            _listed(f"feed_{place}_kind", place, "kind"),
            _listed(f"feed_{place}_organisation", place, "organisation"),
            _listed(f"feed_{place}_review", place, "review"),
            _listed(f"feed_{place}_disputed", place, "disputed", only="disputed"),
            _listed(f"feed_{place}_lacking", place, "lacking", only="lacking"),
        )
    ),
)

record_text = Table(
    "record_text",
    metadata,
    # Rises with the first arrival: what a search looks at begins with the newest.
    Column("number", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=True),
    Column("record", Bytes, nullable=False, unique=True),
    # Folded words of the answers, and one for each region that the activity lies in. What finds them is the database's
    # own: `db/texts.py`.
    Column("words", Text(collation="C").with_variant(Text(), "sqlite"), nullable=False),
)

tally = Table(
    "tally",
    metadata,
    # That of the region: whoever changes a number has locked it.
    Column("home", Integer, ForeignKey("home.id"), primary_key=True),
    # The region with everything below it; a province stands for what was recorded in no kabupaten/kota of it.
    Column("region", Bytes, primary_key=True),
    # Empty: all kinds.
    Column("kind", Bytes, primary_key=True),
    Column("measure", Bytes, primary_key=True),
    # YYYY-MM of the activity, empty for one without a day.
    Column("month", Bytes, primary_key=True),
    Column("review", Bytes, primary_key=True),
    Column("number", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

joining = Table(
    "joining",
    metadata,
    # What the records say that say of two activities whether they are one, as far as it can be followed.
    Column("home", Integer, ForeignKey("home.id"), primary_key=True),
    Column("record", Bytes, primary_key=True),
    Column("region", Bytes, nullable=False),
    Column("kind", Bytes, nullable=False),
    Column("counted", Bytes, nullable=False),
    Column("stands", Bytes, nullable=False),
    Column("verdict", Bytes, nullable=False),
    Index("joining_region_kind", "region", "kind"),
    Index("joining_counted", "counted"),
    Index("joining_stands", "stands"),
)

feed = Table(
    "feed",
    metadata,
    Column("home", Integer, ForeignKey("home.id"), primary_key=True),
    Column("region", Bytes, primary_key=True),
    Column("record", Bytes, primary_key=True),
    Column("record_home", Integer, ForeignKey("home.id"), nullable=False),
    Column("n", BigInteger, nullable=False),
    Column("present", Boolean, nullable=False),
    Index("feed_home_n", "home", "n"),
    Index("feed_home_region_n", "home", "region", "n"),
    Index("feed_record", "record"),
)

receipt = Table(
    "receipt",
    metadata,
    Column("home", Integer, ForeignKey("home.id"), primary_key=True),
    Column("number", BigInteger, primary_key=True),
    Column("replica", Bytes, nullable=False),
    Column("time", BigInteger, nullable=False),
    Column("numbers", Text, nullable=False),
    Column("root", Bytes, nullable=False),
    Column("key", Bytes, nullable=False),
    Column("signature", Text, nullable=False),
)

photo = Table(
    "photo",
    metadata,
    # The home of the record, as of the write that names the picture.
    Column("home", Integer, ForeignKey("home.id"), primary_key=True),
    Column("record", Bytes, primary_key=True),
    Column("sha256", Bytes, primary_key=True),
    # Whose write names it.
    Column("person", Bytes, ForeignKey("person.id"), primary_key=True),
    # The number of the home's counter at which this person had shown to have the bytes; 0 as long as that is open.
    Column("arrived", BigInteger, nullable=False),
    Column("device", Bytes, nullable=False),
    Index("photo_sha256", "sha256", "person"),
    # Only what has not arrived: few, however many there are.
    Index("photo_outstanding", "person", sqlite_where=text("arrived = 0"), postgresql_where=text("arrived = 0")),
)

blob = Table(
    "blob",
    metadata,
    Column("sha256", Bytes, primary_key=True),
    Column("bytes", BigInteger, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("arrived_at", BigInteger, nullable=False),
)

blob_holder = Table(
    "blob_holder",
    metadata,
    Column("sha256", Bytes, ForeignKey("blob.sha256"), primary_key=True),
    Column("person", Bytes, ForeignKey("person.id"), primary_key=True),
)

upload = Table(
    "upload",
    metadata,
    Column("id", Bytes, primary_key=True),
    Column("person", Bytes, ForeignKey("person.id"), nullable=False),
    Column("sha256", Bytes, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("finished", Boolean, nullable=False),
    Index("upload_person", "person", "finished"),
    Index("upload_expires_at", "expires_at"),
)

photo_wanted = Table(
    "photo_wanted",
    metadata,
    # Who is asked to send a picture, once more.
    Column("person", Bytes, ForeignKey("person.id"), primary_key=True),
    Column("sha256", Bytes, primary_key=True),
    Column("asked_by", Bytes, ForeignKey("person.id"), nullable=False),
    Column("asked_at", BigInteger, nullable=False),
)

erasure = Table(
    "erasure",
    metadata,
    Column("id", Bytes, primary_key=True),
    # A record or a person; no foreign keys: an older copy of the database may not know them yet.
    Column("what", Bytes, nullable=False),
    Column("subject", Bytes, nullable=False),
    Column("paths", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("person", Bytes, nullable=False),
    Column("account", Text, nullable=False),
    Column("reason", Bytes, nullable=False),
    Column("request", Text, nullable=False),
    # At which number of the record's home it happened in this database; 0 for a person, and before the record came.
    Column("home", Integer, nullable=False),
    Column("number", BigInteger, nullable=False),
    Index("erasure_subject", "subject"),
)

catalogue_session = Table(
    "catalogue_session",
    metadata,
    # A record of a kind that can show products, and what keeps it from that.
    Column("home", Integer, ForeignKey("home.id"), primary_key=True),
    Column("record", Bytes, primary_key=True),
    Column("region", Bytes, nullable=False),
    Column("standing", Bytes, nullable=False),
    Index("catalogue_session_standing", "standing", "region"),
)

catalogue = Table(
    "catalogue",
    metadata,
    # By what name everybody may ask for the product.
    Column("item", Bytes, primary_key=True),
    Column("home", Integer, ForeignKey("home.id"), nullable=False),
    Column("record", Bytes, nullable=False),
    # The region and those above it: a page of each is read from an index in its order.
    Column("province", Bytes, nullable=False),
    Column("regency", Bytes, nullable=False),
    Column("district", Bytes, nullable=False),
    Column("region", Bytes, nullable=False),
    # When it was verified.
    Column("at", BigInteger, nullable=False),
    Column("product", Text, nullable=False),
    Column("price", BigInteger, nullable=True),
    Column("business", Text, nullable=False),
    Column("pictures", Text, nullable=False),
    Index("catalogue_record", "home", "record"),
    Index("catalogue_province", "province", "at", "item"),
    Index("catalogue_regency", "regency", "at", "item"),
    Index("catalogue_district", "district", "at", "item"),
    Index("catalogue_region", "region", "at", "item"),
)

catalogue_picture = Table(
    "catalogue_picture",
    metadata,
    # A picture that anybody may have as long as the row stands.
    Column("sha256", Bytes, primary_key=True),
    Column("item", Bytes, ForeignKey("catalogue.item"), primary_key=True),
    Index("catalogue_picture_item", "item"),
)
