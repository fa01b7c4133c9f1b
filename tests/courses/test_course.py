"""`manage.py course export|lint|plan|apply`: what people see and which code they get."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command, execute_from_command_line

from courses.models import CataloguePage, CourseDocument, LessonPage
from courses.roles import ensure_roles
from learners.accounts.models import User
from tests.courses.packs.builder import lesson, uid, write_full_pack, write_pack


def _run(*arguments: str | Path) -> str:
    out = StringIO()
    call_command("course", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_plan_prints_and_writes_nothing(catalogue: CataloguePage, tmp_path: Path) -> None:
    text = _run("plan", write_pack(tmp_path))
    assert text.splitlines()[-1] == "Nothing was written."
    assert LessonPage.objects.count() == 0


def test_apply_makes_drafts_and_publish_an_edition(transactional_catalogue: CataloguePage, tmp_path: Path) -> None:
    folder = write_full_pack(tmp_path)
    assert _run("apply", folder).splitlines()[-2:] == [
        "Done: 6 pages created, 0 updated, 0 moved, 0 published; 6 files added.",
        "The changes are drafts: publish them in the admin, or apply with --submit or --publish.",
    ]
    assert _run("apply", folder, "--publish").splitlines()[-2:] == [
        "Done: 0 pages created, 0 updated, 0 moved, 6 published; 0 files added.",
        "Edition 1 is in force.",
    ]


def test_media_folders_are_searched(catalogue: CataloguePage, tmp_path: Path) -> None:
    folder = write_full_pack(tmp_path / "pack")
    (folder / "media").rename(tmp_path / "elsewhere")
    assert json.loads(_run("plan", folder, "--json"))["media_counts"]["missing"] == 6
    assert json.loads(_run("plan", folder, "--json", "--media", tmp_path / "elsewhere"))["media_counts"]["add"] == 6


def test_json_of_apply_holds_plan_and_result(transactional_catalogue: CataloguePage, tmp_path: Path) -> None:
    data = json.loads(_run("apply", write_pack(tmp_path), "--publish", "--json"))
    assert [data["created"], data["published"], data["edition"], data["plan"]["title"]] == [6, 6, 1, "A Course"]


def test_export_writes_what_apply_reads(catalogue: CataloguePage, tmp_path: Path) -> None:
    _run("apply", write_full_pack(tmp_path / "pack"))
    text = _run("export", "a-course", tmp_path / "one", "--draft")
    assert text == f"{tmp_path / 'one'}: A Course, 6 pages and 6 files.\n"
    assert json.loads(_run("plan", tmp_path / "one", "--json"))["page_counts"]["unchanged"] == 6
    data = json.loads(_run("export", "a-course", tmp_path / "one.zip", "--draft", "--zip", "--json"))
    assert data == {"slug": "a-course", "title": "A Course", "pages": 6, "files": 6, "missing": [], "warnings": []}
    assert json.loads(_run("plan", tmp_path / "one.zip", "--json"))["page_counts"]["unchanged"] == 6


def test_export_refuses_what_it_cannot_do(catalogue: CataloguePage, tmp_path: Path) -> None:
    _run("apply", write_pack(tmp_path / "pack"))
    (tmp_path / "notes.txt").write_text("mine")
    for arguments, reason in [
        (["absent", tmp_path / "x"], "there is no course 'absent': there are a-course."),
        (["a-course", tmp_path / "x"], "is not published: add --draft"),
        (["a-course", tmp_path, "--draft"], "is not empty and no course pack"),
    ]:
        with pytest.raises(CommandError) as caught:
            _run("export", *arguments)
        assert reason in str(caught.value)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["notes.txt", "pack"]


def test_missing_files_are_named_and_no_failure(catalogue: CataloguePage, tmp_path: Path) -> None:
    _run("apply", write_full_pack(tmp_path / "pack"))
    sheet = CourseDocument.objects.get(title="Worksheet")
    sheet.file.storage.delete(sheet.file.name)
    text = _run("export", "a-course", tmp_path / "one", "--draft")
    assert "Missing files (media.tsv says MISSING) (1):\n  sheet.pdf\n" in text


def test_lint_fails_on_errors_only(catalogue: CataloguePage, tmp_path: Path) -> None:
    folder = write_full_pack(tmp_path / "pack", course="x-odd: 1\n")
    assert _run("lint", folder).splitlines()[-1] == "0 errors, 1 warnings."
    (folder / "modules/one/beta.md").write_text("x")
    with pytest.raises(CommandError) as caught:
        _run("lint", folder, "--json")
    assert str(caught.value) == "1 error: put them right first."


def test_submitting_needs_a_name(catalogue: CataloguePage, tmp_path: Path) -> None:
    ensure_roles(catalogue)
    folder = write_pack(tmp_path)
    for arguments, reason in [(["--submit"], "needs --as EMAIL"), (["--submit", "--as", "x@example.com"], "no active")]:
        with pytest.raises(CommandError) as caught:
            _run("apply", folder, *arguments)
        assert reason in str(caught.value)
    User.objects.create_superuser(email="admin@example.com", password="x")
    assert _run("apply", folder, "--submit", "--as", "admin@example.com").splitlines()[-1] == (
        "Submitted to review: 6 pages."
    )


def test_prune_names_and_deletes(catalogue: CataloguePage, tmp_path: Path) -> None:
    folder = write_pack(tmp_path)
    _run("apply", folder)
    (folder / "modules/one/module.yml").write_text(f"id: {uid('one')}\ntitle: One\nlessons: [alpha.md]\n")
    assert "Not in the pack, deleted with --prune (1):\n  Beta\n" in _run("plan", folder, "--prune")
    assert LessonPage.objects.count() == 3
    text = _run("apply", folder, "--prune")
    assert "Done: 0 pages created, 0 updated, 0 moved, 1 deleted, 0 published; 0 files added." in text
    assert LessonPage.objects.count() == 2


@pytest.mark.parametrize("verb", ["plan", "apply"])
def test_faults_are_named_and_refused(catalogue: CataloguePage, tmp_path: Path, verb: str) -> None:
    folder = write_pack(tmp_path, files={"modules/one/alpha.md": b"\x00", "modules/two/gamma.md": lesson("gamma", "x")})
    with pytest.raises(CommandError) as caught:
        _run(verb, folder)
    assert [line.split(": ")[0] for line in str(caught.value).splitlines()] == [
        "refused, nothing was changed:",
        "modules/one/alpha.md:1",
        "modules/two/gamma.md:7",
    ]
    assert LessonPage.objects.count() == 0


@pytest.mark.parametrize("arguments", [["plan", "/absent"], ["apply", ".", "--media", "/absent"]])
def test_absent_paths_are_refused(arguments: list[str]) -> None:
    with pytest.raises(CommandError) as caught:
        _run(*arguments)
    assert "there is no" in str(caught.value)


def test_help_and_exit_codes(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    def run(*arguments: str) -> object:
        with pytest.raises(SystemExit) as ended:
            execute_from_command_line(["manage.py", "course", *arguments])
        return ended.value.code

    assert (run("--help"), "coursepack/1" in capsys.readouterr().out) == (0, True)
    assert (run("plan", str(tmp_path / "absent")), "Traceback" in capsys.readouterr().err) == (1, False)
    assert run("apply") == 2
