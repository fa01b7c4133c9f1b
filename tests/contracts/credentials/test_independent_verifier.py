"""Software that is not ours, from npm, accepts our credentials and refuses changed ones, without any network."""

import copy
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from certificates.credentials.did import build_did_document
from certificates.credentials.linked_data import canonicalise
from tests.factories.credentials import INDEX, LIST_URL, SITE, make_credential, make_jwt, make_list, make_signed
from tests.factories.keys import make_pair, shared_pair

HERE = Path(__file__).parent
FILES = ("package.json", "package-lock.json", "verify.mjs")
NOW = "2026-06-01T00:00:00Z"
AFTER_EXPIRY = "2029-01-01T00:00:00Z"
Answer = dict[str, Any]


@pytest.fixture(scope="module")
def verifier(pytestconfig: pytest.Config) -> Path:
    """The verifier with its packages, installed once for each lock file."""
    is_ci = bool(os.environ.get("CI"))
    if not (shutil.which("npm") and shutil.which("node")):
        if is_ci:
            pytest.fail("npm and node are needed: python3 requirements/bootstrap.py ci installs them.")
        pytest.skip("needs npm and node: python3 requirements/bootstrap.py dev installs them")
    assert pytestconfig.cache is not None
    digest = hashlib.sha256(b"".join((HERE / name).read_bytes() for name in FILES)).hexdigest()
    folder = Path(pytestconfig.cache.mkdir("credential-verifier")) / digest[:16]
    folder.mkdir(exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / ".installed").exists():
            for name in FILES:
                shutil.copy(HERE / name, folder)
            command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"]
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
            if done.returncode and not is_ci:
                pytest.skip(f"npm could not install the verifier: {done.stderr.strip().splitlines()[:1]}")
            assert done.returncode == 0, done.stderr
            (folder / ".installed").touch()
    return folder


def ask(verifier: Path, *cases: dict[str, Any], revoked: tuple[int, ...] = ()) -> list[Answer]:
    """What the verifier says of each case. The status list is of now, since it asks the real clock about lists."""
    keys = [shared_pair("credential").public, shared_pair("pdf").public]
    question = {
        "did": build_did_document(SITE, keys),
        "lists": {LIST_URL: make_list(*revoked, at=datetime.now(UTC))},
        "cases": [{"now": NOW, **case} for case in cases],
    }
    done = subprocess.run(
        ["node", "verify.mjs"],
        cwd=verifier,
        input=json.dumps(question),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return list(json.loads(done.stdout))


def changed(document: dict[str, Any]) -> list[dict[str, Any]]:
    """The credential, each time with one character of one text changed."""
    found: list[dict[str, Any]] = []

    def walk(value: Any, path: list[Any]) -> None:
        if isinstance(value, dict | list):
            for key, item in value.items() if isinstance(value, dict) else enumerate(value):
                walk(item, [*path, key])
        elif isinstance(value, str):
            other = copy.deepcopy(document)
            place: Any = other
            for key in path[:-1]:
                place = place[key]
            place[path[-1]] = value[:-1] + ("7" if value[-1] != "7" else "8")
            found.append(other)

    walk(document, [])
    return found


def test_official_contexts_mean_the_same_as_ours(verifier: Path) -> None:
    documents = [make_credential(name="Zoë 李 👩‍🎓"), make_credential(score=None)]
    listed = {key: part for key, part in make_list(1, 2).items() if key != "proof"}
    answers = ask(verifier, *({"canonicalise": document} for document in [*documents, listed]))
    assert [answer.get("quads") for answer in answers] == [
        canonicalise(document).decode() for document in [*documents, listed]
    ]


def test_ours_is_accepted(verifier: Path) -> None:
    """Issued by the site, by the key itself, as a token, and without a score."""
    answers = ask(
        verifier,
        {"credential": make_signed()},
        {"credential": make_signed(by_key=True)},
        {"credential": make_signed(score=None, name="Zoë 李")},
        {"jwt": make_jwt()},
    )
    assert [(answer["verified"], answer.get("error")) for answer in answers] == [(True, None)] * 4
    assert answers[3]["payload"]["credentialSubject"] == make_credential()["credentialSubject"]


def test_one_changed_character_is_refused(verifier: Path) -> None:
    documents = changed(make_signed()) + changed(make_signed(by_key=True))
    answers = ask(verifier, *({"credential": document} for document in documents))
    assert len(answers) == 102
    assert [document for document, answer in zip(documents, answers, strict=True) if answer["verified"]] == []


def test_changed_token_is_refused(verifier: Path) -> None:
    token = make_jwt()
    places = range(5, len(token) - 2, 97)
    tokens = [token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :] for at in places]
    answers = ask(verifier, *({"jwt": one} for one in tokens))
    assert [answer["verified"] for answer in answers] == [False] * len(places)


def test_added_word_is_refused(verifier: Path) -> None:
    (answer,) = ask(verifier, {"credential": make_signed() | {"honours": "first class"}})
    assert answer["verified"] is False


def test_stranger_with_our_name_is_refused(verifier: Path) -> None:
    (answer,) = ask(verifier, {"credential": make_signed(make_pair("credential"))})
    assert answer["verified"] is False


def test_revoked_is_refused_by_the_list(verifier: Path) -> None:
    cases = [{"credential": make_signed()}, {"credential": make_signed(by_key=True)}]
    refused = {"verified": False, "error": "Revoked"}
    assert ask(verifier, *cases, revoked=(INDEX,)) == [refused, refused]
    assert ask(verifier, *cases, revoked=(INDEX + 1,)) == [{"verified": True}, {"verified": True}]


def test_expired_is_refused(verifier: Path) -> None:
    answers = ask(
        verifier,
        {"credential": make_signed(), "now": AFTER_EXPIRY},
        {"jwt": make_jwt(), "now": AFTER_EXPIRY},
    )
    assert ["after" in answers[0]["error"], answers[1]["error"].split(":")[0]] == [True, "JWTExpired"]


def test_lock_names_no_address_to_download_from() -> None:
    packages = json.loads((HERE / "package-lock.json").read_text())["packages"]
    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert [name for name, package in packages.items() if name and "integrity" not in package] == []
