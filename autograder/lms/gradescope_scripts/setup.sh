#!/usr/bin/env bash
# Installs the autograder. Gradescope runs this as root, once, when it builds the image.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
source=/autograder/source
venv=/opt/autograder

apt-get update
apt-get install --yes --no-install-recommends ca-certificates libseccomp2 python3 python3-venv
# Gradescope's own programs use python3, so it stays the one that the image has.
python=python3
if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    python=python3.11
    apt-get install --yes --no-install-recommends python3.11 python3.11-venv || {
        echo "This image has no Python 3.11 or newer: choose Ubuntu 24.04 as the base image and build again."
        exit 1
    }
fi

"$python" -m venv --clear "$venv"
"$venv/bin/python" -m pip install --no-deps --require-hashes --requirement "$source/requirements.lock"
"$venv/bin/python" -m pip install --no-deps "$source"/*.whl
chmod --recursive go= "$source"  # answers and hidden checks: no other user may read them
cd /autograder && "$venv/bin/autograder" grade-on-gradescope --try-out
