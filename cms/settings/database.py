"""One database setting for two profiles: SQLite that survives load, or PostgreSQL by DATABASE_URL."""

from typing import Any

from cms.settings.env import DATA_DIR, env


def database_config() -> dict[str, Any]:
    """The ``default`` database from ``DATABASE_URL``; SQLite in ``DATA_DIR`` without one.

    SQLite runs in WAL with ``IMMEDIATE`` transactions: with Django's default mode a transaction that reads before
    it writes fails at once under concurrency and acknowledged writes are lost.
    """
    config: dict[str, Any] = dict(env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'coursewright.sqlite3'}"))
    if "sqlite" in config["ENGINE"]:
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-20000;",
        }
    else:
        # A black-holed server otherwise hangs a worker for half a minute.
        config.setdefault("OPTIONS", {}).update({"connect_timeout": 3, "tcp_user_timeout": 3000})
        config["CONN_HEALTH_CHECKS"] = True
    config["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=600)
    return config
