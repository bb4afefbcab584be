"""The one error that services raise on purpose: a stable code and what the caller needs to go on."""

from __future__ import annotations

from collections.abc import Mapping

from lumbung_shared.problems import Code

STATUS: Mapping[Code, int] = {
    Code.ENROLMENT_CODE_UNKNOWN: 404,
    Code.ENROLMENT_CODE_USED: 409,
    Code.ENROLMENT_CODE_EXPIRED: 410,
    Code.LOGIN_WRONG: 403,
    Code.TOO_MANY_ATTEMPTS: 429,
    Code.REPLICA_TAKEN: 409,
    Code.TOTP_NEEDED: 403,
    Code.TOTP_WRONG: 403,
    Code.TOTP_ON: 409,
    Code.PASSWORD_WEAK: 400,
    Code.PASSWORD_WRONG: 403,
    Code.RESET_LINK_VOID: 410,
    Code.SESSION_ENDED: 401,
    Code.CSRF_REFUSED: 403,
    Code.PLACE_UNKNOWN: 404,
    Code.TOKEN_MISSING: 401,
    Code.TOKEN_UNKNOWN: 401,
    Code.TOKEN_EXPIRED: 401,
    Code.TOKEN_REVOKED: 401,
    Code.FORBIDDEN: 403,
    Code.DEVICE_UNKNOWN: 404,
    Code.PERSON_UNKNOWN: 404,
    Code.DEVICE_NOT_REVOKED: 409,
    Code.HANDOVER_NOT_ALLOWED: 403,
    Code.HANDOVER_FULL: 413,
    Code.HANDOVER_UNKNOWN: 404,
    Code.HANDOVER_DECIDED: 409,
    Code.BODY_MALFORMED: 400,
    Code.BODY_TOO_LARGE: 413,
    Code.TOO_MANY_WRITES: 413,
    Code.PROTOCOL_UNSUPPORTED: 400,
    Code.APP_TOO_OLD: 400,
    Code.FILTER_MALFORMED: 400,
    Code.EXPORT_TOO_LARGE: 400,
    Code.FORM_UNSOUND: 400,
    Code.FORM_TOO_LARGE: 413,
    Code.FORM_UNKNOWN: 404,
    Code.FIELD_RETYPED: 409,
    Code.KIND_TAKEN: 409,
    Code.TUS_UNSUPPORTED: 412,
    Code.UPLOAD_MALFORMED: 400,
    Code.UPLOAD_TYPE_WRONG: 415,
    Code.UPLOAD_UNKNOWN: 404,
    Code.UPLOAD_EXPIRED: 410,
    Code.UPLOAD_BUSY: 423,
    Code.UPLOAD_OFFSET_WRONG: 409,
    Code.UPLOAD_CHECKSUM_WRONG: 460,
    Code.TOO_MANY_UPLOADS: 429,
    Code.PHOTO_NOT_NAMED: 404,
    Code.PHOTO_TOO_LARGE: 413,
    Code.PHOTO_DIGEST_WRONG: 422,
    Code.PHOTO_REFUSED: 422,
    Code.PHOTO_UNKNOWN: 404,
    Code.RECORD_UNKNOWN: 404,
    Code.NOT_FOUND: 404,
    Code.METHOD_NOT_ALLOWED: 405,
    Code.SERVER_ERROR: 500,
    Code.SERVER_BUSY: 503,
    Code.NOT_READY: 503,
}


class Refusal(Exception):
    """A request is refused as a whole. `where`: dotted path into it; `retry_after`: seconds, 0 for no advice."""

    def __init__(self, code: Code, where: str = "", retry_after: int = 0) -> None:
        super().__init__(code.value)
        self.code = code
        self.where = where
        self.retry_after = retry_after

    @property
    def status(self) -> int:
        """The HTTP status of the code."""
        return STATUS[self.code]
