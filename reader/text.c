/* SPDX-License-Identifier: GPL-3.0-or-later */
/* White space, and plain text to a document. */
#include "format.h"

/* A longer first line is a paragraph, not a headline. */
#define TITLE_LETTERS 200

size_t text_space(const char *text, size_t left)
{
    /* White_Space of Unicode's PropList.txt, and the zero width space and
     * byte order mark, which show nothing either. */
    static const struct {
        uint32_t first;
        uint32_t last;
    } spaces[] = {{0x09, 0x0d},     {0x20, 0x20},     {0x85, 0x85},
                  {0xa0, 0xa0},     {0x1680, 0x1680}, {0x2000, 0x200b},
                  {0x2028, 0x2029}, {0x202f, 0x202f}, {0x205f, 0x205f},
                  {0x3000, 0x3000}, {0xfeff, 0xfeff}};
    if (left > 0 && (unsigned char)*text > 0x20 &&
        (unsigned char)*text < 0x80) {
        return 0;
    }
    uint32_t code;
    size_t n = utf8_decode(text, left, &code);
    for (size_t i = 0; n > 0 && i < sizeof spaces / sizeof *spaces; i++) {
        if (code < spaces[i].first) {
            break;
        }
        if (code <= spaces[i].last) {
            return n;
        }
    }
    return 0;
}

bool text_trim(const char **text, size_t *length)
{
    size_t n;
    while ((n = text_space(*text, *length)) > 0) {
        *text += n;
        *length -= n;
    }
    while (*length > 0) {
        size_t last = utf8_floor(*text, *length - 1);
        if (text_space(*text + last, *length - last) == 0) {
            break;
        }
        *length = last;
    }
    return *length > 0;
}

/* How many characters, counted no further than one over `most`. */
static size_t count_letters(const char *text, size_t length, size_t most)
{
    size_t letters = 0;
    for (size_t i = 0; i < length && letters <= most; i++) {
        letters += ((unsigned char)text[i] & 0xc0) != 0x80;
    }
    return letters;
}

static size_t line_length(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '\n' || text[i] == '\r') {
            return i;
        }
    }
    return length;
}

enum shukach_status text_read(struct shukach_reader *reader, const char *text,
                              size_t length, struct shukach_error *err)
{
    if (!text_trim(&text, &length)) {
        return reader_notice(reader, SHUKACH_SKIP_EMPTY, 0, err,
                             "the file holds no text");
    }
    document_reset(reader->document);
    const char *title = text;
    size_t title_length = line_length(text, length);
    const char *rest = text + title_length;
    size_t rest_length = length - title_length;
    if (text_trim(&title, &title_length) && text_trim(&rest, &rest_length) &&
        count_letters(title, title_length, TITLE_LETTERS) <= TITLE_LETTERS) {
        enum shukach_status status = document_set(
            reader->document, SHUKACH_TITLE, title, title_length, err);
        if (status != SHUKACH_OK) {
            return status;
        }
        text = rest;
        length = rest_length;
    }
    enum shukach_status status =
        document_set(reader->document, SHUKACH_TEXT, text, length, err);
    if (status == SHUKACH_OK) {
        status = reader_set_id(reader, "", err);
    }
    return status == SHUKACH_OK ? reader_emit(reader, 0, err) : status;
}
