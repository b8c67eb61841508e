# Not built or published by this project; docs/operations.md says how it is meant to be used.
FROM python:3.11-slim AS build
WORKDIR /app
COPY requirements.txt .
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir uv \
    && /venv/bin/uv pip install --python /venv/bin/python --no-cache -r requirements.txt
COPY . .
# Static files and translations need no database; local mode's generated key is thrown away.
RUN GUANXI_VAR=/tmp/build STATIC_ROOT=/app/staticfiles /venv/bin/python manage.py collectstatic --no-input \
    && GUANXI_VAR=/tmp/build /venv/bin/python manage.py compile_translations

FROM python:3.11-slim
RUN useradd --system --create-home --uid 10001 guanxi \
    && mkdir /data && chown guanxi /data
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 GUANXI_VAR=/data STATIC_ROOT=/app/staticfiles HOST=0.0.0.0
USER guanxi
VOLUME /data
EXPOSE 8000
HEALTHCHECK CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=3)"]
CMD ["gunicorn", "--config", "gunicorn.conf.py", "crm_project.wsgi"]
