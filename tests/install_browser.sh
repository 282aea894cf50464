#!/bin/sh
# Installs the browser that the tests drive, unless there is one already.
set -eu

if command -v "${CHROMIUM:-chromium}" >/dev/null; then
    exit 0
fi

as_root=""
if [ "$(id -u)" -ne 0 ]; then
    as_root="sudo"
fi

if [ -n "${CHROMIUM:-}" ]; then
    echo "There is no browser at CHROMIUM=$CHROMIUM." >&2
    exit 1
fi

if ! command -v apt-get >/dev/null || ! command -v ${as_root:-sh} >/dev/null; then
    echo "The tests need Chromium, and it cannot be installed from here." >&2
    echo "Install it yourself, or point at it: CHROMIUM=/path/to/chromium make test" >&2
    echo "Without a browser: make check" >&2
    exit 1
fi

echo "Installing Chromium and a font for the browser tests: about half a minute."
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -qq
$as_root apt-get install -qq -y --no-install-recommends chromium fonts-dejavu-core >/dev/null
