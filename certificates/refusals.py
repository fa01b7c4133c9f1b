"""Why something about a certificate is not done, with a code for programs and a sentence for people."""


class LifeRefusedError(Exception):
    """``code``: not_found, bad_reason, bad_name, bad_note, already_revoked, not_revoked, revoked, superseded,
    nothing_to_correct, not_yours, no_proof or no_address."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
