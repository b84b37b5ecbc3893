# One image for web, worker and beat. Holds requirements/run.txt only: no servers, no tests' tools.
FROM python:3.11-slim-bookworm AS base
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
# What draws the letters.
RUN apt-get update \
 && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /app

FROM base AS build
# Packages first: they change seldom, and then this layer is used again.
COPY manage.py ./
COPY requirements/run.txt requirements/
COPY mtm/__init__.py mtm/
COPY mtm/launch mtm/launch
RUN python3 manage.py setup run
COPY . .
# Hashed names and compressed copies, once. Settings insist on these three; nothing is connected to.
RUN MTM_STATIC_ROOT=/app/staticfiles MTM_SECRET_KEY=build DATABASE_URL=postgresql:///build REDIS_URL=redis://build \
    python3 manage.py collectstatic --noinput -v0

FROM base
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin mtm \
    && install -d -o 10001 /loads/waiting /loads/inbox
# Owned by root, so that the program cannot change itself.
COPY --from=build /app /app
ENV PATH=/app/.venv/bin:$PATH DJANGO_SETTINGS_MODULE=mtm.settings MTM_STATIC_ROOT=/app/staticfiles XDG_CACHE_HOME=/tmp
USER 10001
EXPOSE 8000
CMD ["gunicorn", "mtm.wsgi", "-k", "gthread", "-w", "2", "--threads", "4", "-b", "0.0.0.0:8000", "--worker-tmp-dir", "/dev/shm"]
