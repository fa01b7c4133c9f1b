"""Courses in several languages: what a translation shares with its source, and what it has of its own."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale, Page
from wagtail_localize.models import StringSegment, StringTranslation, Translation, TranslationSource
from wagtail_localize.operations import translate_object

from courses.curriculum.queries import read_curriculum
from courses.editions.compiler import compile_documents
from courses.editions.models import CourseState, Edition
from courses.editions.queries import get_lesson_document, get_outline
from courses.editions.services import compile_course, release_course
from courses.models import CataloguePage, CoursePage, LessonPage, ModulePage, TreeTranslation
from courses.packs.export import export_course
from courses.releases.services import list_offered_pages, read_candidate
from courses.translating import continue_translations, request_translation
from tests.factories.learners import UserFactory
from tests.factories.pages import make_block, make_course, make_item, make_lesson, make_module, make_quiz, make_text
from tests.factories.translations import add_language, publish_tree, submit, translate

pytestmark = pytest.mark.usefixtures("languages")

CELLS = [["Einwand", "Frage"], ["Zu teuer", "Verglichen womit?"]]


@pytest.fixture
def course(transactional_catalogue: CataloguePage) -> CoursePage:
    course = make_course(transactional_catalogue, "Selling", language="en", passing_percentage=55)
    module = make_module(course, "Listening")
    quiz = make_quiz("A check", time_limit=5)
    table = make_block(
        "table",
        {
            "caption": "Answers",
            "table": {"data": [["Objection", "Question"], ["Too expensive", "Compared with what?"]]},
        },
    )
    video = make_block(
        "video",
        {
            "title": "A call",
            "url": "https://example.com/a.mp4",
            "transcript": "<p>Hello there.</p>",
            "file_name": "call.mp4",
        },
    )
    make_lesson(module, "Ask", blocks=[make_text("Ask first."), table, video, quiz])
    make_lesson(module, "Wait")
    add_language(transactional_catalogue, "de")
    compile_course(course.pk)
    return course


def german(page: Page) -> Any:
    return page.get_translation(Locale.objects.get(language_code="de")).specific


def state_of(course: CoursePage, language: str) -> CourseState | None:
    return CourseState.objects.filter(course_key=course.translation_key, language=language).first()


def lesson_of(course: CoursePage, title: str) -> LessonPage:
    return LessonPage.objects.descendant_of(course).get(title=title)


def test_submitting_makes_drafts_that_no_learner_sees(course: CoursePage) -> None:
    submit(course, "de")
    pages = Page.objects.descendant_of(german(course), inclusive=True)
    assert sorted(pages.values_list("title", "live")) == [
        ("Ask", False), ("Listening", False), ("Selling", False), ("Wait", False),
    ]  # fmt: skip
    assert state_of(course, "de") is None


def test_translation_shares_ids_keys_and_numbers_and_has_its_own_words(course: CoursePage) -> None:
    submit(course, "de")
    ask = lesson_of(course, "Ask")
    words = {
        "Ask": "Fragen", "Ask first.": "Erst fragen.", "Objection": "Einwand", "Question": "Frage",
        "Too expensive": "Zu teuer", "Compared with what?": "Verglichen womit?", "A check": "Probe",
        "Which one is right?": "Was stimmt?", "This": "Dies", "That": "Das", "zebra-quartz": "weil",
        "Hello there.": "Guten Tag.", "A call": "Ein Anruf",
    }  # fmt: skip
    translated = translate(ask, "de", words)
    source, target = ask.body.get_prep_value(), translated.body.get_prep_value()
    assert [(item["id"], item["type"]) for item in source] == [(item["id"], item["type"]) for item in target]
    text, table, video, quiz = (item["value"] for item in target)
    assert (translated.translation_key, translated.title) == (ask.translation_key, "Fragen")
    assert text["source"] == "Erst fragen."
    assert table["table"]["data"] == CELLS
    assert (video["title"], video["transcript"], video["file_name"]) == ("Ein Anruf", "<p>Guten Tag.</p>", "call.mp4")
    [question], [original] = quiz["questions"], source[3]["value"]["questions"]
    assert (quiz["title"], quiz["time_limit"], question["id"]) == ("Probe", 5, original["id"])
    choices, originals = question["value"]["choices"], original["value"]["choices"]
    assert [(each["id"], each["value"]["is_correct"]) for each in choices] == [
        (each["id"], each["value"]["is_correct"]) for each in originals
    ]
    assert [each["value"]["text"] for each in choices] == ["Dies", "Das"]
    assert (question["value"]["explanation"], choices[0]["value"]["feedback"]) == ("weil", "weil")


def test_published_translation_is_an_edition_of_the_same_course_in_its_language(course: CoursePage) -> None:
    submit(course, "de")
    translate(course, "de", {"Selling": "Verkaufen", "selling": "verkaufen"}, publish=False)
    publish_tree(course, "de")
    state = state_of(course, "de")
    assert state is not None and state.edition is not None
    outline = get_outline(state.edition.pk, state.edition.digest)
    facts = outline["course"]
    assert (facts["id"], facts["title"], facts["language"]) == (str(course.translation_key), "Verkaufen", "de")
    assert (facts["path"], state.path) == ("/de/courses/verkaufen/", "/de/courses/verkaufen/")
    assert facts["passing_percentage"] == 55
    assert outline["modules"][0]["lessons"][0]["path"] == "/de/courses/verkaufen/listening/ask/"
    english = state_of(course, "en")
    assert english is not None and english.edition is not None
    original = get_outline(english.edition.pk, english.edition.digest)
    assert original["course"]["path"] == "/courses/selling/"
    ids = [[block["id"] for lesson in module["lessons"] for block in lesson["blocks"]] for module in outline["modules"]]
    assert ids == [
        [block["id"] for lesson in module["lessons"] for block in lesson["blocks"]] for module in original["modules"]
    ]


def test_editing_the_source_leaves_the_translation_as_it_was_until_it_is_synced(course: CoursePage) -> None:
    submit(course, "de")
    publish_tree(course, "de")
    wait = lesson_of(course, "Wait")
    before = Edition.objects.filter(language="de").count()
    wait.body = json.dumps([*wait.body.get_prep_value(), make_text("More.")])
    wait.save_revision().publish()
    assert len(german(wait).body) == 1
    assert Edition.objects.filter(language="de").count() == before
    TranslationSource.objects.get_for_instance(wait).update_from_db()
    translated = translate(wait, "de", {"More.": "Mehr."})
    assert [item["value"]["source"] for item in translated.body.raw_data][1] == "Mehr."
    state = state_of(course, "de")
    assert state is not None and state.edition is not None and state.edition.number == 2


def test_saving_a_synced_draft_does_not_reach_learners(course: CoursePage) -> None:
    submit(course, "de")
    publish_tree(course, "de")
    wait, ask = lesson_of(course, "Wait"), lesson_of(course, "Ask")
    wait.body = json.dumps([*wait.body.get_prep_value(), make_text("More.")])
    wait.save_revision().publish()
    TranslationSource.objects.get_for_instance(wait).update_from_db()
    translate(wait, "de", {"More.": "Mehr."}, publish=False)
    german(ask).save_revision().publish()  # compiles the course
    state = state_of(course, "de")
    assert state is not None and state.edition is not None
    document = get_lesson_document(state.edition.pk, str(wait.translation_key))
    assert document is not None and len(document["blocks"]) == 1


def test_a_release_of_a_translation_takes_what_is_published_and_its_drafts_only_when_asked(course: CoursePage) -> None:
    CoursePage.objects.filter(pk=course.pk).update(release_mode="manual")
    course.refresh_from_db()
    submit(course, "de")
    publish_tree(course, "de")
    page, ask = german(course), lesson_of(course, "Ask")
    first = release_course(course_id=page.pk, by=None)
    translate(course, "de", {"Selling": "Verkaufen"}, publish=False)
    translate(ask, "de", {"Ask": "Fragen"})
    translate(ask, "de", {"Ask": "Besser fragen"}, publish=False)
    page = german(course)
    published, drafted = read_candidate(page, ()), read_candidate(page, list_offered_pages(page))
    assert (published.outline["course"]["title"], drafted.outline["course"]["title"]) == ("Selling", "Verkaufen")
    assert [each.outline["modules"][0]["lessons"][0]["title"] for each in (published, drafted)] == [
        "Fragen", "Besser fragen",
    ]  # fmt: skip
    texts = [export_course(page, draft=draft).texts["modules/listening/ask.md"] for draft in (False, True)]
    assert ["title: Fragen" in texts[0], "title: Besser fragen" in texts[1]] == [True, True]
    second = release_course(course_id=page.pk, by=None)
    assert (second.edition.digest, second.edition.title, second.previous) == (
        published.digest, "Selling", first.edition,
    )  # fmt: skip
    english = state_of(course, "en")
    assert english is not None and english.edition is not None and english.edition.number == 1


def test_rules_of_what_opens_after_what_hold_in_every_language(course: CoursePage) -> None:
    ask, wait = lesson_of(course, "Ask"), lesson_of(course, "Wait")
    wait.requires = json.dumps([make_item("lesson", {"page": ask.pk, "minimum_score": None})])
    wait.save_revision().publish()
    submit(course, "de")
    publish_tree(course, "de")
    state = state_of(course, "de")
    assert state is not None and state.edition is not None
    lessons = get_outline(state.edition.pk, state.edition.digest)["modules"][0]["lessons"]
    required = [{"id": str(ask.translation_key), "minimum_score": None}]
    assert lessons[1]["requires"] == required
    # Editors see a rule that works, and a pack of the translation has it.
    assert [row.warnings for row in read_curriculum(german(course)).lessons] == [(), ()]
    exported = export_course(german(course))
    assert f"requires:\n  - {ask.translation_key}" in exported.texts["modules/listening/wait.md"]
    assert exported.warnings == ()


def test_request_translation_does_the_pages_below_in_the_background(course: CoursePage) -> None:
    locale = Locale.objects.get(language_code="de")
    translate_object(course, [locale])
    request_translation(page_id=course.pk, locales=[locale], user_id=None)
    pages = Page.objects.filter(locale=locale).descendant_of(german(course))
    assert sorted(pages.values_list("title", flat=True)) == ["Ask", "Listening", "Wait"]
    job = TreeTranslation.objects.get()
    assert (job.finished_at is not None, job.failed_pages) == (True, 0)
    assert continue_translations() == 0


def test_an_unfinished_tree_is_gone_on_with(course: CoursePage) -> None:
    locale = Locale.objects.get(language_code="de")
    translate_object(course, [locale])
    translate_object(ModulePage.objects.get(title="Listening"), [locale])
    TreeTranslation.objects.create(page=course, locale=locale)
    assert continue_translations() == 2
    assert Page.objects.filter(locale=locale).descendant_of(german(course)).count() == 3


def test_a_tick_does_a_few_pages_and_comes_again(course: CoursePage) -> None:
    locale = Locale.objects.get(language_code="de")
    translate_object(course, [locale])
    TreeTranslation.objects.create(page=course, locale=locale)
    assert [continue_translations(most=2), continue_translations(most=2), continue_translations(most=2)] == [2, 1, 0]
    assert TreeTranslation.objects.get().finished_at is not None


def test_what_somebody_is_working_on_is_left_alone(course: CoursePage) -> None:
    locale = Locale.objects.get(language_code="de")
    translate_object(course, [locale])
    job = TreeTranslation.objects.create(
        page=course, locale=locale, claimed_until=timezone.now() + timedelta(minutes=1)
    )
    assert continue_translations() == 0
    job.claimed_until = timezone.now() - timedelta(seconds=1)
    job.save()
    assert continue_translations() == 3


def test_the_admins_form_translates_the_tree(course: CoursePage, client: Client) -> None:
    client.force_login(UserFactory(admin=True))
    locale = Locale.objects.get(language_code="de")
    url = reverse("wagtail_localize:submit_page_translation", args=[course.pk])
    assert client.get(url).status_code == 200
    response = client.post(url, {"locales": [locale.pk], "include_subtree": "on"})
    assert response.status_code == 302
    pages = Page.objects.filter(locale=locale).descendant_of(german(course), inclusive=True)
    assert pages.count() == 4
    for page in pages:  # the translation editor opens for each
        assert client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).status_code == 200


def test_an_alias_is_no_course_of_its_own(course: CoursePage) -> None:
    locale = Locale.objects.get(language_code="de")
    alias = course.copy_for_translation(locale, alias=True)
    compile_course(alias.pk)
    assert state_of(course, "de") is None


def test_links_lead_to_the_language_of_the_lesson(course: CoursePage) -> None:
    ask, wait = lesson_of(course, "Ask"), lesson_of(course, "Wait")
    link = f'<p><a linktype="page" id="{ask.pk}">Ask</a></p>'
    wait.body = json.dumps([make_block("text", {"text": link})])
    wait.save_revision().publish()
    submit(course, "de")
    publish_tree(course, "de")
    for language, path in (("en", "/courses/selling/listening/ask/"), ("de", "/de/courses/selling/listening/ask/")):
        state = state_of(course, language)
        assert state is not None and state.edition is not None
        document: Any = get_lesson_document(state.edition.pk, str(wait.translation_key))
        assert f'href="{path}"' in document["blocks"][0]["html"]


def test_compiling_a_translation_takes_the_same_queries_however_long_it_is(course: CoursePage) -> None:
    module = ModulePage.objects.get(title="Listening")
    counts = []
    for number in range(2):
        submit(course, "de")
        publish_tree(course, "de")
        for page in LessonPage.objects.filter(locale__language_code="de"):
            page.save_revision()  # unpublished changes
        with CaptureQueriesContext(connection) as queries:
            compile_documents(german(course))
        counts.append(len(queries))
        for more in range(3):
            make_lesson(module, f"More {number}.{more}")
    assert counts == [9, 9]


def test_the_translation_editor_keeps_what_is_typed(course: CoursePage, client: Client) -> None:
    client.force_login(UserFactory(admin=True))
    submit(course, "de")
    translation = Translation.objects.get(source__object_id=course.translation_key)
    segment = StringSegment.objects.get(source=translation.source, context__path="title")
    url = reverse("wagtail_localize:edit_string_translation", args=[translation.pk, segment.pk])
    form = encode_multipart(BOUNDARY, {"value": "Verkaufen"})
    assert client.put(url, form, content_type=MULTIPART_CONTENT).status_code == 201
    assert StringTranslation.objects.get().data == "Verkaufen"


def test_a_translation_does_not_become_an_alias(course: CoursePage, client: Client) -> None:
    client.force_login(UserFactory(admin=True))
    submit(course, "de")
    page = german(course)
    response = client.post(reverse("wagtail_localize:convert_to_alias", args=[page.pk]), follow=True)
    assert "stays a translation" in response.content.decode()
    assert german(course).alias_of_id is None
