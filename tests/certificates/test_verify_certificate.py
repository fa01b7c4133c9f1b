"""The command: one clear answer, the right exit code, and never a traceback for a bad file."""

import io
import json
import os
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from certificates.credentials.services import ensure_credential, make_did_document, make_status_list
from certificates.credentials.signing import write_json
from certificates.models import Certificate
from certificates.sealing import seal_pdf
from tests.factories.keys import SEALED_AT, make_pdf


def run(*arguments: object) -> tuple[int, str]:
    out, code = io.StringIO(), 0
    try:
        call_command("verify_certificate", *(str(argument) for argument in arguments), stdout=out, no_color=True)
    except SystemExit as stopped:
        code = int(str(stopped.code))
    return code, out.getvalue()


@pytest.fixture
def file(certificate: Certificate, tmp_path: Path) -> Path:
    pdf = make_pdf({"credential.json": ensure_credential(certificate).body.encode()})
    path = tmp_path / "certificate.pdf"
    path.write_bytes(seal_pdf(pdf, at=SEALED_AT, facts=certificate.facts, number=certificate.number).pdf)
    (tmp_path / "did.json").write_text(write_json(make_did_document()))
    (tmp_path / "status.json").write_text(make_status_list(1) or "")
    return path


def test_genuine_certificate_with_the_database(file: Path, certificate: Certificate) -> None:
    code, told = run(file)
    lines = told.splitlines()
    assert (code, lines[0]) == (0, "VALID: It is genuine, and it holds.")
    assert lines[1:4] == [
        f"  number: {certificate.number}",
        "  name: Ann Able",
        f"  course: {certificate.facts['course']}",
    ]
    assert lines[-1].startswith("  revocation last checked: 20")


def test_genuine_certificate_without_database(file: Path, tmp_path: Path, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):
        code, told = run(file, "--did", tmp_path / "did.json")
        listed = run(file, "--keys", tmp_path / "did.json", "--status", tmp_path / "status.json")
    assert (code, told.splitlines()[-1]) == (0, "  revocation last checked: never")
    assert (listed[0], listed[1].splitlines()[-1].startswith("  revocation last checked: 20")) == (0, True)


def test_revoked_certificate_fails(file: Path) -> None:
    Certificate.objects.update(status="revoked", revoked_at=SEALED_AT, revocation_reason="misconduct")
    code, told = run(file)
    assert (code, told.splitlines()[0]) == (1, "REVOKED: It was revoked on 2026-03-12: misconduct.")


def test_answer_as_json(file: Path, certificate: Certificate) -> None:
    code, told = run(file, "--json")
    answer = json.loads(told)
    assert (code, answer["state"], answer["is_valid"], answer["number"]) == (0, "valid", True, certificate.number)


@pytest.mark.parametrize(
    ("data", "state"),
    [
        (b"", "UNREADABLE"),
        (b"not a PDF", "UNREADABLE"),
        (b"%PDF-1.7\ntruncated", "NOT OURS"),
        (b"%PDF-1.7\n/Encrypt 5 0 R", "NOT OURS"),
        (b"{" * 10_000, "NOT OURS"),
        (b"%PDF-1.7" + b"\0" * (21 * 1024 * 1024), "UNREADABLE"),
    ],
    ids=range(6),
)
def test_bad_files_get_one_line(db: None, tmp_path: Path, data: bytes, state: str) -> None:
    (tmp_path / "file").write_bytes(data)
    code, told = run(tmp_path / "file")
    assert (code, told.count("\n"), told.split(":")[0]) == (1, 1, state)


def test_changed_file_fails(file: Path) -> None:
    file.write_bytes(file.read_bytes() + b" ")
    assert run(file) == (1, "ALTERED: The file carries our signature, but it was changed after it was signed.\n")


def test_what_is_no_file_is_said(db: None, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name in (tmp_path, tmp_path / "none", tmp_path / "pipe", "/dev/zero", "bad\0name", "x" * 5000):
        with pytest.raises(CommandError, match=r"is not a file|cannot be read"):
            call_command("verify_certificate", str(name))


def test_keys_that_are_none_are_said(file: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text("{}")
    with pytest.raises(CommandError, match=r"neither a did\.json nor PEM"):
        run(file, "--keys", tmp_path / "bad.json")
    with pytest.raises(CommandError, match="--status goes with --keys"):
        run(file, "--status", tmp_path / "status.json")
    with pytest.raises(CommandError, match="no proof"):
        run(file, "--keys", tmp_path / "did.json", "--status", tmp_path / "bad.json")
