"""The reference pages: they run under the strict policy and come from this server alone."""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings
from rest_framework.test import APIClient


@pytest.mark.parametrize("path", ["docs/", "docs/problems/"])
def test_pages_have_nothing_inline_and_nothing_from_elsewhere(api: APIClient, db: None, path: str) -> None:
    page = api.get(f"/api/v1/{path}").content.decode()
    assert re.findall(r"<style|style=|\son\w+=|<script(?![^>]*\ssrc=)", page) == []
    assert [address for address in re.findall(r'(?:src|href)="([^"]+)"', page) if "//" in address] == []


def test_reference_loads_its_settings_as_a_script(api: APIClient, db: None) -> None:
    script = api.get("/api/v1/docs/?script=")
    assert script["Content-Type"] == "application/javascript"
    assert 'url: "/api/v1/openapi.json"' in script.content.decode()


def test_document_may_be_kept_by_caches(api: APIClient, db: None) -> None:
    response = api.get("/api/v1/openapi.json")
    assert response["Cache-Control"] == "public, max-age=60, stale-while-revalidate=300"


def test_document_takes_no_other_method(api: APIClient, db: None) -> None:
    response = api.post("/api/v1/openapi.json", {}, format="json")
    assert (response.status_code, response.json()["code"]) == (405, "method_not_allowed")


FIRST_READERS = """
import django; django.setup()
from concurrent.futures import ThreadPoolExecutor
from api.v1.documentation import render_schema
with ThreadPoolExecutor(4) as readers:
    print(len({*readers.map(lambda _: render_schema(), range(4))}))
"""


def test_first_readers_of_a_process_may_come_at_once() -> None:
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "cms.settings.test"}
    done = subprocess.run(
        [sys.executable, "-c", FIRST_READERS], cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (0, "1\n"), done.stderr[-2000:]
