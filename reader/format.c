/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which format some content is. */
#include <strings.h>

#include "format.h"

/* Skips ASCII white space and a BOM. */
static const char *skip_space(const char *at, const char *end)
{
    while (at < end && strchr(" \t\r\n\f", *at) != NULL && *at != '\0') {
        at++;
    }
    return at;
}

static bool begins(const char *at, const char *end, const char *prefix)
{
    size_t n = strlen(prefix);
    return (size_t)(end - at) >= n && strncasecmp(at, prefix, n) == 0;
}

/* The place behind the next `mark`, or the end. */
static const char *skip_past(const char *at, const char *end, const char *mark)
{
    const char *found = memmem(at, (size_t)(end - at), mark, strlen(mark));
    return found != NULL ? found + strlen(mark) : end;
}

/* Skips what may stand before the first element: white space, comments,
 * processing instructions. */
static const char *skip_prolog(const char *at, const char *end, bool *xml)
{
    for (;;) {
        at = skip_space(at, end);
        if (begins(at, end, "<?")) {
            *xml = *xml || begins(at, end, "<?xml");
            at = skip_past(at, end, "?>");
        } else if (begins(at, end, "<!--")) {
            at = skip_past(at, end, "-->");
        } else {
            return at;
        }
    }
}

/* Skips a document type and its internal subset. Quotes in it are not
 * looked at: the parser will judge, this is a guess only. */
static const char *skip_doctype(const char *at, const char *end)
{
    int depth = 0;
    for (; at < end; at++) {
        depth += (*at == '[') - (*at == ']');
        if (*at == '>' && depth <= 0) {
            return at + 1;
        }
    }
    return end;
}

static bool is_root(const char *at, const char *end, const char *name)
{
    if (at == end || *at != '<') {
        return false;
    }
    at++;
    const char *stop = at;
    while (stop < end && strchr(" \t\r\n/>", *stop) == NULL) {
        stop++;
    }
    const char *colon = memchr(at, ':', (size_t)(stop - at));
    at = colon != NULL ? colon + 1 : at;
    size_t n = strlen(name);
    return (size_t)(stop - at) == n && strncasecmp(at, name, n) == 0;
}

static bool is_any_root(const char *at, const char *end,
                        const char *const *names)
{
    for (; *names != NULL; names++) {
        if (is_root(at, end, *names)) {
            return true;
        }
    }
    return false;
}

bool format_is_json(const char *text, size_t length)
{
    const char *end = text + length;
    const char *at = skip_space(text + encoding_bom(text, length), end);
    if (at < end && *at == '[') {
        at = skip_space(at + 1, end);
        if (at == end || *at != '{') {
            return false;
        }
    }
    if (at == end || *at != '{') {
        return false;
    }
    at = skip_space(at + 1, end);
    return at < end && (*at == '"' || *at == '}');
}

static enum format by_name(const char *name)
{
    static const char *const packed[] = {".gz", ".zst", ".gzip"};
    static const struct {
        const char *suffix;
        enum format format;
    } suffixes[] = {
        {".jsonl", FORMAT_JSONL}, {".ndjson", FORMAT_JSONL},
        {".json", FORMAT_JSONL},  {".html", FORMAT_HTML},
        {".htm", FORMAT_HTML},    {".xhtml", FORMAT_HTML},
        {".rss", FORMAT_FEED},    {".atom", FORMAT_FEED},
        {".rdf", FORMAT_FEED},    {".xml", FORMAT_XML},
    };
    size_t length = strlen(name);
    for (size_t i = 0; i < sizeof packed / sizeof *packed; i++) {
        size_t n = strlen(packed[i]);
        if (length > n && strcasecmp(name + length - n, packed[i]) == 0) {
            length -= n;
            break;
        }
    }
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        size_t n = strlen(suffixes[i].suffix);
        if (length >= n &&
            strncasecmp(name + length - n, suffixes[i].suffix, n) == 0) {
            return suffixes[i].format;
        }
    }
    return FORMAT_TEXT;
}

enum format format_detect(const char *text, size_t length, const char *name)
{
    static const char *const feeds[] = {"rss", "rdf", "feed", NULL};
    /* What https://mimesniff.spec.whatwg.org/ takes for HTML. */
    static const char *const html[] = {
        "html", "head", "body",  "script", "iframe", "h1",
        "div",  "font", "table", "style",  "a",      "title",
        "b",    "br",   "p",     "meta",   "link",   NULL};
    if (format_is_json(text, length)) {
        return FORMAT_JSONL;
    }
    const char *end = text + length;
    bool xml = false;
    const char *at = skip_prolog(text + encoding_bom(text, length), end, &xml);
    if (begins(at, end, "<!DOCTYPE html")) {
        return FORMAT_HTML;
    }
    if (begins(at, end, "<!DOCTYPE")) {
        xml = true;
        at = skip_prolog(skip_doctype(at, end), end, &xml);
    }
    if (is_any_root(at, end, feeds)) {
        return FORMAT_FEED;
    }
    if (is_any_root(at, end, html)) {
        return FORMAT_HTML;
    }
    enum format named = by_name(name);
    return xml && (named == FORMAT_TEXT || named == FORMAT_JSONL) ? FORMAT_XML
                                                                  : named;
}
