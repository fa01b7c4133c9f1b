"""Keys are made once, rotated without forgetting, kept out of sight, and missed with a sentence that helps."""

import io
import logging
import threading
import traceback
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from pytest_django.fixtures import Settings

from certificates.key_files import KeyFileError, KeyFolder, Passphrase, read_key_file
from certificates.keys import get_signing_pair, list_public_keys, report_keys, rotate_key
from certificates.models import SigningKey
from certificates.public_keys import load_public
from certificates.services import issue_certificate, render_file
from tests.factories.learners import EnrolmentFactory

PURPOSES = ["pdf", "credential"]


@pytest.fixture(autouse=True)
def keys_dir(settings: Settings, tmp_path: Path) -> Path:
    settings.CERTIFICATE_KEYS_DIR = tmp_path / "keys"
    return tmp_path / "keys"


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("certificate_keys", *arguments, stdout=out, no_color=True)
    return out.getvalue()


def make_pkcs12(path: Path) -> str:
    """A key and certificate of somebody else's making, locked with "open sesame"; the id it will have."""
    folder = KeyFolder(path.parent / "elsewhere", Passphrase(""))
    with folder.locked():
        made = folder.make("pdf", name="Academy", url="https://learn.example.com", at=timezone.now())
    certificate = x509.load_pem_x509_certificate(made.public.certificates.encode())
    lock = BestAvailableEncryption(b"open sesame")
    path.write_bytes(pkcs12.serialize_key_and_certificates(b"academy", made.private, certificate, None, lock))
    return made.public.kid


@pytest.mark.parametrize("purpose", PURPOSES)
def test_key_is_made_on_first_use_and_then_kept(db: None, purpose: str) -> None:
    first, second = get_signing_pair(purpose), get_signing_pair(purpose)
    assert first.public.kid == second.public.kid == SigningKey.objects.get().kid
    assert load_public(first.public.pem) == second.private.public_key()


def test_private_key_is_a_file_for_its_owner_alone(db: None, keys_dir: Path) -> None:
    kid = get_signing_pair("pdf").public.kid
    assert (keys_dir.stat().st_mode & 0o777, (keys_dir / f"{kid}.pem").stat().st_mode & 0o777) == (0o700, 0o600)


def test_private_key_is_in_no_row_and_shows_in_no_repr(db: None) -> None:
    pair = get_signing_pair("pdf")
    row = SigningKey.objects.values().get()
    assert "PRIVATE" not in f"{row} {pair!r} {pair.private!r} {Passphrase('secret')!r}"
    assert "secret" not in f"{Passphrase('secret')}"


