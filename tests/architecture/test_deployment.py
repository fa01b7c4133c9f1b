"""Production settings: complete, or refused with one clear line; and clean under Django's own deployment checks."""

import os
import subprocess
import sys

from tests.architecture.source import ROOT

COMPLETE = {
    "DJANGO_SETTINGS_MODULE": "cms.settings.production",
    "SECRET_KEY": "k5Zq0vX-9sYw2mBt7LrDn4HcJf8GaPe1UoKi3TyWbVxSzQdRlM",
    "BASE_URL": "https://learn.example.com",
    "DATABASE_URL": "postgres://coursewright@127.0.0.1:1/nowhere",
}


def run_manage(*arguments: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if name not in COMPLETE and name != "CACHE_URL"}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=clean | environment, capture_output=True, text=True
    )


def test_deployment_checks_are_clean(tmp_path):
    done = run_manage(
        "check", "--deploy", "--fail-level", "WARNING", environment=COMPLETE | {"DATA_DIR": str(tmp_path)}
    )
    assert (done.returncode, done.stdout) == (0, "System check identified no issues (0 silenced).\n"), done.stderr[
        -4000:
    ]


def test_production_names_every_missing_variable():
    done = run_manage("check", environment={"DJANGO_SETTINGS_MODULE": "cms.settings.production"})
    assert done.returncode != 0
    assert done.stderr.splitlines()[-1].endswith(
        "Set SECRET_KEY, BASE_URL, DATABASE_URL: production does not start without them. See .env.example."
    )


def test_cookies_and_hosts_follow_from_the_base_url(tmp_path):
    script = (
        "from django.conf import settings as s; "
        "print(s.ALLOWED_HOSTS, s.CSRF_TRUSTED_ORIGINS, s.SESSION_COOKIE_SECURE, s.SECURE_SSL_REDIRECT, s.DEBUG)"
    )
    done = run_manage("shell", "--no-imports", "-c", script, environment=COMPLETE | {"DATA_DIR": str(tmp_path)})
    assert done.stdout.strip().splitlines()[-1] == (
        "['learn.example.com', '127.0.0.1', 'localhost'] ['https://learn.example.com'] True True False"
    )
