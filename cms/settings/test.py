"""Tests: fast hashes, tasks run at once, mail in memory, files in a throw-away folder."""

import atexit
import shutil
import tempfile
from pathlib import Path

from cms.settings.base import *  # noqa: F403
from cms.settings.base import DATABASES, REST_FRAMEWORK, STORAGES

DEBUG = False
SECRET_KEY = "test-only-secret-key-0123456789-0123456789-0123456789"
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

_FILES = Path(tempfile.mkdtemp(prefix="coursewright-test-"))
MEDIA_ROOT = _FILES / "media"
STATIC_ROOT = _FILES / "static"
STATIC_ROOT.mkdir()
CERTIFICATE_KEYS_DIR = _FILES / "keys"
atexit.register(shutil.rmtree, _FILES, ignore_errors=True)
STORAGES = STORAGES | {
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(_FILES / "private"), "base_url": "/files/private/"},
    },
    "archives": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(_FILES / "archives")},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
REST_FRAMEWORK = REST_FRAMEWORK | {
    "DEFAULT_THROTTLE_RATES": {"anonymous": "10000/min", "learner": "10000/min"},
}
ACCOUNT_RATE_LIMITS = False  # type: ignore[assignment]

if "postgresql" in DATABASES["default"]["ENGINE"]:
    # The databases of tests need not survive a power cut.
    DATABASES["default"]["OPTIONS"]["options"] = "-c synchronous_commit=off"
