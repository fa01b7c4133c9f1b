"""Every file: a sentence at its top, a fair length, a name that says something, and a test beside it."""

import ast
from pathlib import Path

import pytest

from tests.architecture.source import FOLDERS, ROOT, module_name, source_files

BANNED = {"utils", "util", "helpers", "helper", "common", "misc", "core", "lib", "tools"}
ALARM = 500
ALL_FILES = source_files() + sorted((ROOT / "tests").rglob("*.py"))

# Modules of these names hold shapes and registrations, not logic.
NO_LOGIC = {"__init__", "apps", "models", "enums", "urls", "signals", "documents", "asgi", "wsgi", "refs", "base"}
# Neither imported by a test nor namesake of one: what is tested through its front door, and where.
TESTED_THROUGH = {
    "api.addresses": "api/v1/test_lessons.py",
    "api.authentication": "api/v1/test_me.py",
    "api.beacons": "api/v1/test_progress.py",
    "api.caching": "api/v1/test_courses.py",
    "api.locales": "api/v1/test_languages.py",
    "courses.editions.links": "courses/test_translating.py",
    "courses.models.localized": "cms/test_language_urls.py",
    "courses.models.preview_links": "courses/test_preview_links.py",
    "courses.models.translations": "courses/test_translating.py",
    "courses.preview_tokens": "api/v1/test_preview.py",
    "courses.translation_jobs": "courses/test_translating.py",
    "api.fields": "api/v1/test_progress.py",
    "api.pagination": "api/v1/test_courses.py",
    "api.refusals": "api/v1/test_lessons.py",
    "api.schema": "api/test_openapi.py",
    "api.v1.fallback": "api/test_errors.py",
    "api.v1.references": "api/v1/test_enrolments.py",
    "courses.approval": "courses/quality/test_review.py",
    "courses.models.review": "courses/quality/test_review.py",
    "courses.models.settings": "courses/quality/test_findings.py",
    "learners.admin_api": "learners/test_wagtail_hooks.py",
    "courses.blocks.gates": "courses/models/test_waiting.py",
    "courses.models.gates": "courses/models/test_waiting.py",
    "courses.releases.access": "cms/dashboards/test_releases.py",
    "courses.releases.history": "courses/releases/test_running.py",
    "courses.releases.queries": "cms/dashboards/test_releases.py",
    "courses.releases.receivers": "courses/releases/test_reviewing.py",
    "courses.releases.tasks": "courses/releases/test_publishing.py",
    "learners.progress.receivers": "learners/progress/test_timed.py",
    "learners.reporting.moments": "learners/reporting/test_evidence.py",
    "learners.reporting.sittings": "learners/reporting/test_evidence.py",
    "learners.progress.tasks": "learners/progress/test_carrying.py",
    "learners.exams.trials": "learners/reporting/test_impact_property.py",
    "learners.reporting.impact_queries": "learners/reporting/test_impact.py",
    "certificates.access": "certificates/test_views.py",
    "certificates.archives.tasks": "certificates/archives/test_services.py",
    "certificates.designs.blocks": "certificates/designs/test_models.py",
    "certificates.designs.fonts": "certificates/designs/test_models.py",
    "certificates.designs.forms": "certificates/designs/test_admin.py",
    "certificates.designs.markup": "certificates/test_rendering.py",
    "certificates.designs.paging": "certificates/designs/test_preview.py",
    "certificates.designs.validation": "certificates/designs/test_models.py",
    "certificates.roles": "certificates/designs/test_admin.py",
    "certificates.wagtail_hooks": "certificates/designs/test_admin.py",
    "cms.demo.designs": "cms/test_demonstration.py",
    "certificates.credentials.contexts": "contracts/credentials/test_independent_verifier.py",
    "certificates.evidence.pack": "certificates/evidence/test_views.py",
    "certificates.evidence.report": "certificates/evidence/test_views.py",
    "certificates.templatetags.evidence_tags": "certificates/evidence/test_views.py",
    "certificates.management.commands.certificate_keys": "certificates/test_keys.py",
    "certificates.management.commands.issue_missing_certificates": "certificates/test_issuing.py",
    "certificates.services": "certificates/test_issuing.py",
    "certificates.queries": "certificates/test_views.py",
    "certificates.receivers": "certificates/test_issuing.py",
    "certificates.tasks": "certificates/test_drawing.py",
    "certificates.templatetags.certificate_tags": "certificates/test_views.py",
    "cms.benchmarks.attempts": "its output is read by people: make bench",
    "cms.benchmarks.certificates": "its output is read by people: make bench",
    "cms.benchmarks.items": "its output is read by people: make bench",
    "cms.benchmarks.course": "its output is read by people: make bench",
    "cms.benchmarks.figures": "its output is read by people: make bench",
    "cms.benchmarks.load": "its output is read by people: make bench",
    "cms.benchmarks.releases": "its output is read by people: make bench",
    "cms.benchmarks.views": "its output is read by people: make bench",
    "cms.demo.colleagues": "cms/demo/test_exams.py",
    "cms.demo.company": "cms/test_demonstration.py",
    "cms.demo.templates": "cms/test_demonstration.py",
    "cms.demo.make_media": "the author's own tool; its results are committed",
    "cms.demo.recordings": "the author's own tool; its results are committed",
    "cms.styleguide.blocks": "cms/test_styleguide.py",
    "cms.styleguide.content": "cms/test_styleguide.py",
    "cms.styleguide.moments": "cms/test_styleguide.py",
    "cms.styleguide.people": "cms/test_styleguide.py",
    "cms.styleguide.questions": "cms/test_styleguide.py",
    "cms.wagtail_hooks": "cms/dashboards/test_panels.py",
    "courses.blocks.media": "courses/blocks/test_lesson.py",
    "courses.blocks.text": "courses/blocks/test_lesson.py",
    "courses.curriculum.checks": "courses/curriculum/test_queries.py",
    "courses.curriculum.tasks": "courses/curriculum/test_templates.py",
    "courses.models.copies": "courses/curriculum/test_templates.py",
    "courses.quizzes.gift_answers": "courses/quizzes/test_gift.py",
    "courses.editions.receivers": "courses/editions/test_services.py",
    "courses.forms": "courses/test_publishing.py",
    "courses.middleware": "courses/test_publishing.py",
    "courses.models.catalogue": "courses/test_catalogue.py",
    "courses.models.course": "courses/test_publishing.py",
    "courses.models.files": "courses/test_uploads.py",
    "courses.models.lesson": "courses/test_publishing.py",
    "courses.models.studied": "courses/test_publishing.py",
    "courses.models.taxonomy": "courses/test_catalogue.py",
    "courses.panels": "courses/test_publishing.py",
    "courses.packs.demands": "courses/packs/test_requires.py",
    "courses.packs.reports": "courses/test_course.py",
    "courses.packs.stored_blocks": "courses/packs/test_export.py",
    "courses.packs.stored_course": "courses/packs/test_export.py",
    "courses.packs.stored_media": "courses/packs/test_export.py",
    "courses.packs.stored_questions": "courses/packs/test_export.py",
    "courses.wagtail_hooks": "courses/test_publishing.py",
    "learners.enrolments.receivers": "learners/enrolments/test_scheduling.py",
    "learners.enrolments.tasks": "learners/enrolments/test_scheduling.py",
    "learners.templatetags.team_tags": "learners/views/test_team.py",
    "learners.views.guessing": "learners/views/test_calendars.py",
    "learners.views.pages": "learners/views/test_team.py",
    "learners.exams.closing": "learners/exams/test_sitting.py",
    "learners.exams.extending": "learners/exams/test_sitting.py",
    "learners.exams.grading": "learners/exams/test_marking.py",
    "learners.exams.tasks": "learners/exams/test_regrading.py",
    "learners.exams.locking": "learners/exams/test_services.py",
    "learners.exams.opening": "learners/exams/test_sitting.py",
    "learners.exams.receivers": "learners/exams/test_sitting.py",
    "learners.exams.saving": "learners/exams/test_sitting.py",
    "learners.exams.settling": "learners/exams/test_sitting.py",
}


