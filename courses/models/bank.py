"""The question bank: questions by category, from which quizzes draw when their course is compiled."""

import copy
import uuid
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, TitleFieldPanel
from wagtail.blocks import StreamValue
from wagtail.fields import StreamField
from wagtail.models import DraftStateMixin, RevisionMixin

from courses.blocks.ids import ensure_ids, has_all_ids
from courses.blocks.question_stream import BankQuestionStream
from courses.quizzes.definition import Question


class QuestionCategory(models.Model):
    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    description = models.CharField(max_length=255, blank=True)

    panels = [TitleFieldPanel("name", targets=["slug"]), FieldPanel("slug"), FieldPanel("description")]

    class Meta:
        ordering = ["name"]
        verbose_name = _("question category")
        verbose_name_plural = _("question categories")

    def __str__(self) -> str:
        return self.name

    @classmethod
    def load_questions(cls, category_ids: Iterable[int]) -> dict[int, tuple[Question, ...]]:
        """The live questions of each category, keys included, oldest first. One query, none without categories."""
        found: dict[int, list[Question]] = defaultdict(list)
        rows = BankQuestion.objects.filter(category_id__in=set(category_ids), live=True).order_by("pk")
        for key, category_id, stream in rows.values_list("key", "category_id", "question"):
            found[category_id] += _read_questions(stream, str(key))
        return {category_id: tuple(questions) for category_id, questions in found.items()}


class BankQuestion(DraftStateMixin, RevisionMixin, models.Model):
    """``key`` is the question's id in every quiz that draws it: a copy made in the admin gets its own."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    category = models.ForeignKey(
        QuestionCategory, on_delete=models.PROTECT, related_name="questions", verbose_name=_("category")
    )
    title = models.CharField(max_length=255, help_text=_("To find it by; learners do not see it."))
    question = StreamField(BankQuestionStream(min_num=1, max_num=1), verbose_name=_("question"))
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    panels = [FieldRowPanel([FieldPanel("title"), FieldPanel("category")]), FieldPanel("question")]

    class Meta:
        ordering = ["category__name", "title", "pk"]
        verbose_name = _("bank question")
        verbose_name_plural = _("bank questions")

    def __str__(self) -> str:
        return self.title

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        self.ensure_block_ids()
        super().full_clean(*args, **kwargs)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.ensure_block_ids()
        super().save(*args, **kwargs)

    def serializable_data(self) -> dict[str, Any]:
        """What a revision stores, ids made sure of."""
        self.ensure_block_ids()
        return super().serializable_data()

    def ensure_block_ids(self) -> None:
        block, raw = self.question.stream_block, self.question.get_prep_value()
        if not has_all_ids(block, raw):
            self.question = StreamValue(block, ensure_ids(block, copy.deepcopy(raw)), is_lazy=True)

    def type_label(self) -> str:
        """What sort of question it is, as the editor calls it. No query."""
        stream = self.question
        item = next(iter(stream.raw_data), None)
        block = stream.stream_block.child_blocks.get(item["type"]) if item else None
        return str(block.label) if block else ""

    type_label.short_description = _("Type")  # type: ignore[attr-defined]

    def status_label(self) -> str:
        """Wagtail's own status asks for scheduled revisions, one query a row."""
        if not self.live:
            return gettext("Draft")
        return gettext("Live, with changes") if self.has_unpublished_changes else gettext("Live")

    status_label.short_description = _("Status")  # type: ignore[attr-defined]


def _read_questions(stream: StreamValue, key: str) -> tuple[Question, ...]:
    """None or one: the stream holds one question, which goes by the key of its row."""
    return stream.stream_block.to_questions([{**item, "id": key} for item in stream.raw_data[:1]])
