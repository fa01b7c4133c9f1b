"""Private keys as files: made with mode 0600 in a folder of mode 0700, encrypted if there is a passphrase.

A private key never becomes a string, a database value, a log line or part of an exception here. Knows no database.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PrivateFormat, pkcs12
from cryptography.x509.oid import NameOID, ObjectIdentifier

from certificates.public_keys import CREDENTIAL, PublicKey, PublicKeyError, make_credential_key, make_sealing_key

_LARGEST = 256 * 1024
_YEARS = timedelta(days=365 * 30)
_DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")


class KeyFileError(Exception):
    """A private key cannot be read or written. The message says what an operator can do."""

    code = "key_unavailable"

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


class Passphrase:
    """Text that shows itself in no repr, log or traceback."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def __bool__(self) -> bool:
        return bool(self._text)

    def __repr__(self) -> str:
        return "Passphrase(hidden)"

    def reveal(self) -> bytes | None:
        return self._text.encode() or None


@dataclass(frozen=True)
class KeyPair:
    """A key we can sign with. The private half is an opaque object of the cryptography library."""

    public: PublicKey
    private: Any = field(repr=False)


class KeyFolder:
    """The folder of key files, one ``<kid>.pem`` each: the private key, then its certificate if it has one."""

    def __init__(self, path: Path, passphrase: Passphrase) -> None:
        self.path = path
        self._passphrase = passphrase

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """One process at a time makes keys in this folder."""
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(self.path / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise KeyFileError(
                f"No key can be made: the folder {self.path} cannot be written ({error.strerror}). "
                "Make it writable for the site's user, or set CERTIFICATE_KEYS_DIR."
            ) from None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def make(self, purpose: str, *, name: str, url: str, at: datetime) -> KeyPair:
        """A new key pair, safely on disk before anybody hears of it."""
        private: Any
        if purpose == CREDENTIAL:
            private = ed25519.Ed25519PrivateKey.generate()
            public = make_credential_key(private.public_key())
        else:
            private = ec.generate_private_key(ec.SECP256R1())
            public = make_sealing_key([_self_signed(private, name=name, url=url, at=at)])
        pair = KeyPair(public=public, private=private)
        self._write(pair)
        return pair

    def discard(self, kid: str) -> None:
        """Undo ``make`` for a key that nobody has used."""
        self._file(kid).unlink(missing_ok=True)

    def has(self, kid: str) -> bool:
        return self._file(kid).is_file()

    def is_private(self, kid: str) -> bool:
        """Only the owner of the file may read it."""
        return self._file(kid).stat().st_mode & 0o077 == 0

    def stamp(self, kid: str) -> tuple[str, int] | None:
        """Changes when the file does."""
        with contextlib.suppress(OSError):
            return str(self._file(kid)), self._file(kid).stat().st_mtime_ns
        return None

    def load(self, public: PublicKey) -> KeyPair:
        """Raises ``KeyFileError`` if the file is missing, locked by another passphrase, or holds another key."""
        path = self._file(public.kid)
        if not path.is_file():
            raise KeyFileError(
                f"The private key {public.kid} is not in {self.path}. Put {path.name} back from your backup, or make "
                f"a new key: manage.py certificate_keys rotate {public.purpose}"
            )
        pair = read_key_file(path, self._passphrase)
        if pair.public.kid != public.kid:
            raise KeyFileError(f"{path} holds another key than {public.kid}. Put the right file back.")
        return KeyPair(public=public, private=pair.private)

    def _file(self, kid: str) -> Path:
        if not kid.replace("-", "").isalnum():  # ids come from the database, which a path must not believe
            raise KeyFileError("This is not the id of a key.")
        return self.path / f"{kid}.pem"

    def _write(self, pair: KeyPair) -> None:
        path = self._file(pair.public.kid)
        secret = self._passphrase.reveal() if self._passphrase else None
        encryption = serialization.BestAvailableEncryption(secret) if secret else serialization.NoEncryption()
        del secret
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(pair.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption))
                file.write(pair.public.certificates.encode())
                file.flush()
                os.fsync(descriptor)
        except OSError as error:
            path.unlink(missing_ok=True)
            raise KeyFileError(f"The key could not be written to {self.path} ({error.strerror}).") from None


def read_key_file(path: Path, passphrase: Passphrase) -> KeyPair:
    """A private key with its certificates, from PKCS#12 or PEM. Raises ``KeyFileError``."""
    try:
        if path.stat().st_size > _LARGEST:
            raise KeyFileError(f"{path} is too large for a key.")
        private, chain = _parse(path, passphrase)
        if isinstance(private, ed25519.Ed25519PrivateKey):
            return KeyPair(public=make_credential_key(private.public_key()), private=private)
        if not chain or chain[0].public_key() != private.public_key():
            raise KeyFileError(f"{path} holds a key but no certificate for it. Readers of PDFs need both.")
        return KeyPair(public=make_sealing_key(chain), private=private)
    except OSError as error:
        raise KeyFileError(f"The key file {path} cannot be read ({error.strerror}).") from None
    except PublicKeyError as error:
        raise KeyFileError(f"{path}: {error}") from None
    except (ValueError, TypeError, AttributeError, UnsupportedAlgorithm):
        # The library's own words might quote what it read.
        raise KeyFileError(f"The key file {path} cannot be opened: damaged, or another passphrase.") from None


def _parse(path: Path, passphrase: Passphrase) -> tuple[Any, list[x509.Certificate]]:
    """The private key, and its chain in order: its own certificate first."""
    data = path.read_bytes()
    if b"-----BEGIN" not in data:
        private, certificate, others = pkcs12.load_key_and_certificates(data, passphrase.reveal())
        chain = [certificate, *others] if certificate else []
    else:
        is_encrypted = b"ENCRYPTED" in data
        private = serialization.load_pem_private_key(data, passphrase.reveal() if is_encrypted else None)
        chain = x509.load_pem_x509_certificates(data) if b"-----BEGIN CERTIFICATE-----" in data else []
    del data
    if private is None:
        raise KeyFileError(f"{path} holds no private key.")
    own = [certificate for certificate in chain if certificate.public_key() == private.public_key()]
    return private, own[:1] + [certificate for certificate in chain if certificate not in own]


def _self_signed(private: ec.EllipticCurvePrivateKey, *, name: str, url: str, at: datetime) -> x509.Certificate:
    """A certificate that vouches for itself: readers show the name, and say that they do not know who it is."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64] or "Certificates")])
    others = ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign")
    usage = dict.fromkeys((*others, "encipher_only", "decipher_only"), False)
    builder = (
        x509.CertificateBuilder(subject, subject, private.public_key(), x509.random_serial_number())
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + _YEARS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(digital_signature=True, content_commitment=True, **usage), critical=True)
        .add_extension(x509.ExtendedKeyUsage([_DOCUMENT_SIGNING]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(private.public_key()), critical=False)
        .add_extension(x509.SubjectAlternativeName([x509.UniformResourceIdentifier(url)]), critical=False)
    )
    return builder.sign(private, hashes.SHA256())