@pytest.mark.parametrize("path", ALL_FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_file_opens_with_a_sentence(path):
    if path.read_text().strip():
        docstring = ast.get_docstring(ast.parse(path.read_text())) or ""
        assert docstring[:1].isalnum() or docstring[:1] in '``"/', f"{path} has no docstring"
        assert docstring.split("\n\n")[0].rstrip().endswith((".", "!", "?", "``"))


def test_no_file_is_longer_than_the_alarm():
    assert [
        (str(path.relative_to(ROOT)), n) for path in ALL_FILES if (n := len(path.read_text().splitlines())) > ALARM
    ] == []


def test_no_name_is_a_drawer_for_everything():
    folders = [path for folder in [*FOLDERS, "tests"] for path in (ROOT / folder).rglob("*") if path.is_dir()]
    names = {path.stem for path in ALL_FILES} | {path.name for path in folders}
    assert names & BANNED == set()


def test_every_module_with_logic_is_tested_somewhere_one_would_look():
    imported = imported_by_tests()
    unfound = {
        module_name(path)
        for path in source_files()
        if has_logic(path) and not has_test(path) and module_name(path) not in imported
    }
    assert unfound - set(TESTED_THROUGH) == set(), "give it a test file of its name"
    places = [place for place in TESTED_THROUGH.values() if place.endswith(".py")]
    assert [place for place in places if not (ROOT / "tests" / place).exists()] == []


def test_every_test_stands_where_its_module_would():
    """``tests/a/b/test_c.py`` is about a module of the folder ``a/b``, so that either is found from the other."""
    strangers = [
        str(path.relative_to(ROOT))
        for folder in FOLDERS
        for path in sorted((ROOT / "tests" / folder).rglob("test_*.py"))
        if not (ROOT / path.parent.relative_to(ROOT / "tests")).exists()
    ]
    assert strangers == []


def imported_by_tests() -> set[str]:
    """Every module of ours that a test imports by name."""
    names: set[str] = set()
    for path in (ROOT / "tests").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module:
                names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def has_logic(path: Path) -> bool:
    """Whether a module defines a function or a class with methods, and is not of a kind that never needs a test."""
    if path.stem in NO_LOGIC or "settings" in path.parts:
        return False
    return any(isinstance(node, ast.FunctionDef) for node in ast.walk(ast.parse(path.read_text())))


def has_test(path: Path) -> bool:
    """``a/b/c.py`` is tested by ``tests/a/b/test_c.py`` or by the files of ``tests/a/b/c/``."""
    relative = path.relative_to(ROOT)
    folder = ROOT / "tests" / Path(*(part for part in relative.parent.parts if part not in ("management", "commands")))
    return (folder / f"test_{path.stem}.py").exists() or (folder / path.stem).is_dir()
