# SPDX-License-Identifier: GPL-3.0-or-later
# awk -f header.awk shukach.h: shukach(3) in scdoc. A section a group of the
# header: each declaration as it stands there, then what its comment says.
BEGIN {
    RS = ""
    print "shukach(3)\n\n# NAME\n\nshukach - library for full-text search of" \
          " Ukrainian text\n\n# SYNOPSIS\n\n*#include <shukach.h>*\n\n" \
          "*cc* _program.c_ *$(pkg-config --cflags --libs shukach)*\n\n" \
          "# DESCRIPTION\n"
}

# The text of a comment, without its marks; lists begin with "- ".
function comment(text) {
    gsub(/(^|\n) *\/?\*+\/?/, "\n", text)
    sub(/ *\*\/ *$/, "", text)
    gsub(/\n /, "\n", text)
    gsub(/\\/, "&&", text)
    gsub(/[*_`]/, "\\\\&", text)
    gsub(/\n  +/, "\n  ", text)
    sub(/^\n+/, "", text)
    sub(/\n+$/, "", text)
    return text
}

function declaration(text) {
    gsub(/SHUKACH_API |SHUKACH_CHECK /, "", text)
    sub(/\n+$/, "", text)
    print "```\n" text "\n```\n"
}

# The head of the header.
NR == 1 {
    text = $0
    sub(/^[^\n]*\n/, "", text)
    sub(/\n#ifndef.*/, "", text)
    text = comment(text)
    sub(/^[^\n]*\n+/, "", text)
    sub(/\n- /, "\n\n- ", text)
    print text "\n"
    next
}
/^\/\* ---- .* -+ \*\// {
    text = $0
    sub(/^\/\* ---- /, "", text)
    sub(/ -+ \*\/.*/, "", text)
    print "# " toupper(text) "\n"
    begun = 1
    sub(/^[^\n]*\n?/, "")
    if ($0 == "") next
}
!begun || /^#(ifdef|endif)/ { next }
{
    text = $0
    said = ""
    if (match(text, /^\/\*([^*]|\*[^\/])*\*\/\n?/)) {
        said = substr(text, 1, RLENGTH)
        text = substr(text, RLENGTH + 1)
        sub(/\n$/, "", said)
    }
    if (text != "") declaration(text)
    if (said != "") print comment(said) "\n"
}
END { print "# SEE ALSO\n\n*shukach*(1), *shukach-query*(7)" }
