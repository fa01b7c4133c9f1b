"""Questions of the bank as a text to take away."""

from dataclasses import dataclass

from courses.models.bank import BankQuestion, QuestionCategory
from courses.quizzes.gift_writing import NotGiftError, write_category, write_gift


@dataclass(frozen=True)
class GiftText:
    text: str
    written: int
    left_out: int


def write_category_gift(category: QuestionCategory) -> GiftText:
    """The questions of a category as GIFT, drafts included, oldest first; what GIFT has no words for is named in a
    comment. One query."""
    parts = [write_category(category.name)]
    written = left_out = 0
    rows = BankQuestion.objects.filter(category=category).order_by("pk")
    for title, stream in rows.values_list("title", "question"):
        for question in stream.stream_block.to_questions(list(stream.raw_data)[:1]):
            try:
                parts.append(write_gift(title, question))
                written += 1
            except NotGiftError as error:
                parts.append(f"// Left out: “{' '.join(title.split())}”. {error}")
                left_out += 1
    return GiftText("\n\n".join(parts) + "\n", written, left_out)
