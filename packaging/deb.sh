#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# packaging/deb.sh FOLDER: builds the Debian packages of this source tree and
# puts them into FOLDER. What that needs is the section "package" of
# debian-packages.txt beside "build"; it is not installed here.
set -eu
out=${1:?usage: packaging/deb.sh FOLDER}
mkdir -p "$out"
out=$(cd "$out" && pwd)
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/shukach"
tar -c --exclude='./build*' --exclude=./.git . | tar -x -C "$work/shukach"
cp -r packaging/debian "$work/shukach/debian"
(cd "$work/shukach" && dpkg-buildpackage -us -uc -b) >"$out/build.log" 2>&1 || {
    tail -n 30 "$out/build.log" >&2
    exit 1
}
mv "$work"/*.deb "$work"/*.changes "$work"/*.buildinfo "$out"
