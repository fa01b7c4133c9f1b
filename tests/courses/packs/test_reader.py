"""Whole packs: good ones, and every way to be broken, each with a clear error."""

import datetime
from pathlib import Path

import pytest

from courses.packs.definition import Pack
from courses.packs.errors import PackError
from courses.packs.reader import read_pack
from tests.courses.packs.builder import lesson, uid, write_full_pack, write_pack, zip_pack

IMAGE = f"```{{image}} {uid('image')}\nsrc: NAME\nalt: A\n```\n"


def _refusal(path: Path) -> str:
    with pytest.raises(PackError) as caught:
        read_pack(path)
    return str(caught.value)


def _with(tmp_path: Path, **files: str | bytes | None) -> Path:
    """The good pack with files replaced: course, module and alpha."""
    names = {"course": "course.yml", "module": "modules/one/module.yml", "alpha": "modules/one/alpha.md"}
    return write_pack(tmp_path, files={names[key]: content for key, content in files.items() if content is not None})


def _course(more: str = "", modules: str = "modules: [one, two]\n") -> str:
    return f"format: coursepack/1\nid: {uid('course')}\ntitle: A Course\n{more}{modules}"


def _module(lessons: str) -> str:
    return f"id: {uid('one')}\ntitle: One\nlessons: {lessons}\n"


def test_small_pack_is_read(tmp_path: Path) -> None:
    pack = read_pack(write_pack(tmp_path / "small"))
    assert (pack.id, pack.title, pack.slug, pack.name) == (uid("course"), "A Course", "a-course", "small")
    assert [(module.title, [item.title for item in module.lessons]) for module in pack.modules] == [
        ("One", ["Alpha", "Beta"]),
        ("Two", ["Gamma"]),
    ]
    assert (pack.fields, pack.extra) == ({"language": "en"}, {})


def test_full_pack_has_every_course_key(tmp_path: Path) -> None:
    pack = read_pack(write_full_pack(tmp_path))
    assert pack.fields == {
        "summary": "Two sentences. For the card.",
        "description": "<p>What it is <b>about</b>.</p>",
        "cover": "red.png",
        "categories": [{"name": "Selling", "slug": None}, {"name": "Customer care", "slug": "care"}],
        "level": "advanced",
        "language": "en-GB",
        "tags": ["calls", "e-mail"],
        "instructors": [
            {"name": "Ada Moss", "role": "Coach", "biography": "Ada has taught for years.", "photo": "drawing.svg"},
            {"name": "Bo Lind"},
        ],
        "objectives": ["Ask well", "Listen well"],
        "prerequisites": ["None at all"],
        "minutes": 90,
        "passing_percentage": 65,
        "time_limit": 600,
        "completion_deadline": datetime.date(2030, 12, 31),
        "completion_days": 30,
        "expires_after_days": 14,
        "progression": "in_order",
        "access": "invitation",
        "certificate": False,
        "certificate_validity_months": 24,
        "release_mode": "automatic",
        "release_policy": "not_started",
        "delta_training": "offered",
        "is_reviewed_as_whole": True,
        "source": "here/and/there",
    }
    assert (pack.license, pack.extra) == ("CC-BY-4.0", {})


def test_full_pack_finds_all_its_files(tmp_path: Path) -> None:
    pack = read_pack(write_full_pack(tmp_path))
    assert [(file.path, file.kind, file.media_type, file.duration) for file in pack.media] == [
        ("drawing.svg", "image", "", None),
        ("film.mp4", "media", "video", 12.5),
        ("film.vtt", "document", "", None),
        ("red.png", "image", "", None),
        ("sheet.pdf", "document", "", None),
        ("sound.mp3", "media", "audio", None),
    ]
    assert pack.missing_media == ()


def test_zip_reads_like_its_folder(tmp_path: Path) -> None:
    folder = write_full_pack(tmp_path / "pack")
    from_folder, from_zip = read_pack(folder), read_pack(zip_pack(folder, tmp_path / "pack.zip"))

    def facts(pack: Pack) -> tuple:
        return pack.modules, pack.fields, [(file.path, file.kind, file.sha256, file.state) for file in pack.media]

    assert facts(from_folder) == facts(from_zip)


