# One image for every part: `serve`, `worker` and one-shot commands differ by their command only.

FROM python:3.12-slim AS packages
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/venv
COPY requirements.txt /tmp/requirements.txt
RUN /opt/venv/bin/pip install --require-hashes -r /tmp/requirements.txt

FROM python:3.12-slim AS leema
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=config.settings
RUN useradd --uid 10001 --create-home leema \
    && mkdir -p /app/uploads /app/var/models \
    && chown -R leema:leema /app
COPY --from=packages /opt/venv /opt/venv
WORKDIR /app
COPY . .
# Needs no secret of a deployment: nothing that it signs is kept.
RUN SECRET_KEY=only-while-the-image-is-built python manage.py collectstatic --no-input \
    && SECRET_KEY=only-while-the-image-is-built python manage.py fetch_models
USER 10001
EXPOSE 8000
VOLUME ["/app/uploads"]
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["python", "manage.py", "serve", "--host", "0.0.0.0", "--port", "8000"]
