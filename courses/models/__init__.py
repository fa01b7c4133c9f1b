"""The models of the app, re-exported for Django; each lives in the module of its subject."""

from courses.editions.models import AnswerKey, CourseState, Document, Edition
from courses.models.bank import BankQuestion, QuestionCategory
from courses.models.catalogue import CataloguePage
from courses.models.course import CoursePage, ModulePage
from courses.models.files import CourseDocument, CourseImage, CourseMedia, CourseRendition
from courses.models.lesson import LessonPage
from courses.models.preview_links import PreviewLink
from courses.models.taxonomy import Category, CourseTag, Instructor, Tag
from courses.models.translations import TreeTranslation

__all__ = [
    "AnswerKey",
    "BankQuestion",
    "CataloguePage",
    "Category",
    "CourseDocument",
    "CourseImage",
    "CourseMedia",
    "CoursePage",
    "CourseRendition",
    "CourseState",
    "CourseTag",
    "Document",
    "Edition",
    "Instructor",
    "LessonPage",
    "ModulePage",
    "PreviewLink",
    "QuestionCategory",
    "Tag",
    "TreeTranslation",
]
