"""The credential says what the certificate says, and no more."""

from certificates.credentials.build import StatusPlace, build_credential
from certificates.credentials.linked_data import canonicalise
from certificates.rendering import sample_facts
from tests.factories.credentials import EXPIRES_AT, ISSUED_AT, ISSUER, LIST_URL, make_credential
from tests.factories.keys import NUMBER


def test_credential_states_the_facts() -> None:
    credential = make_credential()
    subject = credential["credentialSubject"]
    assert (subject["name"], subject["licenseNumber"], subject["activityEndDate"]) == (
        "Marguerite Delacroix",
        NUMBER,
        "2026-03-12",
    )
    assert subject["result"][0]["value"] == "92.5"
    assert (subject["achievement"]["name"], subject["achievement"]["version"]) == (credential["name"], "3")
    assert (credential["validFrom"], credential["validUntil"]) == ("2026-03-12T09:30:00Z", "2028-03-11T23:59:59Z")
    assert credential["issuer"]["id"] == "did:web:learn.example.com"
    assert credential["credentialStatus"]["statusListCredential"] == LIST_URL


def test_person_is_named_as_printed_and_in_no_other_way() -> None:
    (identity,) = make_credential()["credentialSubject"]["identifier"]
    assert identity == {
        "type": "IdentityObject",
        "hashed": False,
        "identityHash": "Marguerite Delacroix",
        "identityType": "name",
    }


def test_course_without_score_and_end_leaves_them_out() -> None:
    credential = build_credential(
        sample_facts(score=None, minutes=0),
        number=NUMBER,
        issuer=ISSUER,
        issued_at=ISSUED_AT,
        expires_at=None,
        status=StatusPlace(LIST_URL, 0),
    )
    subject = credential["credentialSubject"]
    assert ("validUntil" in credential, "result" in subject, "resultDescription" in subject["achievement"]) == (
        False,
        False,
        False,
    )
    assert "learning time" not in credential["evidence"][0]["description"]
    assert EXPIRES_AT.year == 2028
    canonicalise(credential)


def test_editions_of_the_same_content_are_the_same_achievement() -> None:
    first = make_credential(name="Ann")["credentialSubject"]["achievement"]
    second = make_credential(name="Bob")["credentialSubject"]["achievement"]
    other = make_credential(edition_digest="0" * 64)["credentialSubject"]["achievement"]
    assert first["id"] == second["id"] != other["id"]
