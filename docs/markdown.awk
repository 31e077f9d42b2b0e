# SPDX-License-Identifier: GPL-3.0-or-later
# awk -v name=NAME -v section=N -v summary=TEXT -f markdown.awk PAGE.md: the
# page in scdoc, for the Markdown that our contracts are written in: headings,
# paragraphs, lists, tables, indented blocks, `code`, **strong**.
BEGIN {
    printf "%s(%s)\n\n# NAME\n\n%s - %s\n\n# DESCRIPTION\n", name, section,
           name, summary
}

# Characters that scdoc would take for marks.
function plain(text) {
    gsub(/\\/, "&&", text)
    gsub(/[*_]/, "\\\\&", text)
    return text
}

function marks(text,    parts, n, i, out) {
    gsub(/\*\*/, "`", text)
    n = split(text, parts, "`")
    for (i = 1; i <= n; i++) {
        out = out (i % 2 ? plain(parts[i]) : "*" plain(parts[i]) "*")
    }
    return out
}

function end_block() {
    if (block != "") print (block == "code" ? "```" : "")
    block = ""
}

/^# / { next }
/^    / {
    if (block == "" || block == "text") {
        print "\n```"
        block = "code"
    }
    if (block == "code") {
        print substr($0, 5)
        next
    }
}
block == "code" && !/^    / { end_block() }
/^##+ / {
    end_block()
    text = $0
    sub(/^##+ /, "", text)
    gsub(/`/, "", text)
    print "\n" (/^## / ? "# " toupper(text) : "## " text) "\n"
    next
}
/^\|[-|]*$/ { next }
/^\|/ {
    line = $0
    sub(/^\| */, "", line)
    sub(/ *\|$/, "", line)
    n = split(line, cells, / *\| */)
    if (block != "table") print ""
    for (i = 1; i <= n; i++) {
        text = marks(cells[i])
        if (block != "table") gsub(/\*/, "", text)
        print (i > 1 ? ":[ " : block == "table" ? "|  " : "[[ ") \
              (block == "table" ? text : "*" text "*")
    }
    block = "table"
    next
}
/^$/ {
    end_block()
    print ""
    next
}
{
    if (block == "table") end_block()
    block = "text"
    print marks($0)
}
END { end_block() }
