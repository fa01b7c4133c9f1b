"""Development: DEBUG, local hosts, SQLite unless DATABASE_URL says otherwise."""

from cms.settings.base import *  # noqa: F403
from cms.settings.base import SECRET_KEY, STORAGES
from cms.settings.env import env

DEBUG = env.bool("DEBUG", default=True)
SECRET_KEY = SECRET_KEY or "development-only-secret-key-never-used-in-production-0123456789"
ALLOWED_HOSTS = ["*"]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
