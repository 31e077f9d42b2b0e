/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text in lines that fit the terminal, with colours and links. */
#include <string.h>

#include "cli.h"

#define MATCH "\033[1;31m"
#define PLAIN "\033[0m"
/* A hyperlink of the terminal, OSC 8; an empty address ends it.
 * https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda */
#define LINK_BEGIN "\033]8;;"
#define LINK_END "\033\\"

/* ---- Columns ------------------------------------------------------------- */

/* Characters that do not take one column: what combines or cannot be seen,
 * and what is wide in East Asian writing and among pictures. Unicode's
 * EastAsianWidth.txt has the wide ones; all of Cyrillic and Latin is narrow,
 * but for combining marks (о́, in which the stress takes no column). */
static const struct {
    uint32_t from;
    uint32_t to;
    size_t columns;
} widths[] = {
    {0xad, 0xad, 0},       {0x300, 0x36f, 0},     {0x483, 0x489, 0},
    {0x1100, 0x115f, 2},   {0x1ab0, 0x1aff, 0},   {0x1dc0, 0x1dff, 0},
    {0x200b, 0x200f, 0},   {0x202a, 0x202e, 0},   {0x2060, 0x206f, 0},
    {0x20d0, 0x20ff, 0},   {0x2de0, 0x2dff, 0},   {0x2e80, 0x303e, 2},
    {0x3041, 0xa4cf, 2},   {0xa66f, 0xa67d, 0},   {0xac00, 0xd7a3, 2},
    {0xf900, 0xfaff, 2},   {0xfe00, 0xfe0f, 0},   {0xfe20, 0xfe2f, 0},
    {0xfe30, 0xfe6f, 2},   {0xfeff, 0xfeff, 0},   {0xff00, 0xff60, 2},
    {0xffe0, 0xffe6, 2},   {0x1f300, 0x1f64f, 2}, {0x1f680, 0x1f6ff, 2},
    {0x1f900, 0x1f9ff, 2}, {0x20000, 0x3fffd, 2},
};

/* Decodes a character of valid text; its bytes. */
static size_t decode(const char *text, size_t left, uint32_t *code)
{
    unsigned char lead = (unsigned char)text[0];
    size_t size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    *code = size == 1 ? lead : lead & (0x7fU >> size);
    size = size < left ? size : left;
    for (size_t i = 1; i < size; i++) {
        *code = *code << 6 | ((unsigned char)text[i] & 0x3f);
    }
    return size;
}

static size_t columns_of(uint32_t code)
{
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
        if (code <= widths[i].to) {
            return code >= widths[i].from ? widths[i].columns : 1;
        }
    }
    return 1;
}

/* What becomes a space: text of a stranger passes on no control characters. */
static bool is_blank(uint32_t code)
{
    return code <= 0x20 || (code >= 0x7f && code < 0xa0);
}

static size_t word_columns(const char *text, size_t length)
{
    size_t columns = 0;
    uint32_t code;
    for (size_t at = 0; at < length;) {
        at += decode(text + at, length - at, &code);
        if (is_blank(code)) {
            break;
        }
        columns += columns_of(code);
    }
    return columns;
}

/* ---- Colours and links --------------------------------------------------- */

/* Whether an address may become a link: one of the web, without anything
 * that could end the sequence. */
static bool is_link(const char *url, size_t length)
{
    static const char *const schemes[] = {"https://", "http://"};
    bool web = false;
    for (size_t i = 0; i < 2; i++) {
        size_t size = strlen(schemes[i]);
        web = web || (length > size && strncmp(url, schemes[i], size) == 0);
    }
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)url[i];
        bool c1 =
            c == 0xc2 && i + 1 < length && (unsigned char)url[i + 1] < 0xa0;
        web = web && c >= 0x20 && c != 0x7f && !c1;
    }
    return web;
}

/* In a link only printable ASCII may stand; the rest is written %D1 and so
 * on. */
static void begin_link(const char *url, size_t length)
{
    fputs(LINK_BEGIN, stdout);
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)url[i];
        if (c > ' ' && c < 0x7f) {
            putchar(c);
        } else {
            printf("%%%02X", c);
        }
    }
    fputs(LINK_END, stdout);
}

static void style_on(const struct page *page)
{
    if (page->url_length > 0) {
        begin_link(page->url, page->url_length);
    }
    if (page->color) {
        fputs(page->style, stdout);
        fputs(page->match ? MATCH : "", stdout);
    }
}

static void style_off(const struct page *page)
{
    fputs(page->color ? PLAIN : "", stdout);
    fputs(page->url_length > 0 ? LINK_BEGIN LINK_END : "", stdout);
}

static void set_match(struct page *page, bool match)
{
    if (page->color && match != page->match) {
        fputs(match ? MATCH : PLAIN, stdout);
        fputs(match ? "" : page->style, stdout);
    }
    page->match = match;
}

/* ---- Lines --------------------------------------------------------------- */

void page_begin(struct page *page, size_t indent, const char *style,
                const char *url, size_t url_length)
{
    bool color = use_color();
    *page = (struct page){.width = stdout_width(),
                          .indent = indent,
                          .column = indent,
                          .color = color,
                          .style = style,
                          .url = url};
    page->url_length = color && is_link(url, url_length) ? url_length : 0;
    style_on(page);
}

/* The spaces before a word, or a new line where it does not fit. */
static void begin_word(struct page *page, size_t columns)
{
    if (page->width > 0 && page->spaces > 0 && page->column > page->indent &&
        page->column + page->spaces + columns > page->width) {
        style_off(page);
        printf("\n%*s", (int)page->indent, "");
        style_on(page);
        page->column = page->indent;
    } else {
        printf("%*s", (int)page->spaces, "");
        page->column += page->spaces;
    }
    page->spaces = 0;
}

/* Prints what was not yet printed, up to `to`. */
static void put(const char *text, size_t *from, size_t to)
{
    fwrite(text + *from, 1, to - *from, stdout);
    *from = to;
}

void page_text(struct page *page, const char *text, size_t length,
               const struct shukach_range *ranges, size_t count)
{
    bool within = false;
    size_t printed = 0;
    uint32_t code;
    for (size_t at = 0, size; at < length; at += size) {
        size = decode(text + at, length - at, &code);
        bool blank = is_blank(code);
        bool to = count > 0 && at == ranges->to;
        if (blank || to) {
            put(text, &printed, at);
        }
        if (to) {
            set_match(page, false);
            ranges++;
            count--;
        }
        if (!blank && !within) {
            begin_word(page, page->width == 0
                                 ? 0
                                 : word_columns(text + at, length - at));
        }
        if (count > 0 && at == ranges->from) {
            put(text, &printed, at);
            set_match(page, true);
        }
        if (blank) {
            printed = at + size;
            page->spaces++;
        } else if (page->width > 0) {
            page->column += columns_of(code);
        }
        within = !blank;
    }
    put(text, &printed, length);
    set_match(page, false);
}

void page_end(struct page *page)
{
    style_off(page);
    putchar('\n');
}
