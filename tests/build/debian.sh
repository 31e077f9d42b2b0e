#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The files of packaging/debian/ agree with the build: version, SONAME, what is
# needed, what is installed. With SHUKACH_DEBIAN=1 the packages are built too
# (deb.sh), and lintian finds no error in them.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0
say() { echo "$*"; status=1; }
cd "$SHUKACH_SOURCE/packaging"

version=$(sed -n 's/^project(shukach VERSION \([0-9.]*\).*/\1/p' ../CMakeLists.txt)
packaged=$(sed -n '1s/^shukach (\([0-9.]*\)).*/\1/p' debian/changelog)
[ "$packaged" = "$version" ] ||
    say "debian/changelog is of $packaged, the project of $version"
grep -q "^## $version" ../CHANGELOG.md || say "CHANGELOG.md has no $version"
major=${version%%.*}
grep -q "^Package: libshukach$major\$" debian/control ||
    say "debian/control has no libshukach$major"
grep -q "^libshukach.so.$major libshukach$major " \
    debian/libshukach"$major".symbols || say "the symbols are not of SONAME $major"
grep -q "(symver)$(sed -n 's/^\(SHUKACH_[0-9]*\) {/\1/p' ../include/shukach.map) " \
    debian/libshukach"$major".symbols ||
    say "libshukach$major.symbols and shukach.map name another version"

# What a Debian system needs to build: the section of the list, without what
# every builder has, and scdoc and debhelper for the package.
{
    sed -n '/^# build$/,/^# /p' debian-packages.txt | grep -v -e '^#' \
        -e '^gcc$' -e '^g++$'
    echo scdoc
    echo 'debhelper-compat (= 13)'
} | sed '/^$/d' | sort >"$work/wanted"
sed -n '/^Build-Depends:/,/^[A-TV-Z]/p' debian/control | sed '$d' |
    sed 's/^Build-Depends://; s/^ *//; s/,$//' | sort >"$work/found"
diff -u "$work/wanted" "$work/found" ||
    say "Build-Depends is not the section build of debian-packages.txt"

# Every file that is installed is in one package, and every line of *.install
# means a file. debian/rules moves some folders.
DESTDIR=$work/root cmake --install "$SHUKACH_BUILD" --prefix /usr >"$work/log"
(cd "$work/root" && find usr ! -type d) | sed -e 's|^usr/lib/systemd/|lib/systemd/|' \
    -e 's|^usr/lib/\([a-z0-9_-]*-linux-[a-z0-9]*/\)*|usr/lib/TRIPLET/|' \
    -e 's|/zsh/site-functions/|/zsh/vendor-completions/|' >"$work/installed"
cat debian/*.install >"$work/patterns"
[ -d "$work/root/usr/share/man" ] || sed -i '/share\/man/d' "$work/patterns"
: >"$work/used"
while read -r file; do
    packages=0
    while read -r pattern; do
        # shellcheck disable=SC2254 # a pattern
        case $file in
        $pattern | $pattern/*)
            packages=$((packages + 1))
            echo "$pattern" >>"$work/used"
            ;;
        esac
    done <"$work/patterns"
    [ $packages = 1 ] || say "$file is in $packages packages"
done <"$work/installed"
sort "$work/patterns" >"$work/wanted"
sort -u "$work/used" | diff -u "$work/wanted" - ||
    say "*.install names what is not installed"
cat debian/*.docs debian/*.examples | while read -r pattern; do
    # shellcheck disable=SC2086 # a pattern
    (cd .. && ls $pattern) >/dev/null || echo bad >"$work/bad"
done
[ ! -e "$work/bad" ] || say "a document that is packaged is not there"

# ---- The packages themselves ------------------------------------------------
if [ "${SHUKACH_DEBIAN:-}" != 1 ]; then
    echo "skipped: without SHUKACH_DEBIAN=1 no packages are built"
    exit $status
fi
sh "$SHUKACH_SOURCE/packaging/deb.sh" "$work/deb" || exit 1
lintian --allow-root --fail-on error "$work"/deb/*.changes || say "lintian complains"
for package in shukach libshukach1; do
    dpkg-deb -x "$work/deb/${package}_${version}"_*.deb "$work/unpacked"
done
for file in "$work"/unpacked/usr/bin/shukach "$work"/unpacked/usr/lib/*/libshukach.so."$version"; do
    if readelf -d "$file" | grep -E 'RPATH|RUNPATH'; then
        say "$file has a run path"
    fi
done
exit $status
