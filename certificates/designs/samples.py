"""Facts of nobody, to look at a design with."""

from typing import Any

from certificates.facts import CertificateFacts

SAMPLE_NUMBER = "CW-7K3M-9QX1-0BCA"
# As long as a name can plausibly be: 90 characters.
LONGEST_NAME = "Wolfeschlegelsteinhausenbergerdorff-Vandenberghe de la Fuente y Montesinos Castellanos III"
LONGEST_COURSE = (
    "Occupational Health and Safety Management Systems for Supervisors, Team Leaders and Safety Representatives in "
    "Warehousing, Logistics and Light Manufacturing: Advanced Refresher"
)


def sample_facts(**changes: Any) -> CertificateFacts:
    facts: CertificateFacts = {
        "name": "Marguerite Delacroix",
        "course": "Consultative Selling: From First Call to Signed Contract",
        "language": "en",
        "cycle": 1,
        "edition": 3,
        "edition_digest": "4f7a09c2" * 8,
        "score": "92.5",
        "minutes": 390,
        "seconds_spent": 21_840,
        "completed_on": "2026-03-12",
        "issued_on": "2026-03-12",
        "expires_on": "2028-03-11",
        "issuer": "Coursewright",
        "verification_url": f"https://learn.example.com/certificates/{SAMPLE_NUMBER}/",
        "design": {"name": "Sample", "revision": None, "digest": ""},
        "signatories": [],
    }
    return facts | changes  # type: ignore[return-value]
