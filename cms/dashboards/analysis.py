"""Question analysis in the admin: which quizzes have been counted, one quiz in one edition, the same as CSV."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cms.dashboards.registers import FORMULA_STARTS
from cms.dashboards.screens import Screen, describe_seconds
from courses.editions.models import CourseState
from learners.exams.access import can_analyse, can_regrade
from learners.exams.items import ENOUGH
from learners.exams.statistics import (
    QuestionAnalysis,
    QuizAnalysis,
    describe_rows,
    get_analysis,
    list_statistics,
)
from learners.progress.events import read_uuid

FLAGS = {
    "negative": _("Whoever does well on the rest gets this wrong: check the key."),
    "rival": _("A wrong choice is picked more often than a right one: check the key and the wording."),
    "weak": _("Says little about who knows the subject."),
    "too_easy": _("Too easy: nearly everybody gets it right."),
    "too_hard": _("Very hard: hardly anybody gets it right."),
    "omitted": _("Often left out."),
    "idle": _("Nobody picks: %(choices)s. Make it more tempting or take it out."),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One question as the page shows it."""

    analysis: QuestionAnalysis
    prompt: str
    facility: int | None
    discrimination: str
    median: str
    mean: str
    bars: list[tuple[str, bool | None, int, int]]
    notes: list[str]


class AnalysisScreen(Screen):
    is_open_to = staticmethod(can_analyse)
    header_icon = "chart"


class AnalysesView(AnalysisScreen):
    page_title = _("Question analysis")
    template_name = "admin/exams/analyses.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = list_statistics()
        course_key = read_uuid(self.request.GET.get("course", ""))
        if course_key:
            rows = rows.filter(edition__course_key=course_key)
        page = self.paginate(rows)
        facts = {"page": page, "rows": list(describe_rows(list(page.object_list))), "is_filtered": bool(course_key)}
        facts["filter_query"] = urlencode({"course": course_key}) if course_key else ""
        return super().get_context_data(**kwargs) | facts


class AnalysisView(AnalysisScreen):
    template_name = "admin/exams/analysis.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        analysis = get_analysis(kwargs["pk"])
        if analysis is None:
            raise Http404
        self.page_title = analysis.title or gettext("Quiz")
        return self.render_to_response(self.get_context_data(analysis=analysis))

    def get_trail(self) -> list[tuple[str, Any]]:
        return [(reverse("analyses"), _("Question analysis"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        analysis: QuizAnalysis = kwargs["analysis"]
        return super().get_context_data(**kwargs) | {
            "rows": [_make_row(question) for question in analysis.questions],
            "enough": ENOUGH,
            "is_sparse": any(question.count.n < ENOUGH for question in analysis.questions),
            "regrade_url": _regrade_url(analysis) if can_regrade(self.request.user) else "",
        }


class AnalysisExportView(AnalysisScreen):
    """The figures for a spreadsheet, which must not run a prompt as a formula."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        analysis = get_analysis(kwargs["pk"])
        if analysis is None:
            raise Http404
        name = slugify(f"{analysis.title}-{analysis.statistics.edition.number}") or "questions"
        headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
        response = HttpResponse(content_type="text/csv; charset=utf-8", headers=headers)
        writer = csv.writer(response)
        writer.writerows(list(map(_harmless, row)) for row in _export_rows(analysis))
        return response


def _make_row(question: QuestionAnalysis) -> Row:
    count = question.count
    return Row(
        analysis=question,
        prompt=question.question.prompt if question.question else gettext("A question this edition no longer has"),
        facility=None if count.facility is None else round(count.facility * 100),
        discrimination="–" if count.discrimination is None else f"{count.discrimination:.2f}",
        median=describe_seconds(count.median_seconds),
        mean=describe_seconds(count.mean_seconds),
        bars=list(_make_bars(question)),
        notes=[str(FLAGS[flag]) % {"choices": ", ".join(question.idle)} for flag in question.flags],
    )


def _make_bars(question: QuestionAnalysis) -> Iterator[tuple[str, bool | None, int, int]]:
    """(text, is it right, count, per cent): choices where there are any, else how far answers were right."""
    for line in question.choices:
        yield line.text, line.is_right, line.count, round(line.share * 100)
    count = question.count
    kinds = [] if question.choices else [(_("Right"), count.full), (_("Partly right"), count.partly)]
    kinds += [] if question.choices else [(_("Wrong"), count.nothing)]
    for label, number in [*kinds, (_("No answer"), count.omitted)]:
        yield str(label), None, number, round(100 * number / count.n) if count.n else 0


def _export_rows(analysis: QuizAnalysis) -> Iterator[list[Any]]:
    yield [
        "number", "question", "type", "prompt", "papers", "facility", "discrimination", "right", "partly", "wrong",
        "omitted", "median_seconds", "mean_seconds", "flags", "choice", "choice_is_right", "choice_count",
    ]  # fmt: skip
    for each in analysis.questions:
        count, question = each.count, each.question
        figures = [
            each.number,
            each.question_id,
            question.type if question else "",
            question.prompt if question else "",
            count.n,
            _rounded(count.facility),
            _rounded(count.discrimination),
            count.full,
            count.partly,
            count.nothing,
            count.omitted,
            count.median_seconds,
            _rounded(count.mean_seconds),
            " ".join(each.flags),
        ]
        for line in each.choices:
            yield [*figures, line.text, line.is_right, line.count]
        if not each.choices:
            yield [*figures, "", "", ""]


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _harmless(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def _regrade_url(analysis: QuizAnalysis) -> str:
    """The trial of grading this quiz again, where its course is still there. One query."""
    row = analysis.statistics
    states = CourseState.objects.filter(course_key=row.edition.course_key, language=row.edition.language)
    state = states.values_list("pk", flat=True).first()
    return f"{reverse('regrade-new')}?course={state}&quiz={row.lesson_key}:{row.block_id}" if state else ""


def analysis_urls() -> list[URLPattern]:
    return [
        path("question-analysis/", AnalysesView.as_view(), name="analyses"),
        path("question-analysis/<int:pk>/", AnalysisView.as_view(), name="analysis"),
        path("question-analysis/<int:pk>/csv/", AnalysisExportView.as_view(), name="analysis-csv"),
    ]
