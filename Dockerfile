# Two steps: the first installs the locked packages, the second holds only them and the program.
FROM python:3.11-slim AS packages
COPY requirements.lock .
RUN python -m venv /opt/grip \
 && /opt/grip/bin/pip install --no-cache-dir --only-binary :all: --require-hashes -r requirements.lock

FROM python:3.11-slim
RUN useradd --uid 10001 --no-create-home --home-dir /srv/grip grip && install -d -o grip -g grip /srv/grip/data
COPY --from=packages /opt/grip /opt/grip
WORKDIR /srv/grip
COPY bot bot
COPY handlers handlers
COPY storage storage
RUN /opt/grip/bin/python -m compileall -q bot handlers storage
ENV PATH=/opt/grip/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER grip
# The root file system may be read-only: all that is written goes to data (mount a volume) and /tmp (mount a tmpfs).
VOLUME /srv/grip/data
ENTRYPOINT ["python", "-m", "bot"]
CMD ["run"]
