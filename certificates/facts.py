"""The facts a certificate freezes: what it prints and shows, and what stays true when everything else changes."""

import unicodedata
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from typing import TypedDict

from learners.enrolments.validity import last_valid_day as last_valid_day  # learners need the same rule for renewals

# Joiners shape Persian, Indic scripts and emoji; all other invisible characters only serve to deceive.
_JOINERS = {"\u200c", "\u200d"}
_UNPRINTABLE = {"Cc", "Cf", "Cs", "Co"}


class DesignFacts(TypedDict):
    """Which design: its name, the id of its revision (None for the built-in one), the SHA-256 of its snapshot."""

    name: str
    revision: int | None
    digest: str


class SignatoryFacts(TypedDict):
    name: str
    role: str
    image_sha256: str  # of the picture as it is printed; empty where there is none


class CertificateFacts(TypedDict):
    """Frozen as JSON. Dates are ISO dates of the site's time zone, the score is a decimal as text."""

    name: str
    course: str
    language: str  # of the course
    cycle: int
    edition: int
    edition_digest: str
    score: str | None  # 0-100, None where nothing is graded
    minutes: int  # as the edition states it
    seconds_spent: int  # as measured
    completed_on: str
    issued_on: str
    expires_on: str | None  # the last day it holds
    issuer: str
    verification_url: str
    design: DesignFacts
    signatories: list[SignatoryFacts]


def clean_line(text: str) -> str:
    """One line of printable text: composed characters, single spaces, no control or direction-overriding characters."""
    composed = unicodedata.normalize("NFC", text)
    spaced = "".join(" " if character.isspace() else character for character in composed)
    printable = (c for c in spaced if c in _JOINERS or unicodedata.category(c) not in _UNPRINTABLE)
    return " ".join("".join(printable).split())


def format_score(score: Decimal) -> str:
    """At most two decimals and none that say nothing: 92, 87.5, 66.67."""
    return f"{score:.2f}".rstrip("0").rstrip(".")


def end_of_day(day: date, zone: tzinfo) -> datetime:
    """The first moment after ``day`` in ``zone``."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone)
