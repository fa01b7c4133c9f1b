"""The models of the app, re-exported for Django; each lives in the module of its subject."""

from courses.editions.models import AnswerKey, CourseState, Document, Edition, Release, ReleasePlan
from courses.models.bank import BankQuestion, QuestionCategory
from courses.models.catalogue import CataloguePage
from courses.models.copies import TreeCopy
from courses.models.course import CoursePage, ModulePage
from courses.models.files import CourseDocument, CourseImage, CourseMedia, CourseRendition
from courses.models.lesson import LessonPage
from courses.models.preview_links import PreviewLink
from courses.models.review import QualityGateTask
from courses.models.settings import QualitySettings
from courses.models.taxonomy import Category, CourseTag, Instructor, Tag
from courses.models.templates import TemplatesPage
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
    "QualityGateTask",
    "QualitySettings",
    "QuestionCategory",
    "Release",
    "ReleasePlan",
    "Tag",
    "TemplatesPage",
    "TreeCopy",
    "TreeTranslation",
]
