/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "cli.h"

void json_text(FILE *out, const char *text, size_t length)
{
    static const char escapes[] = "\"\\\b\f\n\r\t";
    static const char letters[] = "\"\\bfnrt";
    fputc('"', out);
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        const char *escape = c != 0 ? strchr(escapes, c) : NULL;
        if (escape != NULL) {
            fputc('\\', out);
            fputc(letters[escape - escapes], out);
        } else if (c < 0x20 || c == 0x7f) {
            fprintf(out, "\\u%04x", c);
        } else {
            fputc(c, out);
        }
    }
    fputc('"', out);
}

void json_member(FILE *out, bool first, const char *name, const char *text,
                 size_t length)
{
    fprintf(out, "%s\"%s\":", first ? "" : ",", name);
    json_text(out, text, length);
}

void json_notices(FILE *out, const struct shukach_hits *hits)
{
    const char *notice;
    putc('[', out);
    for (size_t i = 0; (notice = shukach_hits_notice(hits, i)) != NULL; i++) {
        fputs(i > 0 ? "," : "", out);
        json_text(out, notice, strlen(notice));
    }
    putc(']', out);
}
