"""JSON-LD to the statements that are signed: the only file that knows PyLD. Nothing is ever fetched.

Only our own contexts are known, and only documents as small and plain as ours are read: canonicalising is costly for
statements made to be costly, and these come from strangers too.
"""

import re
from typing import Any

from pyld import jsonld

from certificates.credentials.contexts import CONTEXTS, UNDEFINED

MAX_BLANK_NODES = 6
MAX_OBJECTS = 40
MAX_DEPTH = 8

# An undefined term stands as predicate or as type; in a literal the same letters mean nothing.
_UNDEFINED_TERM = re.compile(rf"^\S+ (?:\S+ )?<({re.escape(UNDEFINED)}[^>]*)>", re.MULTILINE)

_TERM = re.compile(r"[A-Za-z]+")
# What stands under these words is a reference. A relative one is dropped; one with such characters is not one IRI.
_REFERENCES = {"id", "issuer", "credentialSubject", "credentialStatus", "evidence", "criteria"} | {
    "verificationMethod",
    "statusListCredential",
    "proof",
}
_ABSOLUTE_IRI = re.compile(r"[a-z][a-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x20]+")


class LinkedDataError(ValueError):
    """The document says something that is not defined, or is not a document like ours."""


def canonicalise(document: dict[str, Any]) -> bytes:
    """The document's statements as canonical N-Quads (RDFC-1.0), the same for every spelling of the same content.

    Raises ``LinkedDataError`` for a term, type or context that we do not define, and for what is too intricate.
    """
    _refuse_strange(document)
    try:
        quads = jsonld.normalize(
            document,
            {
                "algorithm": "URDNA2015",
                "format": "application/n-quads",
                "documentLoader": _load_own_context,
            },
        )
    except (jsonld.JsonLdError, ValueError, TypeError, AttributeError, KeyError) as error:
        raise LinkedDataError("The credential is not sound JSON-LD.") from error
    if undefined := _UNDEFINED_TERM.search(quads):
        raise LinkedDataError(f"The credential uses a word that is not defined: {undefined[1][:100]}")
    return str(quads).encode()


def _load_own_context(url: str, options: Any = None) -> dict[str, Any]:
    if url not in CONTEXTS:
        raise LinkedDataError(f"This context is not known here: {url[:100]}")
    return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url, "document": CONTEXTS[url]}


def _refuse_strange(document: dict[str, Any]) -> None:
    """Whatever JSON-LD would drop without a word, or would let slip into another statement, is refused by its looks."""
    names = document.get("@context")
    if not isinstance(names, list) or not all(isinstance(name, str) and name in CONTEXTS for name in names):
        raise LinkedDataError("The credential names contexts that are not known here.")
    blank, objects = 0, 0
    waiting: list[tuple[str, Any, int]] = [("", {key: document[key] for key in document if key != "@context"}, 0)]
    while waiting:
        key, value, depth = waiting.pop()
        if isinstance(value, dict):
            objects += 1
            blank += "id" not in value
            waiting += [(name, item, depth + 1) for name, item in value.items()]
        elif isinstance(value, list):
            waiting += [(key, item, depth + 1) for item in value]
        _refuse_value(key, value)
        if depth > MAX_DEPTH or objects > MAX_OBJECTS or blank > MAX_BLANK_NODES:
            raise LinkedDataError("The credential is more intricate than ours are.")


def _refuse_value(key: str, value: Any) -> None:
    if value is None or isinstance(value, float) or value in ([], {}):
        raise LinkedDataError("The credential holds an empty value or a fraction.")
    if isinstance(value, dict) and not all(_TERM.fullmatch(name) for name in value):
        raise LinkedDataError("The credential uses keywords or full addresses as names; ours do not.")
    if key in _REFERENCES and isinstance(value, str) and not _ABSOLUTE_IRI.fullmatch(value):
        raise LinkedDataError(f"{key} is not a full address.")
    if key in ("id", "type") and not isinstance(value, str | list):
        raise LinkedDataError(f"{key} is not text.")
    if key == "type" and isinstance(value, str) and not _TERM.fullmatch(value):
        raise LinkedDataError("A type of the credential is not a word.")
