# SPDX-License-Identifier: GPL-3.0-or-later
# awk -f formats.awk uk.po: the messages with directives that finished sentences
# are made of, as C. Those of the library and of the process that reads; what
# the program prints itself it translates before.
function finish() {
    if (wanted && plain && text ~ /%/) {
        print "    " text ","
    }
    wanted = 0
    plain = 1
    text = ""
}
BEGIN {
    print "/* Made by po/formats.awk. */"
    print "#include \"cli.h\"\n"
    print "const char *const message_formats[] = {"
}
/^$/ { finish() }
/^#:/ {
    for (i = 2; i <= NF; i++) {
        if ($i !~ /^cli\// || $i ~ /^cli\/(apart|index|inputs)\.c$/) {
            wanted = 1
        }
    }
}
/^msgctxt|^msgid_plural/ { plain = 0 }
/^msg/ { part = $1 }
/^msgid |^"/ {
    if (part == "msgid") {
        sub(/^msgid /, "")
        text = text (text == "" ? "" : " ") $0
    }
}
END {
    finish()
    print "};"
    print "const size_t message_format_count ="
    print "    sizeof message_formats / sizeof *message_formats;"
}
