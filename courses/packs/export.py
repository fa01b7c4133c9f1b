"""Exports a course as a pack: the canonical text, the files it uses, and warnings about what a pack cannot hold."""

from collections.abc import Mapping
from dataclasses import dataclass

from courses.models.course import CoursePage
from courses.packs.course_tree import load_course_tree
from courses.packs.definition import Pack
from courses.packs.errors import Fault, PackError
from courses.packs.pack_text import write_pack
from courses.packs.reader import read_texts
from courses.packs.stored_course import CourseDescriber
from courses.packs.stored_media import ExportedFile


@dataclass(frozen=True)
class Export:
    """``texts`` by path; ``files`` by path below media/; ``lost`` are names of files that nobody has."""

    slug: str
    title: str
    texts: Mapping[str, str]
    files: tuple[ExportedFile, ...]
    lost: tuple[str, ...]
    warnings: tuple[str, ...]
    pages: int


def export_course(course: CoursePage, *, draft: bool = False) -> Export:
    """The course as it is published or, with ``draft``, as its latest drafts have it. Reads only, no learner data.

    The text is the same whenever the course is the same, here and wherever the pack is applied. Raises PackError for a
    course that no pack can hold.
    """
    tree = load_course_tree(course, draft=draft)
    describer = CourseDescriber(tree)
    pack = describer.describe()
    texts = _canonical(pack)
    return Export(
        slug=pack.slug or "",
        title=pack.title,
        texts=texts,
        files=tuple(describer.media.files[path] for path in sorted(describer.media.files)),
        lost=tuple(sorted(describer.media.lost)),
        warnings=tuple(describer.warnings),
        pages=len(tree.keys),
    )


def _canonical(pack: Pack) -> dict[str, str]:
    """What reading makes of the text decides: spaces that readers strip, for example, are not written at all."""
    texts = write_pack(pack)
    for _round in range(2):
        try:
            again = write_pack(read_texts(texts))
        except PackError as error:
            faults = tuple(Fault(f"cannot be exported: {fault}") for fault in error.faults)
            raise PackError(faults=faults) from None
        if again == texts:
            break
        texts = again
    return texts
