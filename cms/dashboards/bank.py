"""Questions from a text into the bank: paste or upload, see what would be made and every fault, then import."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.widgets.button import Button

from cms.dashboards.screens import Screen
from courses.bank.queries import write_category_gift
from courses.bank.services import ImportPlan, ImportRefusedError, import_questions, may_import, may_publish, plan_import
from courses.models import QuestionCategory
from courses.quizzes.definition import Question
from courses.quizzes.exchange import MAX_CHARACTERS, MAX_QUESTIONS, normalise_lines
from courses.quizzes.question_csv import COLUMNS, decode_table
from learners.accounts.models import User

MAX_BYTES = 4 * MAX_CHARACTERS
EXAMPLE = """::Opening::What opens a call best?
{ =Your reason for calling #Now they know what it is about.
  ~The weather #They have a window.
  ~A question about their family }

A pause is a mistake. {F}

$CATEGORY: Numbers
How many minutes is a first call? {#15:5}"""


class ImportForm(forms.Form):
    """``read`` gives the text, from the file if there is one; newer lines of a browser count as plain ones."""

    category = forms.ModelChoiceField(
        QuestionCategory.objects.all(),
        label=gettext_lazy("Category"),
        help_text=gettext_lazy("For questions whose text names none."),
    )
    text_format = forms.ChoiceField(label=gettext_lazy("Format"), choices=[("gift", "GIFT"), ("csv", "CSV")])
    text = forms.CharField(
        label=gettext_lazy("Questions"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "false", "class": "cw-code"}),
    )
    file = forms.FileField(
        label=gettext_lazy("or a file"), required=False, help_text=gettext_lazy("A text file in UTF-8, up to 4 MB.")
    )

    def clean_text(self) -> str:
        """A NUL is left in: the reader names the line it is in."""
        return normalise_lines(self.cleaned_data["text"])

    def clean_file(self) -> str:
        file = self.cleaned_data["file"]
        if not file:
            return ""
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("The file is bigger than 4 MB. Import it in parts."))
        try:
            return normalise_lines(decode_table(file.read()))
        except ValueError:
            raise forms.ValidationError(
                _("This is no text in UTF-8. In Excel, save it as “CSV UTF-8”; in an editor, choose UTF-8.")
            ) from None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["text"] = data.get("file") or data.get("text") or ""
        if not self.errors and not data["text"].strip():
            raise forms.ValidationError(_("Paste the questions, or choose a file."))
        return data


# The reader names the line of a NUL; Django would only say that there is one.
ImportForm.base_fields["text"].validators = []


class ImportScreen(Screen):
    is_open_to = staticmethod(may_import)
    header_icon = "help"

    def get_trail(self) -> list[tuple[str, Any]]:
        return [(questions_url(), _("Bank questions"))]


class ImportView(ImportScreen):
    """POST shows the trial; with ``do=import`` or ``do=publish`` it imports what the trial showed."""

    page_title = gettext_lazy("Import questions")
    template_name = "admin/bank/import.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.pop("form", None) or ImportForm(initial={"category": self._find_category()})
        facts = {"form": form, "example": EXAMPLE, "columns": COLUMNS.items(), "most": MAX_QUESTIONS}
        facts |= {"may_publish": may_publish(self.person), "has_categories": QuestionCategory.objects.exists()}
        return super().get_context_data(**kwargs) | facts

    def _find_category(self) -> QuestionCategory | None:
        """The one asked for, else the first."""
        asked = self.request.GET.get("category", "")
        found = (
            QuestionCategory.objects.filter(pk=asked).first()
            if asked.isascii() and asked.isdigit() and len(asked) < 10
            else None
        )
        return found or QuestionCategory.objects.first()

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ImportForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        data = form.cleaned_data
        what = {key: data[key] for key in ("text", "text_format", "category")}
        do = request.POST.get("do")
        if do in ("import", "publish"):
            try:
                done = import_questions(**what, user=request.user, publish=do == "publish")
            except ImportRefusedError as refused:
                messages.error(request, refused.message)
            else:
                messages.success(request, describe(done.made, done.left_out, done.is_live))
                return redirect(questions_url(data["category"]))
        # A file's text goes into the field, so that it can be mended at once.
        form = ImportForm(initial=what)
        return self.render_to_response(
            self.get_context_data(form=form, **self._trial(plan_import(**what), data["text"]))
        )

    def _trial(self, plan: ImportPlan, text: str) -> dict[str, Any]:
        lines = text.split("\n")
        faults = [(fault, lines[fault.line - 1][:200] if fault.line <= len(lines) else "") for fault in plan.faults]
        rows = [(item, list(describe_answers(item.read.question))) for item in plan.planned]
        return {"plan": plan, "faults": faults, "rows": rows, "new_count": len(plan.new)}


def describe(made: int, left_out: int, is_live: bool) -> str:
    kind = _("published") if is_live else _("as drafts")
    text = ngettext("%(n)d question imported, %(kind)s.", "%(n)d questions imported, %(kind)s.", made)
    text %= {"n": made, "kind": kind}
    if left_out:
        text += " " + _("%(n)d were there already and were left out.") % {"n": left_out}
    return text


def describe_answers(question: Question) -> Iterator[tuple[str, str, str]]:
    """("right", "wrong" or "", text, feedback) of each answer, as the trial shows them."""
    for choice in question.choices:
        yield "right" if choice.is_correct else "wrong", choice.text, choice.feedback
    for text in question.accepted:
        yield "right", text, ""
    for pair in question.pairs:
        yield "right", f"{pair.left} → {pair.right}", ""
    for text in question.distractors:
        yield "wrong", text, ""
    for place, item in enumerate(question.items, start=1):
        yield "right", f"{place}. {item.text}", ""
    for blank in question.blanks:
        yield "right", " | ".join(blank.accepted), ""
    if question.number is not None:
        tolerance = f" ± {question.tolerance:g}" if question.tolerance else ""
        yield "right", f"{question.number:.12g}{tolerance} {question.unit}".strip(), ""
    if question.type == "essay":
        yield "", question.guidance or _("Marked by a person."), ""


def questions_url(category: QuestionCategory | None = None) -> str:
    url = reverse("wagtailsnippets_courses_bankquestion:list")
    return f"{url}?category={category.pk}" if category else url


def export_category(request: HttpRequest, pk: int) -> HttpResponse:
    """The category as a GIFT file, for those who may see its questions."""
    category = QuestionCategory.objects.filter(pk=pk).first()
    if category is None or not may_export(request.user):
        raise Http404
    response = HttpResponse(write_category_gift(category).text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{category.slug}.gift"'
    response["Cache-Control"] = "private, no-store"
    return response


def may_export(user: Any) -> bool:
    """Whoever may read the questions with their answers in the admin."""
    rights = ("view", "change", "add")
    return user.has_perm("wagtailadmin.access_admin") and any(
        user.has_perm(f"courses.{right}_bankquestion") for right in rights
    )


def make_bank_buttons(snippet: Any, user: User) -> Iterator[Button]:
    """Beside a category in its listing."""
    if isinstance(snippet, QuestionCategory):
        if may_import(user):
            url = f"{reverse('question-import')}?category={snippet.pk}"
            yield Button(_("Import questions"), url, icon_name="upload", priority=40)
        if may_export(user):
            url = reverse("question-export", args=[snippet.pk])
            yield Button(_("Export as GIFT"), url, icon_name="download", priority=50)


def bank_urls() -> list[URLPattern]:
    return [
        path("question-bank/import/", ImportView.as_view(), name="question-import"),
        path("question-bank/export/<int:pk>/", export_category, name="question-export"),
    ]
