"""Nothing that is not signed passes as signed: undefined words, dropped values, foreign contexts, costly documents."""

import time
from typing import Any

import pytest

from certificates.credentials.linked_data import LinkedDataError, canonicalise
from tests.factories.credentials import make_credential


def subject_with(**changes: Any) -> dict[str, Any]:
    credential = make_credential()
    credential["credentialSubject"] |= changes
    return credential


def test_spelling_does_not_matter() -> None:
    credential = make_credential()
    turned = dict(reversed(credential.items()))
    turned["@context"] = credential["@context"]
    turned["type"] = list(reversed(credential["type"]))
    assert canonicalise(turned) == canonicalise(credential)


def test_every_text_of_the_credential_is_signed() -> None:
    quads = canonicalise(make_credential(name='Zoë "Z" <b>')).decode()
    for text in ('"Zoë \\"Z\\" <b>"', '"92.5"', '"Score"', '"CW-7K3M-9QX1-0BCA"', '"54321"', '"3"', '"en"'):
        assert f" {text} ." in quads or f" {text}^^" in quads


@pytest.mark.parametrize(
    "changes",
    [
        {"honours": "first class"},  # a word that no context defines
        {"value": "100"},  # defined, but not here
        {"type": ["AchievementSubject", "Genius"]},
        {"http://example.com/x": "1"},
        {"@id": "https://example.com/"},
        {"@graph": [{"id": "https://example.com/"}]},
        {"result": []},
        {"result": None},
        {"score": 92.5},
        {"id": "relative"},
        {"id": 'https://x.example/> <https://schema.org/name> "Somebody" .\n<https://x.example/'},
        {"id": "_:b0"},
        {"id": {"id": "https://x.example/"}},
        {"type": "Achievement> <x:y> <x:z"},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_what_would_not_be_signed_as_it_reads_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(LinkedDataError):
        canonicalise(subject_with(**changes))


@pytest.mark.parametrize(
    "context",
    [
        "https://www.w3.org/ns/credentials/v2",
        ["https://www.w3.org/ns/credentials/v2", "https://example.com/context"],
        ["https://www.w3.org/ns/credentials/v2", {"honours": "https://example.com/honours"}],
        [{"@vocab": "https://schema.org/"}],
        None,
    ],
)
def test_contexts_of_others_are_not_known_and_never_fetched(context: Any) -> None:
    with pytest.raises(LinkedDataError):
        canonicalise(make_credential() | {"@context": context})


def test_documents_made_to_be_costly_are_refused_at_once() -> None:
    """Canonicalising n nameless things that look alike takes about n! steps."""
    alike = [{"type": ["Result"], "value": "1"} for _ in range(12)]
    deep: dict[str, Any] = {"type": ["Achievement"], "name": "x"}
    for _ in range(200):
        deep = {"type": ["AchievementSubject"], "achievement": deep}
    started = time.monotonic()
    for credential in (subject_with(result=alike), subject_with(achievement=deep)):
        with pytest.raises(LinkedDataError, match="more intricate"):
            canonicalise(credential)
    assert time.monotonic() - started < 1