def test_private_keys_are_in_no_log_and_no_output(db: None, keys_dir: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        output = run("generate") + run("rotate") + run("list")
        certificate = issue_certificate(enrolment_id=EnrolmentFactory(completed=True).pk)
        assert certificate is not None
        assert render_file(certificate_id=certificate.pk).sha256
    told = output + caplog.text + str(list(SigningKey.objects.values()))
    files = [path.read_text() for path in keys_dir.glob("*.pem") if "PRIVATE" in path.read_text()]
    secrets = [line for text in files for line in text.split("PRIVATE KEY-----")[1].splitlines() if len(line) > 20]
    assert (len(files), [line for line in secrets if line in told]) == (4, [])


def test_passphrase_encrypts_the_file(db: None, settings: Settings, keys_dir: Path) -> None:
    settings.CERTIFICATE_KEYS_PASSPHRASE = "correct horse"
    kid = get_signing_pair("credential").public.kid
    assert (keys_dir / f"{kid}.pem").read_text().startswith("-----BEGIN ENCRYPTED PRIVATE KEY-----")
    assert get_signing_pair("credential").public.kid == kid


def test_wrong_passphrase_is_said_without_saying_it(
    db: None, settings: Settings, keys_dir: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings.CERTIFICATE_KEYS_PASSPHRASE = "correct horse"
    pair = get_signing_pair("credential")
    wrong = "battery staple"
    with caplog.at_level(logging.DEBUG), pytest.raises(KeyFileError) as caught:
        read_key_file(keys_dir / f"{pair.public.kid}.pem", Passphrase(wrong))
    told = "".join(traceback.format_exception(caught.value)) + caplog.text
    assert "damaged, or another passphrase" in told
    assert ("battery staple" in told, "correct horse" in told) == (False, False)


@pytest.mark.parametrize("purpose", PURPOSES)
def test_rotation_retires_the_old_key_and_keeps_it(db: None, purpose: str) -> None:
    old = get_signing_pair(purpose).public
    new = rotate_key(purpose=purpose)
    assert get_signing_pair(purpose).public.kid == new.kid != old.kid
    assert [(key.kid, key.retired_at is None) for key in list_public_keys(purpose)] == [
        (old.kid, False),
        (new.kid, True),
    ]


def test_lost_private_key_is_missed_with_what_to_do(db: None, keys_dir: Path) -> None:
    kid = get_signing_pair("pdf").public.kid
    (keys_dir / f"{kid}.pem").unlink()
    with pytest.raises(KeyFileError, match=f"{kid} is not in .* certificate_keys rotate pdf"):
        get_signing_pair("pdf")
    assert [(report.key.kid, report.place) for report in report_keys()] == [(kid, "")]
    assert rotate_key(purpose="pdf").kid == get_signing_pair("pdf").public.kid


def test_file_of_another_key_is_refused(db: None, keys_dir: Path) -> None:
    kid = get_signing_pair("pdf").public.kid
    other = rotate_key(purpose="pdf").kid
    (keys_dir / f"{kid}.pem").replace(keys_dir / f"{other}.pem")
    with pytest.raises(KeyFileError, match="holds another key"):
        get_signing_pair("pdf")


def test_unwritable_folder_is_said(db: None, settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    settings.CERTIFICATE_KEYS_DIR = tmp_path / "file" / "keys"
    with pytest.raises(KeyFileError, match="cannot be written"):
        get_signing_pair("pdf")
    assert SigningKey.objects.count() == 0


def test_id_from_the_database_is_no_path(db: None, keys_dir: Path) -> None:
    get_signing_pair("pdf")
    SigningKey.objects.update(kid="../../etc/passwd")
    with pytest.raises(KeyFileError, match="not the id of a key"):
        get_signing_pair("pdf")


def test_given_pkcs12_is_used_and_a_new_one_is_a_rotation(db: None, settings: Settings, tmp_path: Path) -> None:
    own = get_signing_pair("pdf").public.kid
    settings.CERTIFICATE_PKCS12, settings.CERTIFICATE_PKCS12_PASSWORD = str(tmp_path / "a.p12"), "open sesame"
    given = make_pkcs12(tmp_path / "a.p12")
    assert get_signing_pair("pdf").public.kid == given
    assert [(key.kid, key.retired_at is None) for key in list_public_keys()] == [(own, False), (given, True)]
    with pytest.raises(KeyFileError, match="comes from CERTIFICATE_PKCS12"):
        rotate_key(purpose="pdf")


@pytest.mark.parametrize(
    "content", [b"", b"nonsense", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"]
)
def test_given_file_that_is_no_key_is_said(db: None, settings: Settings, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.p12"
    path.write_bytes(content)
    settings.CERTIFICATE_PKCS12 = str(path)
    with pytest.raises(KeyFileError, match="cannot be opened"):
        get_signing_pair("pdf")


def test_given_file_that_is_missing_is_said(db: None, settings: Settings, tmp_path: Path) -> None:
    settings.CERTIFICATE_PKCS12 = str(tmp_path / "none.p12")
    with pytest.raises(KeyFileError, match="cannot be read"):
        get_signing_pair("pdf")


def test_command_generates_once_and_lists(db: None, keys_dir: Path) -> None:
    assert "No keys yet" in run("list")
    assert run("generate") == run("generate")
    pdf, credential = (get_signing_pair(purpose).public for purpose in PURPOSES)
    listed = run("list")
    assert [line.split()[0] for line in listed.splitlines() if not line.startswith(" ")] == [pdf.kid, credential.kid]
    assert f"SHA-256 {pdf.fingerprint}" in listed
    assert f"private key: {keys_dir / pdf.kid}.pem" in listed
    assert "others may read" not in listed
    (keys_dir / f"{pdf.kid}.pem").chmod(0o644)
    assert "others may read this file" in run("list", "pdf")


def test_command_rotates_one_purpose(db: None) -> None:
    run("generate")
    run("rotate", "pdf")
    assert run("list").count("retired: in use") == 2
    assert SigningKey.objects.filter(purpose="credential").count() == 1


def test_command_says_in_one_line_what_is_wrong(db: None, settings: Settings, tmp_path: Path) -> None:
    settings.CERTIFICATE_PKCS12 = str(tmp_path / "none.p12")
    with pytest.raises(CommandError, match=r"^CERTIFICATE_PKCS12: .* cannot be read"):
        run("generate", "pdf")


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("has_own_folder", [False, True])
def test_many_processes_at_once_end_with_one_key(
    settings: Settings, tmp_path: Path, has_own_folder: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sharing a folder or not: the machine that came second uses the key of the first, or says that it lacks it."""
    start, outcomes = threading.Barrier(8), []
    if has_own_folder:
        folders = iter(range(8))
        monkeypatch.setattr(
            "certificates.keys._folder", lambda: KeyFolder(tmp_path / str(next(folders, 9)), Passphrase(""))
        )

    def make() -> None:
        start.wait()
        try:
            outcomes.append(get_signing_pair("pdf").public.kid)
        except KeyFileError:
            outcomes.append("")
        finally:
            connection.close()

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kid = SigningKey.objects.get().kid
    assert set(outcomes) - {"", kid} == set()
    assert len(outcomes) == 8
    if not has_own_folder:
        assert outcomes == [kid] * 8
        assert [path.name for path in (tmp_path / "keys").glob("*.pem")] == [f"{kid}.pem"]
