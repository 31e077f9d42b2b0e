#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# An installation is all that others need: installed into a new prefix, every
# example builds and runs in an empty folder from that tree alone, with
# pkg-config, with find_package and without the shared library.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0
say() { echo "$*"; status=1; }
same() { # NAME, and on standard input what is expected of $work/NAME.out
    diff -u - "$work/$1.out" >"$work/diff" || { cat "$work/diff"; say "$1 prints something else"; }
}

# ---- The tree ---------------------------------------------------------------
prefix=$work/first
cmake --install "$SHUKACH_BUILD" --prefix "$prefix" >"$work/log" ||
    { cat "$work/log"; exit 1; }
for file in bin/shukach include/shukach.h include/shukach.hpp \
    lib/systemd/system/shukach-index.service \
    lib/systemd/system/shukach-index.timer \
    share/bash-completion/completions/shukach \
    share/zsh/site-functions/_shukach \
    share/fish/vendor_completions.d/shukach.fish; do
    [ -s "$prefix/$file" ] || say "$file is not installed"
done
if command -v msgfmt >/dev/null; then
    [ -s "$prefix/share/locale/uk/LC_MESSAGES/shukach.mo" ] ||
        say "the Ukrainian messages are not installed"
else
    echo "skipped: no msgfmt, so no Ukrainian messages"
fi
if command -v scdoc >/dev/null; then
    for page in man1/shukach.1 man1/shukach-index.1 man3/shukach.3 \
        man5/shukach-index-format.5 man7/shukach-query.7 \
        uk/man7/shukach-query.7; do
        [ -s "$prefix/share/man/$page" ] || say "$page is not installed"
    done
else
    echo "skipped: no scdoc, so no man pages"
fi
lib=$(dirname "$(find "$prefix" -name libshukach.so)")
so=$(readelf -d "$lib/libshukach.so" | sed -n 's/.*SONAME.*\[\(.*\)\]/\1/p')
[ "$so" = libshukach.so.1 ] || say "SONAME is $so"
[ -e "$lib/$so" ] || say "$so is not installed"
grep -q "^ExecStart=$prefix/bin/shukach " \
    "$prefix/lib/systemd/system/shukach-index.service" ||
    say "the unit starts another program"

# The same below DESTDIR, and nothing beside it.
DESTDIR=$work/dest cmake --install "$SHUKACH_BUILD" --prefix /opt/shukach \
    >"$work/log" || say "DESTDIR fails"
(cd "$prefix" && find . ! -type d | sort) >"$work/wanted"
(cd "$work/dest/opt/shukach" && find . ! -type d | sort) >"$work/found"
diff -u "$work/wanted" "$work/found" || say "DESTDIR installs something else"
[ "$(ls "$work/dest")" = opt ] || say "DESTDIR is not all of it"
grep -qx prefix=/opt/shukach \
    "$work/dest/opt/shukach/${lib#"$prefix"/}/pkgconfig/shukach.pc" ||
    say "shukach.pc names DESTDIR"
if grep -rlF "$SHUKACH_BUILD" "$work/dest" --exclude='libshukach.*' \
    --exclude=shukach; then
    say "these name the folder of the build"
fi

# The tree may be moved: the program finds its library from its own folder.
mv "$work/dest/opt/shukach" "$work/moved"
env -i "$work/moved/bin/shukach" --version >"$work/version.out" ||
    say "the program does not find its library"
if command -v msgfmt >/dev/null; then
    env -i LANG=uk_UA.UTF-8 "$work/moved/bin/shukach" help |
        grep -q '^використання: ' || say "the program does not find its messages"
fi

# ---- Examples ---------------------------------------------------------------
run() { # NAME COMMAND…: runs in an empty folder, with the installed tree only
    name=$1
    shift
    rm -rf "$work/cwd"
    mkdir "$work/cwd"
    (cd "$work/cwd" && "$@") >"$work/$name.out" 2>&1 </dev/null ||
        { cat "$work/$name.out"; say "$name fails"; }
}
cp -r "$SHUKACH_SOURCE/examples" "$work/examples"
unset SHUKACH_SOURCE SHUKACH_INDEX
export PKG_CONFIG_PATH="$lib/pkgconfig" PATH="$prefix/bin:$PATH"
text="У порту відновили роботу зернового термінала."
marked="У порту відновили роботу [зернового] [термінала]."
strict="-Wall -Wextra -Wpedantic -Werror"
cd "$work/examples"

# shellcheck disable=SC2046,SC2086 # lists of words
{
    gcc -std=c17 $strict search.c $(pkg-config --cflags --libs shukach) \
        -o "$work/c" || say "search.c does not build"
    g++ -std=c++17 $strict search.cpp $(pkg-config --cflags --libs shukach) \
        -o "$work/cpp" || say "search.cpp does not build"
    # What a linker without the shared library takes: the archive, by gcc alone.
    mkdir "$work/archive"
    cp "$lib/libshukach.a" "$work/archive"
    gcc -std=c17 $strict -I"$prefix/include" search.c -L"$work/archive" \
        $(pkg-config --static --libs shukach | sed "s|-L$lib||") \
        -o "$work/static" || say "search.c does not build with the archive"
}
if readelf -d "$work/static" | grep -q libshukach; then
    say "the archive was not taken"
fi
run static env -i "$work/static"
run c env LD_LIBRARY_PATH="$lib" "$work/c"
run cpp env LD_LIBRARY_PATH="$lib" "$work/cpp"
echo "$text" | same static
echo "$text" | same c
printf '%s\nbyte 0: %s\n' "$text" "$(sed -n 's/^byte 0: //p' "$work/cpp.out")" |
    same cpp

if ! cmake -S "$work/examples" -B "$work/examples-build" \
    -DCMAKE_PREFIX_PATH="$prefix" >"$work/log" 2>&1 ||
    ! cmake --build "$work/examples-build" >>"$work/log" 2>&1; then
    cat "$work/log"
    say "find_package fails"
fi
run cmake_c "$work/examples-build/search_c"
run cmake_cpp "$work/examples-build/search_cpp"
echo "$text" | same cmake_c
same cmake_cpp <"$work/cpp.out"

run python env LD_LIBRARY_PATH="$lib" python3 "$work/examples/search.py"
echo "$marked" | same python
run pipeline sh "$work/examples/pipeline.sh"
printf 'порт\t2\tport zerno\n' | same pipeline
if command -v node >/dev/null; then
    run node node "$work/examples/search.mjs"
    echo "$marked" | same node
else
    echo "skipped: no node, so not search.mjs"
fi
exit $status
