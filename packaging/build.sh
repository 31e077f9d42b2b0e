# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by quickstart and check.
#
# build DIRECTORY [CMAKE_OPTION…]: configures and builds what has changed, or of
# that only $target.
build() {
    directory=$1
    shift
    echo "== building in $directory/"
    cmake -S . -B "$directory" -G Ninja "$@" >"$directory.log" 2>&1 || {
        cat "$directory.log" >&2
        exit 1
    }
    rm -f "$directory.log"
    cmake --build "$directory" --target "${target:-all}" -- --quiet || exit 1
}
