/* SPDX-License-Identifier: GPL-3.0-or-later */
/* URLs, hosts and e-mail addresses. */
#include <strings.h>

#include "words.h"

/* DNS allows 253 bytes; the bound keeps a text of nothing but dots and
 * letters from being read to its end at every letter. */
#define HOST_BYTES 256

static bool is_alnum(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z');
}

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

/* The end of a run of ASCII letters, digits and the characters in `more`,
 * or a place beyond what an address may have. */
static size_t run(const char *text, size_t length, size_t at, const char *more)
{
    length = length - at > HOST_BYTES ? at + HOST_BYTES : length;
    while (at < length && text[at] != '\0' &&
           (is_alnum(text[at]) || strchr(more, text[at]) != NULL)) {
        at++;
    }
    return at;
}

/* A host: labels joined by full stops, the last of two or more letters, in
 * lower case unless a scheme or an @ vouches for it; "end.Next" is none. */
static bool host_scan(const char *text, size_t length, size_t from,
                      bool vouched, size_t *to)
{
    size_t end = run(text, length, from, ".-");
    bool cut = end - from >= HOST_BYTES;
    while (end > from && (text[end - 1] == '.' || text[end - 1] == '-')) {
        end--;
    }
    size_t last = end;
    while (last > from &&
           (vouched ? is_alnum(text[last - 1]) : is_lower(text[last - 1]))) {
        last--;
    }
    /* A Cyrillic letter right after the end says it is ordinary text; a
     * closing quotation mark or a dash does not. */
    uint32_t code = 0;
    bool open = utf8_decode(text + end, length - end, &code) > 1 &&
                letter_class(code) == CLASS_LETTER;
    *to = end;
    return last > from + 1 && text[last - 1] == '.' && end - last >= 2 &&
           !open && !cut;
}

/* The end of what follows a host: port, path, query, up to white space or
 * a quotation mark, without closing punctuation. */
static size_t path_end(const char *text, size_t length, size_t at)
{
    if (at >= length || strchr("/:?#", text[at]) == NULL || text[at] == '\0') {
        return at;
    }
    size_t end = at;
    while (end < length && (unsigned char)text[end] > ' ' &&
           strchr("<>\"\\^`{|}", text[end]) == NULL &&
           (unsigned char)text[end] < 0x80) {
        end++;
    }
    while (end > at && strchr(".,;:!?)]'", text[end - 1]) != NULL) {
        end--;
    }
    return end;
}

static bool starts(const char *text, size_t length, size_t at, const char *word)
{
    size_t n = strlen(word);
    return length - at >= n && strncasecmp(text + at, word, n) == 0;
}

static bool email_scan(const char *text, size_t length, size_t from,
                       struct address *out)
{
    size_t at = run(text, length, from, "._%+-");
    size_t to;
    if (at == from || at >= length || text[at] != '@' ||
        !host_scan(text, length, at + 1, true, &to)) {
        return false;
    }
    *out = (struct address){.to = to,
                            .words = from,
                            .host_from = at + 1,
                            .host_to = to,
                            .email = true};
    return true;
}

bool address_scan(const char *text, size_t length, size_t from,
                  struct address *out)
{
    static const char *const schemes[] = {"https://", "http://", "ftp://"};
    if (!is_alnum(text[from])) {
        return false;
    }
    size_t at = from;
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        if (starts(text, length, at, schemes[i])) {
            at += strlen(schemes[i]);
            break;
        }
    }
    bool vouched = at > from;
    if (!vouched && email_scan(text, length, from, out)) {
        return true;
    }
    if (starts(text, length, at, "www.")) {
        at += 4;
    }
    size_t to;
    if (!host_scan(text, length, at, vouched, &to)) {
        return false;
    }
    *out = (struct address){.to = path_end(text, length, to),
                            .words = at,
                            .host_from = at,
                            .host_to = to};
    return true;
}
