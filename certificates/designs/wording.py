"""What placeholders become: the frozen facts as words and numbers of the design's language."""

from datetime import date
from decimal import Decimal

from django.utils import dateformat, formats, translation

from certificates.facts import CertificateFacts

# Where a language's own long format is not what a certificate should say.
_DATE_FORMATS = {"en": "j F Y"}


def make_values(*, number: str, facts: CertificateFacts, language: str) -> dict[str, str | None]:
    """One value for every placeholder; ``None`` for what this certificate does not have."""
    with translation.override(language):
        return {
            "name": facts["name"],
            "course": facts["course"],
            "score": None if facts["score"] is None else f"{_decimal(facts['score'])} %",
            "hours": _hours(facts["seconds_spent"]),
            "duration": _duration(facts["minutes"]),
            "completed_on": _long_date(facts["completed_on"], language),
            "issued_at": _long_date(facts["issued_on"], language),
            "expires_on": _long_date(facts["expires_on"], language) if facts["expires_on"] else None,
            "number": number,
            "edition": str(facts["edition"]),
            "digest": facts["edition_digest"][:8],
            "issuer": facts["issuer"],
        }


def _long_date(iso_date: str, language: str) -> str:
    pattern = _DATE_FORMATS.get(language) or formats.get_format("DATE_FORMAT")
    return dateformat.format(date.fromisoformat(iso_date), pattern)


def _decimal(number: str) -> str:
    return str(formats.number_format(Decimal(number)))


def _hours(seconds: int) -> str | None:
    """Hours with one decimal, and nothing where nothing was measured."""
    tenths = round(seconds / 360)
    return _decimal(f"{tenths / 10:g}") if tenths else None


def _duration(minutes: int) -> str | None:
    hours, rest = divmod(minutes, 60)
    return " ".join(part for part in (f"{hours} h" if hours else "", f"{rest} min" if rest else "") if part) or None