def test_lesson_keys_are_read_and_unknown_ones_kept(tmp_path: Path) -> None:
    text = lesson("alpha", front="summary: Short.\nminutes: 12\nsource: a/b.md\nauthor: me\n")
    alpha = next(read_pack(_with(tmp_path, alpha=text)).lessons)
    assert (alpha.fields, alpha.extra) == (
        {"summary": "Short.", "minutes": 12, "source": "a/b.md"},
        {"author": "me"},
    )


def test_unknown_course_keys_are_kept(tmp_path: Path) -> None:
    more = "colour: red\ncategories: [{name: A, icon: x}]\ninstructors: [{name: B, mail: y}]\n"
    pack = read_pack(_with(tmp_path, course=_course(more)))
    assert pack.extra == {"colour": "red"}
    assert pack.named_extra == {"categories/A": {"icon": "x"}, "instructors/B": {"mail": "y"}}


def test_language_wins_over_locale(tmp_path: Path) -> None:
    assert read_pack(_with(tmp_path, course=_course("locale: de\n"))).fields["language"] == "de"
    assert read_pack(_with(tmp_path, course=_course("locale: de\nlanguage: de-AT\n"))).fields["language"] == "de-AT"


@pytest.mark.parametrize(
    ("course", "fault"),
    [
        ("title: [", "course.yml:1: the YAML is broken"),
        ("", "course.yml:1: `format` must be coursepack/1"),
        (_course().replace("/1", "/2"), "course.yml:1: `format` must be coursepack/1"),
        (_course().replace(uid("course"), "42"), "course.yml:2: `id` must be a UUID"),
        (_course().replace("A Course", ""), "course.yml:3: `title` is missing"),
        (_course("slug: not a slug\n"), "course.yml:4: `slug` may hold"),
        (_course("level: genius\n"), "course.yml:4: `level` must be one of beginner"),
        (_course("cover: ../../etc/passwd\n"), "course.yml:4: `cover` is '../../etc/passwd', but"),
        (_course("tags: {a: b}\n"), "course.yml:4: `tags` must be a list"),
        (_course("passing_percentage: 101\n"), "course.yml:4: `passing_percentage` must be"),
        (_course(modules="modules: [../one]\n"), "course.yml:4: '../one' cannot be used"),
        (_course(modules="modules: [one/two]\n"), "course.yml:4: 'one/two' cannot be used"),
        (_course(modules="modules: [one, one]\n"), "course.yml:4: 'one' is listed twice"),
        (_course(modules="modules:\n  - one\n  - ONE\n"), "course.yml:6: 'ONE' and 'one' differ only"),
        (_course(modules="modules: [absent]\n"), "course.yml:4: the module 'absent' has no modules/absent/module.yml"),
        (_course("id: x\n"), "course.yml:4: the key 'id' appears twice"),
        (b"\xff\xfe", "course.yml:1: the course file is not UTF-8"),
        (_course("summary: " + "x" * 301 + "\n"), "course.yml:4: `summary` is 301 characters long"),
        ("x: " + "y" * 300_000, "course.yml: the course file is 300,003 bytes"),
    ],
)
def test_broken_course_files_are_refused(tmp_path: Path, course: str | bytes, fault: str) -> None:
    assert _refusal(_with(tmp_path, course=course))[: len(fault)] == fault


@pytest.mark.parametrize(
    ("module", "fault"),
    [
        ("a: [", "modules/one/module.yml:1: the YAML is broken"),
        (_module("[absent.md]"), "modules/one/module.yml:3: the lesson 'absent.md' has no modules/one/absent.md"),
        (_module("[alpha.md, alpha.md]"), "modules/one/module.yml:3: 'alpha.md' is listed twice"),
        (_module("[alpha.md, Alpha.md]"), "modules/one/module.yml:3: 'Alpha.md' and 'alpha.md' differ"),
        (_module("[../two/gamma.md]"), "modules/one/module.yml:3: '../two/gamma.md' cannot be used"),
        (_module("[module.yml]"), "modules/one/module.yml:3: the lesson 'module.yml' must be a .md file"),
        (_module("[]").replace(uid("one"), uid("course")), f"modules/one/module.yml:1: the id {uid('course')} is used"),
    ],
)
def test_broken_modules_are_refused(tmp_path: Path, module: str, fault: str) -> None:
    assert _refusal(_with(tmp_path, module=module))[: len(fault)] == fault


