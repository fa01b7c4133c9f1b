"""Says whether a file is a genuine certificate, with the database or, given the keys, without it and offline."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from certificates.credentials.verifying import MAX_CREDENTIAL, CredentialError
from certificates.public_keys import MAX_FILE as MAX_KEYS
from certificates.public_keys import PublicKeyError, read_public_keys
from certificates.verification import MAX_FILE, Verdict, verify_file


class Command(BaseCommand):
    help = (
        "Is this PDF or credential a certificate of ours, and does it still hold? Exit code 0 if so, 1 if not. With "
        "--keys it works without database and network: save /.well-known/did.json and /credentials/status/<list> first."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="a PDF, or a credential as JSON or JWT")
        parser.add_argument("--keys", "--did", metavar="FILE", help="a saved did.json, or PEM: ask no database")
        parser.add_argument("--status", metavar="FILE", help="a saved status list; only with --keys")
        parser.add_argument("--json", action="store_true", help="the answer as JSON")

    def handle(self, *args: Any, file: str, **options: Any) -> None:
        if options["status"] and not options["keys"]:
            raise CommandError("--status goes with --keys. Without them the database says what holds today.")
        data = _read(file, MAX_FILE)
        try:
            keys = read_public_keys(_read(options["keys"], MAX_KEYS)) if options["keys"] else None
            saved = _read(options["status"], MAX_CREDENTIAL) if options["status"] else None
            verdict = verify_file(data, keys=keys, status_list=saved)
        except (PublicKeyError, CredentialError) as error:
            raise CommandError(str(error)) from None
        except DatabaseError:
            raise CommandError("The database does not answer. Give --keys to do without it.") from None
        self.stdout.write(_as_json(verdict) if options["json"] else "\n".join(_lines(verdict)))
        if not verdict.is_valid:
            sys.exit(1)


def _read(name: str, most: int) -> bytes:
    path = Path(name)
    try:
        if not path.is_file():
            raise CommandError(f"{name} is not a file.")
        with path.open("rb") as file:
            return file.read(most + 1)  # one more than allowed is enough to be refused
    except (OSError, ValueError) as error:
        raise CommandError(f"{name} cannot be read ({getattr(error, 'strerror', None) or error}).") from None


def _as_json(verdict: Verdict) -> str:
    answer = asdict(verdict) | {"is_genuine": verdict.is_genuine, "is_valid": verdict.is_valid}
    return json.dumps(answer, default=lambda moment: moment.isoformat(), ensure_ascii=False, indent=2)


def _lines(verdict: Verdict) -> list[str]:
    lines = [f"{verdict.state.replace('_', ' ').upper()}: {verdict.reason}"]
    if not verdict.is_genuine:
        return lines
    stated = {"number": verdict.number, **verdict.facts}
    lines += [f"  {name.replace('_', ' ')}: {value}" for name, value in stated.items() if value is not None]
    lines.append(f"  signed: {verdict.signed_at:%Y-%m-%d %H:%M} UTC with {verdict.signed_by or 'no key'}")
    if verdict.expires_at:
        lines.append(f"  valid until: {verdict.expires_at:%Y-%m-%d %H:%M} UTC")
    asked = f"{verdict.status_checked_at:%Y-%m-%d %H:%M} UTC" if verdict.status_checked_at else "never"
    lines.append(f"  revocation last checked: {asked}")
    return lines
