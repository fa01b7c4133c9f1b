"""What a lesson's document depends on, as one digest: an unchanged lesson is recognised without rendering it."""

import hashlib
import marshal
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from courses.blocks.refs import Reference, Refs
from courses.quizzes.stored import question_to_json

_HERE = Path(__file__).resolve().parent
# The code that turns a stored lesson into its document. Its own bytes go into the digest, so nobody has to remember
# to bump a version when a block renders differently.
_RENDERING = (_HERE / "compiler.py", _HERE / "duration.py", _HERE.parent / "blocks", _HERE.parent / "quizzes")
_RENDERERS = ("markdown-it-py", "nh3")


@cache
def rendering_digest() -> str:
    """SHA-256 over the rendering code and the versions of the libraries it calls; once a process."""
    digest = hashlib.sha256()
    for place in _RENDERING:
        for path in sorted(place.glob("*.py")) if place.is_dir() else [place]:
            digest.update(path.read_bytes())
    for name in _RENDERERS:
        digest.update(version(name).encode())
    return digest.hexdigest()


def fingerprint_lesson(row: Mapping[str, Any], references: Iterable[Reference], refs: Refs, paths_digest: str) -> str:
    """Equal fingerprints mean equal documents and answer keys. ``row`` holds the body as it is ``stored``.

    ``paths_digest`` stands for the addresses of the course's lessons, which only imported lessons link to by source.
    """
    parts = [
        rendering_digest(),
        [str(row["translation_key"]), row["title"], row["slug"], row["summary"], row["minutes"]],
        row["stored"],
        [[kind, pk, _resolved(kind, pk, refs)] for kind, pk in references],
        [row["source"], paths_digest] if row["source"] else [],
    ]
    # Stored text and marshal are a tenth of the cost of canonical JSON. Where the same content is spelled otherwise
    # (another database, another Python) the fingerprint differs and the lesson is rendered once more, to the same.
    return hashlib.sha256(marshal.dumps(parts, 2)).hexdigest()


def _resolved(kind: str, pk: int, refs: Refs) -> Any:
    if kind == "image":
        return refs.image(pk)
    if kind == "media":
        return [refs.media(pk), refs.media_duration(pk)]
    if kind == "document":
        return refs.document(pk)
    if kind == "bank":
        return [question_to_json(question) for question in refs.bank.get(pk, ())]
    return refs.page_path(pk)
