"""The migration graph follows the import order, and the real migrations build a site."""

import os
import subprocess
import sys

import pytest
from django.db import connection, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import override_settings

from tests.architecture.source import ROOT

APPS = ["courses", "accounts", "learners", "certificates", "cms"]
LEFT_OF = {
    "courses": {"courses"},
    "accounts": {"accounts"},
    "learners": {"courses", "accounts", "learners"},
    "certificates": {"courses", "accounts", "learners", "certificates"},
    "cms": {"courses", "accounts", "learners", "certificates", "cms"},
}


@pytest.fixture(scope="module")
def graph(django_db_setup, django_db_blocker):
    """The migrations as the files say; the tests' own settings switch them off."""
    with override_settings(MIGRATION_MODULES={}), django_db_blocker.unblock():
        MigrationRecorder(connection).ensure_schema()  # wagtail-localize asks which migrations were applied
        return MigrationLoader(None).disk_migrations


@pytest.mark.parametrize("app", APPS)
def test_migrations_depend_on_folders_to_the_left_only(graph, app):
    """The user is everybody's: Wagtail's own models, and so ours, point at it through ``AUTH_USER_MODEL``."""
    targets = {
        dependency[0]
        for (label, _), migration in graph.items()
        if label == app
        for dependency in migration.dependencies
        if dependency[0] in APPS and not hasattr(dependency, "setting")
    }
    assert targets - LEFT_OF[app] == set()


def test_first_migration_of_the_user_points_at_no_page(graph):
    """Wagtail's own migrations depend on the user's first one: a foreign key to a page would close the circle."""
    first = graph["accounts", "0001_initial"]
    related = [
        field.remote_field.model
        for operation in first.operations
        for _, field in getattr(operation, "fields", [])
        if isinstance(field, models.ForeignKey | models.OneToOneField | models.ManyToManyField)
    ]
    assert {target if isinstance(target, str) else target._meta.label_lower for target in related} <= {
        "auth.group",
        "auth.permission",
    }
    assert {target for target, _ in first.dependencies} <= {"auth", "contenttypes"}


@pytest.mark.postgresql
def test_real_migrations_build_a_site_on_postgresql(tmp_path, django_db_blocker):
    """From nothing to a database to which nothing is to be added; tests/cms/test_run.py does the same on SQLite."""
    name = connection.settings_dict["NAME"]
    own = f"{name}_migrations"
    surroundings = os.environ | {
        "DJANGO_SETTINGS_MODULE": "cms.settings.dev",
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": own_address(own),
    }
    with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{own}"')
        cursor.execute(f'CREATE DATABASE "{own}"')
        try:
            for arguments in (["migrate", "--verbosity", "0"], ["migrate", "--check"], ["setup"]):
                done = subprocess.run(
                    [sys.executable, "manage.py", *arguments],
                    cwd=ROOT,
                    env=surroundings,
                    capture_output=True,
                    text=True,
                )
                assert done.returncode == 0, (arguments, done.stdout, done.stderr[-2000:])
        finally:
            cursor.execute(f'DROP DATABASE "{own}"')


def own_address(name: str) -> str:
    settings = connection.settings_dict
    person = f"{settings['USER']}:{settings['PASSWORD']}".rstrip(":")
    return f"postgres://{person}@{settings['HOST']}:{settings['PORT'] or 5432}/{name}"
