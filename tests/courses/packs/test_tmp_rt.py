import json
from pathlib import Path
import pytest
from wagtail.models import Page
from courses.models import CoursePage
from courses.packs.apply import apply_pack
from courses.packs.export import export_course
from courses.packs.reader import read_pack
from courses.packs.targets import write_folder
from tests.courses.packs.builder import write_full_pack
pytestmark = pytest.mark.django_db
def test_rt(catalogue, tmp_path):
    apply_pack(read_pack(write_full_pack(tmp_path/"src")))
    e = export_course(CoursePage.objects.get(), draft=True)
    for p, t in e.texts.items(): print("=====", p); print(t)
    w = write_folder(e, tmp_path/"one"); print(w, e.warnings)
    plan = apply_pack(read_pack(tmp_path/"one")).plan
    print([ (p.title,p.changes) for p in plan.pages if p.changes], plan.media_counts, plan.warnings)
    CoursePage.objects.get().delete()
    from courses.models import CourseImage, CourseMedia, CourseDocument, Category, Instructor, Tag
    for m in (CourseImage, CourseMedia, CourseDocument, Category, Instructor, Tag): m.objects.all().delete()
    apply_pack(read_pack(tmp_path/"one"))
    e2 = export_course(CoursePage.objects.get(), draft=True)
    assert e2.texts == e.texts
    write_folder(e2, tmp_path/"two")
    assert (tmp_path/"two/media.tsv").read_text()==(tmp_path/"one/media.tsv").read_text()
    print((tmp_path/"two/media.tsv").read_text())
