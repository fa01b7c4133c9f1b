"""The course that is measured: 20 modules x 25 lessons x 8 blocks, written straight into the page tables."""

import json
import uuid
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.models import Page

from courses.models import CataloguePage, CourseMedia, CoursePage, LessonPage, ModulePage

PARAGRAPH = (
    "A good question asks for something the other person has not told you yet. **Listen** to the answer before you "
    "think of the next one, and write down the words they use: you will need them in your proposal.\n\n"
)


def build_course(catalogue: CataloguePage, title: str, modules: int, lessons: int) -> CoursePage:
    """A live course with ``modules`` x ``lessons`` lessons of 8 blocks. A few thousand plain inserts, no signals."""
    film = make_film()
    course = catalogue.add_child(instance=CoursePage(title=title, slug=title.lower().replace(" ", "-")))
    for m in range(modules):
        module = _insert(course, ModulePage, m, f"Module {m + 1}")
        for number in range(lessons):
            _insert(module, LessonPage, number, f"Lesson {m + 1}.{number + 1}", body=json.dumps(make_blocks(film)))
        Page.objects.filter(pk=module.pk).update(numchild=lessons)
    Page.objects.filter(pk=course.pk).update(numchild=modules)
    return course


def _insert(parent: Any, model: Any, position: int, title: str, **fields: Any) -> Any:
    """One page below ``parent`` without treebeard's and the search index's extra queries."""
    slug = title.lower().replace(" ", "-").replace(".", "-")
    page = model(
        title=title,
        draft_title=title,
        slug=slug,
        path=model._get_path(parent.path, parent.depth + 1, position + 1),
        depth=parent.depth + 1,
        url_path=f"{parent.url_path}{slug}/",
        locale=parent.locale,
        translation_key=uuid.uuid4(),
        content_type=ContentType.objects.get_for_model(model),
        live=True,
        first_published_at=timezone.now(),
        **fields,
    )
    base = Page(**{field.attname: getattr(page, field.attname) for field in Page._meta.concrete_fields})
    base.save_base(raw=True, force_insert=True)
    page.pk = page.page_ptr_id = base.pk
    page.save_base(raw=True, force_insert=True)
    return page


def make_film() -> CourseMedia:
    """A media file of ten minutes, as far as its row says; nobody plays it."""
    film = CourseMedia(title="Film", type="video", duration=600)
    film.file.save("film.mp4", ContentFile(b"no film"), save=False)
    film.save()
    return film


def make_blocks(film: CourseMedia) -> list[dict[str, Any]]:
    """A video, four texts, a callout, a code block and a quiz of two questions."""
    blocks = [_block("video", {"title": "Film", "media": film.pk, "captions": [], "transcript": ""})]
    blocks += [_block("markdown", {"source": f"## Step {n}\n\n{PARAGRAPH * 2}"}) for n in range(4)]
    blocks.append(_block("callout", {"kind": "tip", "title": "Try it", "text": "<p>Ask one open question today.</p>"}))
    blocks.append(_block("code", {"code": "SELECT 1;\n" * 5, "language": "sql", "caption": ""}))
    return [
        *blocks,
        _block("quiz", {"title": "Check", "introduction": "", "pass_percent": 50, "questions": _questions()}),
    ]


def _questions() -> list[dict[str, Any]]:
    choices = [("Yes", True), ("No", False), ("Perhaps", False)]
    return [
        _item(
            "single",
            {
                "prompt": f"Question {n}?",
                "points": 1,
                "choices": [_item("choice", {"text": t, "is_correct": c, "feedback": ""}) for t, c in choices],
                "explanation": "Because.",
            },
        )
        for n in range(2)
    ]


def _block(kind: str, value: dict[str, Any]) -> dict[str, Any]:
    return _item(kind, {**value, "is_required": True, "time_limit": None})


def _item(kind: str, value: Any) -> dict[str, Any]:
    return {"type": kind, "id": str(uuid.uuid4()), "value": value}
