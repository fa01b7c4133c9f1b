"""The body of a lesson: all block types, and the way from stored JSON to the documents of an edition."""

from collections.abc import Iterable, Iterator
from typing import Any, TypedDict

from wagtail.blocks import StreamBlock

from courses.blocks.base import BlockProblem, LessonBlock
from courses.blocks.html import unique_heading_ids
from courses.blocks.media import AudioBlock, DownloadBlock, EmbedBlock, ImageBlock, VideoBlock
from courses.blocks.quiz import QuizBlock
from courses.blocks.refs import Reference, Refs
from courses.blocks.text import CalloutBlock, CodeBlock, MarkdownBlock, TableBlock, TextBlock
from courses.quizzes.definition import Quiz


class RawItem(TypedDict):
    """One item of a stream as Wagtail stores it."""

    id: str
    type: str
    value: dict[str, Any]


class LessonBody(StreamBlock):
    text = TextBlock()
    markdown = MarkdownBlock()
    callout = CalloutBlock()
    table = TableBlock()
    code = CodeBlock()
    image = ImageBlock()
    video = VideoBlock()
    audio = AudioBlock()
    file = DownloadBlock()
    embed = EmbedBlock()
    quiz = QuizBlock()

    def items(self, raw: Iterable[RawItem]) -> Iterator[tuple[RawItem, LessonBlock]]:
        """Each stored item with its block; types that no longer exist are left out."""
        for item in raw or []:
            block = self.child_blocks.get(item["type"])
            if block is not None:
                yield item, block

    def to_documents(self, raw: Iterable[RawItem], refs: Refs) -> list[dict[str, Any]]:
        """The blocks of the lesson document, in order. No queries and no answers."""
        taken: set[str] = set()
        documents = []
        for item, block in self.items(raw):
            value = item["value"]
            document = {
                "id": item["id"],
                "type": item["type"],
                "is_required": bool(value.get("is_required", True)),
                "time_limit": value.get("time_limit"),
                **block.to_document(value, refs),
            }
            if "html" in document:
                document["html"] = unique_heading_ids(document["html"], taken)
            documents.append(document)
        return documents

    def quizzes(self, raw: Iterable[RawItem], refs: Refs) -> dict[str, Quiz]:
        """The quizzes of the lesson by block id, keys included: for the answer key and nothing else."""
        return {
            item["id"]: block.to_quiz(item["value"], item["id"], refs.bank)
            for item, block in self.items(raw)
            if isinstance(block, QuizBlock)
        }

    def references(self, raw: Iterable[RawItem]) -> Iterator[Reference]:
        for item, block in self.items(raw):
            yield from block.references(item["value"])

    def find_problems(self, raw: Iterable[RawItem]) -> Iterator[tuple[RawItem, BlockProblem]]:
        for item, block in self.items(raw):
            for problem in block.find_problems(item["value"]):
                yield item, problem
