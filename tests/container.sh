#!/usr/bin/env bash
# Run the steps of the Dockerfile in a clean root and grade in it, on a Debian without Docker, as root:
#   apt-get install mmdebstrap buildah && tests/container.sh
# Debian's own Python stands for the base image, which is not fetched; all else is the Dockerfile's. The level that
# `doctor` says is this machine's: no container's profile is around it.
set -euo pipefail
cd "$(dirname "$0")/.."
place=$(mktemp --directory)
buildah() { command buildah --root "$place/images" --runroot "$place/run" "$@"; }
trap 'buildah rm --all >/dev/null; rm -rf "$place"' EXIT

. /etc/os-release
mmdebstrap --quiet --variant=minbase --include=python3,python3-venv,ca-certificates "$VERSION_CODENAME" "$place/root.tar"
base=$(buildah from scratch)
tar --extract --file "$place/root.tar" --directory "$(buildah mount "$base")"
buildah commit --quiet "$base" "$(sed -n 's/^FROM //p' Dockerfile)"
printf '[global]\ncert = /etc/ssl/certs/ca-certificates.crt\n' >"$place/pip.conf"
buildah bud --quiet --pull-never --isolation chroot --network host --tag autograder \
	--volume /etc/ssl/certs:/etc/ssl/certs:ro --volume "$place/pip.conf:/etc/pip.conf:ro" \
	--volume /etc/apt/sources.list.d:/etc/apt/sources.list.d:ro .

built=$(buildah from --pull-never autograder)
buildah run --isolation chroot "$built" -- autograder doctor
buildah run --isolation chroot --volume "$PWD:/course:ro" "$built" -- autograder demo --into /tmp/demo
