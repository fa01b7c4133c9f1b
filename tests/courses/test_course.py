"""`manage.py course plan|apply`: what people see and which code they get."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command, execute_from_command_line

from courses.models import CataloguePage, LessonPage
from tests.courses.packs.builder import lesson, write_full_pack, write_pack


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
        "The changes are drafts: publish them in the admin, or apply with --publish.",
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
