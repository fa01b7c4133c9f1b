"""Is this file one of our certificates, and does it still hold? One answer for the command and for the web page."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from certificates.public_keys import PublicKey

MAX_FILE = 20 * 1024 * 1024


@dataclass(frozen=True)
class Verdict:
    """What ``verify_file`` found.

    ``state``: ``valid``; ``superseded``, ``revoked``, ``expired`` (genuine, but no longer to be relied on);
    ``altered`` (it carries our signature, and something was changed after); ``not_ours``; ``unreadable`` (not a PDF or
    credential, or too large). ``reason`` is one sentence for people. ``facts`` are those that the file itself states
    under our signature: name, course, number and so on, empty for files that are not genuine.
    """

    state: str
    reason: str
    kind: str = ""  # pdf, credential or jwt
    number: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    signed_by: str = ""  # id of the key
    signed_at: datetime | None = None
    status_checked_at: datetime | None = None  # None: nobody could be asked whether it was revoked
    is_stored_copy: bool = False  # byte for byte what we keep

    @property
    def is_genuine(self) -> bool:
        return self.state in ("valid", "superseded", "revoked", "expired")

    @property
    def is_valid(self) -> bool:
        return self.state == "valid"


def verify_file(
    data: bytes, *, keys: Iterable[PublicKey] | None = None, status_list: bytes | None = None, now: datetime | None = None
) -> Verdict:
    """Judge a PDF or credential. Never raises for what is in the file.

    Without ``keys`` the database is asked: for the keys, the stored bytes and the status today. With them nothing but
    the arguments is used, and ``status_list`` (a saved list) says whether it was revoked.
    """
    raise NotImplementedError
