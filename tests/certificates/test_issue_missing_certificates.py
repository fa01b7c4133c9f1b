"""The command issues and draws what got lost, and says how much."""

import io

from django.core.management import call_command

from certificates.models import CertificateFile
from tests.factories.learners import EnrolmentFactory


def test_command_issues_and_draws_what_is_missing(db: None) -> None:
    EnrolmentFactory.create_batch(2, completed=True)
    said = []
    for _ in range(2):
        out = io.StringIO()
        call_command("issue_missing_certificates", stdout=out)
        said.append(out.getvalue().strip())
    assert said == ["2 issued, 2 PDFs drawn.", "0 issued, 0 PDFs drawn."]
    assert CertificateFile.objects.filter(pdf__isnull=True).count() == 0