QUESTION = f"  - {{id: {uid('q')}, type: numeric, prompt: A, number: 1}}\n"


@pytest.mark.parametrize(
    ("alpha", "fault"),
    [
        ("no front matter", "modules/one/alpha.md:1: a lesson begins with front matter"),
        (lesson("alpha").replace("title: Alpha", "title: [a"), "modules/one/alpha.md:4: the YAML is broken"),
        (lesson("beta"), f"modules/one/beta.md:2: the id {uid('beta')} is used before, at modules/one/alpha.md:2"),
        (lesson("alpha").replace("slug: alpha", "slug: beta"), "modules/one/module.yml: modules/one/alpha.md and"),
        (
            lesson("alpha", f"<!-- block text {uid('alpha')} -->\nA"),
            f"modules/one/alpha.md:7: the id {uid('alpha')} is used before, at modules/one/alpha.md:2",
        ),
        (
            lesson("alpha", f"<!-- block text {uid('x')} -->\nA\n\n<!-- block text {uid('x')} -->\nB"),
            f"modules/one/alpha.md:10: the id {uid('x')} is used before, at modules/one/alpha.md:7",
        ),
        (
            lesson("alpha", f"```{{quiz}} {uid('x')}\nquestions:\n{QUESTION}{QUESTION}```\n"),
            f"modules/one/alpha.md:10: the id {uid('q')} is used before, at modules/one/alpha.md:9",
        ),
        (
            lesson("alpha", IMAGE.replace("NAME", "../../../secret.png")),
            "modules/one/alpha.md:8: `src` is '../../../secret.png'",
        ),
        (lesson("alpha", IMAGE.replace("NAME", "/etc/passwd")), "modules/one/alpha.md:8: `src` is '/etc/passwd'"),
        (lesson("alpha").encode() + b"\x00\x01\x02", "modules/one/alpha.md:10: the lesson is not text"),
        (lesson("alpha").encode() + b"\x89PNG\xff", "modules/one/alpha.md:10: the lesson is not UTF-8"),
        (lesson("alpha").encode() + b"x" * 10 * 1024**2, "modules/one/alpha.md: the lesson is 10,485,"),
        (lesson("alpha", front="minutes: -5\n"), "modules/one/alpha.md:5: `minutes` must be a whole number"),
    ],
)
def test_broken_lessons_are_refused(tmp_path: Path, alpha: str | bytes, fault: str) -> None:
    assert fault in [line[: len(fault)] for line in _refusal(_with(tmp_path, alpha=alpha)).splitlines()]


def test_pack_without_course_file_is_refused(tmp_path: Path) -> None:
    assert _refusal(tmp_path) == "course.yml: the course file is missing: add the file, or take it out of the list."


def test_lesson_that_links_out_is_refused(tmp_path: Path) -> None:
    pack = write_pack(tmp_path / "pack")
    (tmp_path / "secret.md").write_text(lesson("secret"))
    (pack / "modules" / "one" / "alpha.md").unlink()
    (pack / "modules" / "one" / "alpha.md").symlink_to(tmp_path / "secret.md")
    assert _refusal(pack)[:41] == "modules/one/alpha.md: is a link that lead"


def test_all_faults_of_a_pack_are_named_at_once(tmp_path: Path) -> None:
    files = {"modules/one/alpha.md": "x", "modules/two/gamma.md": "y", "modules/one/beta.md": b"\xff"}
    places = [line.split(": ")[0] for line in _refusal(write_pack(tmp_path, files=files)).splitlines()]
    assert places == ["modules/one/alpha.md:1", "modules/one/beta.md:1", "modules/two/gamma.md:1"]


def test_wrong_hash_is_a_state_and_no_fault(tmp_path: Path) -> None:
    pack = read_pack(write_full_pack(tmp_path, files={"media/sheet.pdf": b"other bytes"}))
    assert [(file.path, file.state) for file in pack.missing_media] == [("sheet.pdf", "changed")]
