"""Evidence is downloaded by those who may read it, as page, JSON and PDF that say the same."""

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client

from certificates.services import issue_certificate
from courses.models import CataloguePage
from learners.companies.models import Role
from learners.enrolments.models import Enrolment
from learners.exams.services import open_attempt, submit_attempt
from learners.progress.models import Reopening
from learners.reporting.evidence import digest_of
from tests.factories.courses import SECRET, make_edition, make_lesson, make_module, quiz_block, single_question
from tests.factories.learners import EnrolmentFactory, MembershipFactory, UserFactory

FORMATS = ("", "evidence.json", "evidence.pdf")


@pytest.fixture
def enrolment(catalogue: CataloguePage) -> Enrolment:
    """Somebody who passed a one-quiz course and holds its certificate."""
    quiz = quiz_block(questions=(single_question(id="q1"),))
    lesson = make_lesson(quiz, title="Asking")
    made: Enrolment = EnrolmentFactory(
        course=make_edition(modules=[make_module(lesson)]), user=UserFactory(name="Zoë Nguyễn", time_zone="Asia/Tokyo")
    )
    attempt = open_attempt(user=made.user, enrolment=made, lesson_key=lesson["id"], block_id=quiz["id"])
    submit_attempt(user=made.user, attempt_id=attempt.pk, answers=[{"question": "q1", "choices": ["right"], "seq": 1}])
    issue_certificate(enrolment_id=made.pk)
    return made


@pytest.fixture
def manager(client: Client, enrolment: Enrolment) -> Client:
    company = MembershipFactory(user=enrolment.user).company
    client.force_login(MembershipFactory(company=company, role=Role.MANAGER).user)
    return client


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def address(enrolment: Enrolment, ending: str = "") -> str:
    return f"/evidence/{enrolment.pk}/{ending}"


@pytest.mark.parametrize("ending", FORMATS)
def test_manager_reads_it_in_every_format_and_no_cache_keeps_it(
    manager: Client, enrolment: Enrolment, ending: str
) -> None:
    response = manager.get(address(enrolment, ending))
    assert (response.status_code, response["Cache-Control"]) == (200, "private, no-store")


@pytest.mark.parametrize("ending", FORMATS)
def test_colleague_finds_nothing(client: Client, enrolment: Enrolment, ending: str) -> None:
    company = MembershipFactory(user=enrolment.user).company
    client.force_login(MembershipFactory(company=company).user)
    assert client.get(address(enrolment, ending)).status_code == 404


@pytest.mark.parametrize("ending", FORMATS)
def test_visitor_is_asked_to_log_in(client: Client, enrolment: Enrolment, ending: str) -> None:
    response = client.get(address(enrolment, ending))
    assert (response.status_code, response["Location"].startswith("/accounts/login/")) == (302, True)


def test_page_shows_answers_and_certificate_but_no_key(manager: Client, enrolment: Enrolment) -> None:
    page = manager.get(address(enrolment)).content.decode()
    number = enrolment.certificates.get().number
    assert [words in page for words in ("Asking", "Which one?", number, "100%", SECRET)] == [True] * 4 + [False]


def test_digest_can_be_computed_again_from_the_file(manager: Client, enrolment: Enrolment) -> None:
    pack = json.loads(manager.get(address(enrolment, "evidence.json")).content)
    assert digest_of(pack) == pack["digest"]
    pack["lessons"][0]["blocks"][0]["score"] = "1.00"
    assert digest_of(pack) != pack["digest"]


def test_page_and_pdf_tell_the_clocks_of_a_part_opened_again(
    manager: Client, enrolment: Enrolment, tmp_path: Path
) -> None:
    row = enrolment.blocks.get(state="completed")
    row.clock_started_at, row.deadline_at = at("2026-03-02T10:00:00"), at("2026-03-02T10:10:00")
    row.save()
    Reopening.objects.create(
        progress=row, clock_started_at=at("2026-03-01T10:00:00"), deadline_at=at("2026-03-01T10:10:00"), note="A flood"
    )
    page = manager.get(address(enrolment)).content.decode()
    pdf = tmp_path / "evidence.pdf"
    pdf.write_bytes(manager.get(address(enrolment, "evidence.pdf")).content)
    text = subprocess.run(["pdftotext", str(pdf), "-"], capture_output=True, check=True).stdout.decode()
    in_tokyo = text.replace("\n", " ")
    for told, hour in ((page, 10), (in_tokyo, 19)):
        facts = ("A flood", f"1 Mar 2026, {hour}:10:00", f"2 Mar 2026, {hour}:00:00")
        assert [fact in told for fact in facts] == [True] * 3


def test_pdf_holds_the_facts_and_the_json(manager: Client, enrolment: Enrolment, tmp_path: Path) -> None:
    response = manager.get(address(enrolment, "evidence.pdf"))
    pdf = tmp_path / "evidence.pdf"
    pdf.write_bytes(response.content)
    text = subprocess.run(["pdftotext", str(pdf), "-"], capture_output=True, check=True).stdout.decode()
    facts = ("Zoë Nguyễn", "Selling with questions", "Which one?", "Asia/Tokyo", enrolment.certificates.get().number)
    assert [fact in text for fact in facts] == [True] * 5
    subprocess.run(["pdfdetach", "-saveall", "-o", str(tmp_path), str(pdf)], capture_output=True, check=True)
    attached = json.loads((tmp_path / "evidence.json").read_bytes())
    assert attached["digest"] == digest_of(attached)
    assert SECRET not in text


@pytest.mark.parametrize("ending", FORMATS)
def test_unknown_enrolment_is_not_found(client: Client, catalogue: CataloguePage, ending: str) -> None:
    client.force_login(UserFactory(admin=True))
    assert client.get(f"/evidence/99999999999999999999/{ending}").status_code == 404
