# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by quickstart and check.
#
# install_packages SECTION…: installs those Debian packages of the sections of
# packaging/debian-packages.txt that are missing, and says which.
install_packages() {
    missing=
    for section in "$@"; do
        for package in $(sed -n "/^# $section\$/,/^# /p" \
            packaging/debian-packages.txt | grep -v '^#'); do
            if ! dpkg-query -W -f '${db:Status-Abbrev}' "$package" 2>/dev/null |
                grep -q '^ii'; then
                missing="$missing $package"
            fi
        done
    done
    [ -n "$missing" ] || return 0
    if ! command -v apt-get >/dev/null; then
        echo "this is no Debian system; install by hand:$missing" >&2
        exit 1
    fi
    as_root=
    [ "$(id -u)" = 0 ] || as_root=sudo
    echo "== installing:$missing"
    $as_root apt-get update -qq
    # shellcheck disable=SC2086 # a list of words
    $as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends $missing >/dev/null
}
