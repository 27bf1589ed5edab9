#!/usr/bin/env bash
# Build the Dockerfile in a clean root and grade in it, on a Debian without Docker, as root:
#   apt-get install mmdebstrap buildah podman crun && tests/container.sh
# Debian's own Python stands for the base image, which is not fetched; everything else is the Dockerfile's.
set -euo pipefail
cd "$(dirname "$0")/.."
place=$(mktemp --directory)
storage=(--root "$place/images" --runroot "$place/run")
trap 'podman "${storage[@]}" unmount --all --force >/dev/null 2>&1 || true; rm -rf "$place"' EXIT

. /etc/os-release
mmdebstrap --quiet --variant=minbase --include=python3,python3-venv,ca-certificates "$VERSION_CODENAME" "$place/root.tar"
podman "${storage[@]}" import --quiet "$place/root.tar" "$(sed -n 's/^FROM //p' Dockerfile)"
printf '[global]\ncert = /etc/ssl/certs/ca-certificates.crt\n' >"$place/pip.conf"
buildah "${storage[@]}" bud --quiet --pull-never --isolation chroot --network host --tag autograder \
	--volume /etc/ssl/certs:/etc/ssl/certs:ro --volume "$place/pip.conf:/etc/pip.conf:ro" \
	--volume /etc/apt/sources.list.d:/etc/apt/sources.list.d:ro .

run=(podman "${storage[@]}" run --rm --network none)
"${run[@]}" autograder doctor
"${run[@]}" --volume "$PWD:/course:ro" autograder demo --into /tmp/demo
