#!/bin/sh
# Chromium for the tests of the page, where apt may be used; elsewhere they are skipped and say so.
set -eu
if command -v chromium >/dev/null; then exit 0; fi
if ! command -v apt-get >/dev/null || [ "$(id -u)" != 0 ]; then
    echo 'No Chromium, and no right to install it: the tests in a browser will be skipped.' >&2
    exit 0
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk >/dev/null
