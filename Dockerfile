# One image, three roles: web (the default), worker and scheduler; see compose.yaml.
FROM python:3.12-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /venv
COPY requirements/base.txt /build/base.txt
RUN /venv/bin/pip install --require-hashes -r /build/base.txt

FROM python:3.12-slim-bookworm
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 libfontconfig1 \
        fonts-inter fonts-ebgaramond fonts-noto-core fonts-noto-cjk \
        fonts-noto-color-emoji poppler-utils \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /data --create-home coursewright
COPY --from=build /venv /venv
COPY . /app
WORKDIR /app
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=cms.settings.production \
    DATA_DIR=/data \
    STATIC_ROOT=/static \
    WEB_WORKERS=2 \
    WEB_THREADS=16
# The three values only let the settings load; nothing of them stays in the image.
RUN SECRET_KEY=build BASE_URL=http://localhost DATABASE_URL=sqlite:////tmp/build.sqlite3 \
    python manage.py collectstatic --noinput --verbosity 0
USER coursewright
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
CMD exec gunicorn cms.wsgi:application --bind 0.0.0.0:8000 --worker-class gthread \
    --workers "$WEB_WORKERS" --threads "$WEB_THREADS" --keep-alive 30 --timeout 120 --no-control-socket
