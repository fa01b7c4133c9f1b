"""Benchmarks: production's middleware and templates, no throttling, and the bare views to compare with."""

from cms.settings.base import *  # noqa: F403
from cms.settings.base import REST_FRAMEWORK, STORAGES

SECRET_KEY = "benchmark-only-secret-key-0123456789-0123456789-0123456789"  # noqa: S105
ALLOWED_HOSTS = ["127.0.0.1", "testserver"]
ROOT_URLCONF = "cms.benchmarks.urls"
LOG_LEVEL = "ERROR"
LOGGING = {"version": 1, "disable_existing_loggers": False, "root": {"level": "ERROR"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
REST_FRAMEWORK = REST_FRAMEWORK | {
    "DEFAULT_THROTTLE_RATES": {"anonymous": "1000000/s", "learner": "1000000/s"},
}
