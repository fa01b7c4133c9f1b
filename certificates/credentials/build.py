"""Frozen facts as an Open Badges 3.0 credential, not signed yet. Pure: the same facts give the same credential.

It says what the printed certificate says, and no more: no e-mail address, not even a hashed one, which anybody who has
the address could recognise.
"""

import base64
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from certificates.credentials.contexts import CREDENTIALS_V2, OPEN_BADGES_V3
from certificates.credentials.did import site_of
from certificates.facts import CertificateFacts

Credential = dict[str, Any]


@dataclass(frozen=True)
class StatusPlace:
    """Where it can be looked up whether the credential still holds: a public list, and the place in it."""

    list_url: str
    index: int


def build_credential(
    facts: CertificateFacts,
    *,
    number: str,
    issuer: str,
    issued_at: datetime,
    expires_at: datetime | None,
    status: StatusPlace,
) -> Credential:
    """``issuer`` is the DID that will sign; ``expires_at`` the first moment it no longer holds."""
    achievement_id = _content_address(facts["edition_digest"])
    credential: Credential = {
        "@context": [CREDENTIALS_V2, OPEN_BADGES_V3],
        "id": f"{facts['verification_url']}credential.json",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": facts["course"],
        "issuer": {
            "id": issuer,
            "type": ["Profile"],
            "name": facts["issuer"],
            "url": site_of(facts["verification_url"]),
        },
        "validFrom": format_time(issued_at),
        "credentialSubject": _subject(facts, number, achievement_id),
        "evidence": [_evidence(facts)],
        "credentialStatus": {
            "id": f"{status.list_url}#{status.index}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(status.index),
            "statusListCredential": status.list_url,
        },
    }
    if expires_at:
        credential["validUntil"] = format_time(expires_at - timedelta(seconds=1))  # the last second counts
    return credential


def format_time(moment: datetime) -> str:
    """UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _subject(facts: CertificateFacts, number: str, achievement_id: str) -> Credential:
    score_id = f"{achievement_id}#score"
    achievement: Credential = {
        "id": achievement_id,
        "type": ["Achievement"],
        "achievementType": "CertificateOfCompletion",
        "name": facts["course"],
        "description": f"Completed the course {facts['course']}.",
        "criteria": {"narrative": "Completed every required part of the course, in the edition named here."},
        "inLanguage": facts["language"],
        "version": str(facts["edition"]),
    }
    subject: Credential = {
        "type": ["AchievementSubject"],
        "name": facts["name"],
        "identifier": [
            {"type": "IdentityObject", "hashed": False, "identityHash": facts["name"], "identityType": "name"}
        ],
        "licenseNumber": number,
        "activityEndDate": facts["completed_on"],
        "achievement": achievement,
    }
    if facts["score"] is not None:
        achievement["resultDescription"] = [
            {
                "id": score_id,
                "type": ["ResultDescription"],
                "name": "Score",
                "resultType": "Percent",
                "valueMin": "0",
                "valueMax": "100",
            }
        ]
        subject["result"] = [{"type": ["Result"], "resultDescription": score_id, "value": facts["score"]}]
    return subject


def _evidence(facts: CertificateFacts) -> Credential:
    studied = f"Edition {facts['edition']} of the course, with the SHA-256 {facts['edition_digest']}."
    planned = f" Planned learning time: {facts['minutes']} minutes." if facts["minutes"] else ""
    return {
        "id": facts["verification_url"],
        "type": ["Evidence"],
        "name": "The edition that was studied",
        "description": studied + planned,
    }


def _content_address(digest: str) -> str:
    """The edition by its SHA-256 (RFC 6920): the same course as studied has the same name everywhere."""
    return f"ni:///sha-256;{base64.urlsafe_b64encode(bytes.fromhex(digest)).rstrip(b'=').decode()}"
