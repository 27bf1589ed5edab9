# The autograder in a container. docs/instructors/container.md says how to use it, and how far student code is confined in it.
FROM docker.io/library/python:3.13-slim-bookworm

# The library with which system calls of student code are refused.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libseccomp2 \
    && rm -rf /var/lib/apt/lists/*

ENV PATH=/opt/autograder/bin:$PATH PYTHONDONTWRITEBYTECODE=1
WORKDIR /tmp/autograder
COPY requirements-grading.lock ./
RUN python3 -m venv /opt/autograder \
    && pip install --no-cache-dir --require-hashes --requirement requirements-grading.lock
COPY pyproject.toml README.md LICENSE ./
COPY autograder autograder
RUN pip install --no-cache-dir --no-deps --no-build-isolation . \
    && python -m compileall -q /opt/autograder/lib/python3.*/site-packages/autograder

# The only right that is needed is to write into the course, which is mounted here.
RUN useradd --uid 1000 --home-dir /tmp --no-create-home grader && install --directory --owner grader /course
USER 1000
ENV HOME=/tmp
WORKDIR /course
ENTRYPOINT ["autograder"]
CMD ["--help"]
