"""What each word of our credentials means: a small JSON-LD context of our own for each address that they name.

The addresses are the official ones, which other people's software knows by heart. These documents hold just the terms
we use, each with the same IRI and type as the official document, so that both canonicalise to the same statements
(tests/contracts/credentials asks independent software). ``@vocab`` turns every other term into one below ``UNDEFINED``,
where it is seen and refused; by itself JSON-LD would drop it silently and sign as if it were not there.
"""

from typing import Any

CREDENTIALS_V2 = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES_V3 = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
DID_V1 = "https://www.w3.org/ns/did/v1"
MULTIKEY_V1 = "https://w3id.org/security/multikey/v1"
JWK_V1 = "https://w3id.org/security/jwk/v1"
UNDEFINED = "urn:undefined:"

_VC = "https://www.w3.org/2018/credentials#"
_STATUS = "https://www.w3.org/ns/credentials/status#"
_SECURITY = "https://w3id.org/security#"
_SCHEMA = "https://schema.org/"
_OB = "https://purl.imsglobal.org/spec/vc/ob/vocab.html#"
_XSD_2001 = "http://www.w3.org/2001/XMLSchema#"
_XSD = "https://www.w3.org/2001/XMLSchema#"  # Open Badges spell the scheme with an s

Context = dict[str, Any]


def _scoped(iri: str, **terms: Any) -> Context:
    """A type, and the terms that mean something within it."""
    return {"@id": iri, "@context": {"@protected": True, "id": "@id", "type": "@type", **terms}}


def _typed(iri: str, datatype: str) -> dict[str, str]:
    return {"@id": iri, "@type": datatype}


def _set_of(iri: str) -> dict[str, str]:
    return {"@id": iri, "@container": "@set"}


_CREDENTIALS: Context = {
    "@protected": True,
    "@vocab": UNDEFINED,
    "id": "@id",
    "type": "@type",
    "name": f"{_SCHEMA}name",
    "description": f"{_SCHEMA}description",
    "VerifiableCredential": _scoped(
        f"{_VC}VerifiableCredential",
        issuer=_typed(f"{_VC}issuer", "@id"),
        validFrom=_typed(f"{_VC}validFrom", f"{_XSD_2001}dateTime"),
        validUntil=_typed(f"{_VC}validUntil", f"{_XSD_2001}dateTime"),
        credentialSubject=_typed(f"{_VC}credentialSubject", "@id"),
        credentialStatus=_typed(f"{_VC}credentialStatus", "@id"),
        evidence=_typed(f"{_VC}evidence", "@id"),
        proof={"@id": f"{_SECURITY}proof", "@type": "@id", "@container": "@graph"},
    ),
    "BitstringStatusListCredential": f"{_STATUS}BitstringStatusListCredential",
    "BitstringStatusList": _scoped(
        f"{_STATUS}BitstringStatusList",
        encodedList=_typed(f"{_STATUS}encodedList", f"{_SECURITY}multibase"),
        statusPurpose=f"{_STATUS}statusPurpose",
        ttl=f"{_STATUS}ttl",
    ),
    "BitstringStatusListEntry": _scoped(
        f"{_STATUS}BitstringStatusListEntry",
        statusListCredential=_typed(f"{_STATUS}statusListCredential", "@id"),
        statusListIndex=f"{_STATUS}statusListIndex",
        statusPurpose=f"{_STATUS}statusPurpose",
    ),
    "DataIntegrityProof": _scoped(
        f"{_SECURITY}DataIntegrityProof",
        created=_typed("http://purl.org/dc/terms/created", f"{_XSD_2001}dateTime"),
        cryptosuite=_typed(f"{_SECURITY}cryptosuite", f"{_SECURITY}cryptosuiteString"),
        proofPurpose={
            "@id": f"{_SECURITY}proofPurpose",
            "@type": "@vocab",
            "@context": {"@protected": True, "assertionMethod": f"{_SECURITY}assertionMethod"},
        },
        proofValue=_typed(f"{_SECURITY}proofValue", f"{_SECURITY}multibase"),
        verificationMethod=_typed(f"{_SECURITY}verificationMethod", "@id"),
    ),
}

_OPEN_BADGES: Context = {
    "@protected": True,
    "id": "@id",
    "type": "@type",
    "name": {"@id": f"{_SCHEMA}name"},
    "description": {"@id": f"{_SCHEMA}description"},
    "narrative": {"@id": f"{_OB}narrative"},
    "url": _typed(f"{_SCHEMA}url", f"{_XSD}anyURI"),
    "OpenBadgeCredential": {"@id": f"{_OB}OpenBadgeCredential"},
    "Profile": _scoped(f"{_OB}Profile"),
    "Criteria": {"@id": f"{_OB}Criteria"},
    "Evidence": _scoped(f"{_OB}Evidence"),
    "AchievementSubject": _scoped(
        f"{_OB}AchievementSubject",
        achievement={"@id": f"{_OB}achievement"},
        activityEndDate=_typed(f"{_OB}activityEndDate", f"{_XSD}date"),
        identifier=_set_of(f"{_OB}identifier"),
        licenseNumber={"@id": f"{_OB}licenseNumber"},
        result=_set_of(f"{_OB}result"),
    ),
    "Achievement": _scoped(
        f"{_OB}Achievement",
        achievementType={"@id": f"{_OB}achievementType"},
        criteria=_typed(f"{_OB}Criteria", "@id"),
        inLanguage={"@id": f"{_SCHEMA}inLanguage"},
        resultDescription=_set_of(f"{_OB}resultDescription"),
        version={"@id": f"{_OB}version"},
    ),
    "IdentityObject": _scoped(
        f"{_OB}IdentityObject",
        hashed=_typed(f"{_OB}hashed", f"{_XSD}boolean"),
        identityHash={"@id": f"{_OB}identityHash"},
        identityType={"@id": f"{_OB}identityType"},
    ),
    "Result": _scoped(
        f"{_OB}Result",
        resultDescription=_typed(f"{_OB}resultDescription", f"{_XSD}anyURI"),
        value={"@id": f"{_SCHEMA}value"},
    ),
    "ResultDescription": _scoped(
        f"{_OB}ResultDescription",
        resultType={"@id": f"{_OB}resultType"},
        valueMin={"@id": f"{_OB}valueMin"},
        valueMax={"@id": f"{_OB}valueMax"},
    ),
}

CONTEXTS: dict[str, Context] = {
    CREDENTIALS_V2: {"@context": _CREDENTIALS},
    OPEN_BADGES_V3: {"@context": _OPEN_BADGES},
}
