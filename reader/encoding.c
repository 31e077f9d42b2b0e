/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes of unknown encoding to UTF-8. What cannot be decided is refused:
 * text in the wrong letters is worse than no text. */
#include <strings.h>

#include <unicode/ucnv.h>

#include "format.h"

/* A declaration stands at the beginning; HTML asks for the first 1,024
 * bytes, and some pages need more. */
#define DECLARATION_BYTES ((size_t)4096)
/* As much as ICU's detector looks at. */
#define DETECTOR_BYTES ((size_t)8192)

static enum shukach_status
refuse(struct encoding *result, enum shukach_reason reason, const char *detail)
{
    result->reason = reason;
    snprintf(result->detail, sizeof result->detail, "%s", detail);
    return SHUKACH_OK;
}

static bool has_prefix(const char *raw, size_t length, const char *prefix,
                       size_t size)
{
    return length >= size && memcmp(raw, prefix, size) == 0;
}

size_t encoding_bom(const char *raw, size_t length)
{
    return has_prefix(raw, length, "\xef\xbb\xbf", 3) ? 3 : 0;
}

/* The encoding a byte order mark stands for, and how long the mark is. */
static const char *find_mark(const char *raw, size_t length, size_t *size)
{
    /* UTF-32LE begins like UTF-16LE, so the longer ones come first. */
    static const struct {
        const char *mark;
        size_t size;
        const char *name;
    } marks[] = {{"\xff\xfe\0\0", 4, "UTF-32LE"},
                 {"\0\0\xfe\xff", 4, "UTF-32BE"},
                 {"\xff\xfe", 2, "UTF-16LE"},
                 {"\xfe\xff", 2, "UTF-16BE"}};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (has_prefix(raw, length, marks[i].mark, marks[i].size)) {
            *size = marks[i].size;
            return marks[i].name;
        }
    }
    *size = 0;
    return NULL;
}

/* Files that people keep beside their texts, by their first bytes. */
static const char *find_binary(const char *raw, size_t length)
{
    static const struct {
        const char *magic;
        size_t size;
        const char *what;
    } kinds[] = {
        {"%PDF-", 5, N_("a PDF document; extract its text first (pdftotext)")},
        {"{\\rtf", 5, N_("an RTF document; save it as text or HTML first")},
        {"\xd0\xcf\x11\xe0", 4, N_("an old Office document; save it as text")},
        {"PK\x03\x04", 4, N_("a zip archive or an Office document")},
        {"7z\xbc\xaf", 4, N_("a 7z archive")},
        {"Rar!", 4, N_("a RAR archive")},
        {"\xfd"
         "7zXZ",
         5, N_("xz data; decompress it first")},
        {"BZh", 3, N_("bzip2 data; decompress it first")},
        {"\x89PNG", 4, N_("a picture")},
        {"\xff\xd8\xff", 3, N_("a picture")},
        {"GIF8", 4, N_("a picture")},
        {"\x7f"
         "ELF",
         4, N_("a program")},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (has_prefix(raw, length, kinds[i].magic, kinds[i].size)) {
            return kinds[i].what;
        }
    }
    return NULL;
}

/* Control characters that no text holds: tab, line ends, form feed, and
 * escape and backspace of terminal logs are let pass. */
static size_t count_controls(const char *raw, size_t length, size_t *nuls)
{
    size_t controls = 0;
    *nuls = 0;
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)raw[i];
        *nuls += c == 0;
        controls += c < 0x20 && !(c >= 0x08 && c <= 0x0d) && c != 0x1b;
    }
    return controls;
}

/* UTF-16 without a mark: in Ukrainian, Russian or English nearly every
 * second byte is 00 (Latin), 04 (Cyrillic) or 20 (dashes and quotes), and
 * the bytes between are not so. */
static const char *find_wide(const char *raw, size_t length)
{
    size_t high[2] = {0, 0};
    size_t pairs = length / 2;
    for (size_t i = 0; i + 1 < length; i += 2) {
        for (size_t k = 0; k < 2; k++) {
            unsigned char c = (unsigned char)raw[i + k];
            high[k] += c == 0x00 || c == 0x04 || (c == 0x20 && k == 1);
        }
    }
    if (pairs == 0 || length % 2 != 0) {
        return NULL;
    }
    if (high[1] >= pairs - pairs / 10 && high[0] <= pairs / 5) {
        return "UTF-16LE";
    }
    return high[0] >= pairs - pairs / 3 && high[1] <= pairs / 5 ? "UTF-16BE"
                                                                : NULL;
}

/* ---- Declared ---------------------------------------------------------- */

/* Copies the name behind `charset=` or `encoding=`, quoted or not. */
static bool take_name(const char *at, const char *end, char *out, size_t size)
{
    while (at < end && (*at == ' ' || *at == '"' || *at == '\'')) {
        at++;
    }
    size_t n = 0;
    while (at < end && n + 1 < size && strchr("\"' \t\r\n;/>?", *at) == NULL) {
        out[n++] = *at++;
    }
    out[n] = '\0';
    return n > 0;
}

/* The encoding that an XML declaration or an HTML meta element names. */
static bool find_declared(const char *raw, size_t length, char *out,
                          size_t size)
{
    static const char *const keys[] = {"charset=", "encoding="};
    const char *end =
        raw + (length < DECLARATION_BYTES ? length : DECLARATION_BYTES);
    bool tag = false;
    for (const char *at = raw; at < end; at++) {
        if (*at == '<') {
            size_t left = (size_t)(end - at);
            tag = (left > 5 && strncasecmp(at, "<meta", 5) == 0) ||
                  (left > 5 && strncasecmp(at, "<?xml", 5) == 0);
        }
        for (size_t k = 0; tag && k < sizeof keys / sizeof *keys; k++) {
            size_t n = strlen(keys[k]);
            if ((size_t)(end - at) > n && strncasecmp(at, keys[k], n) == 0) {
                return take_name(at + n, end, out, size);
            }
        }
    }
    return false;
}

/* ICU's name of a declared encoding, or NULL if it cannot be taken at its
 * word: a meta element read as bytes cannot be UTF-16, and bytes that are
 * no UTF-8 are not made so by saying it. */
static const char *known_declared(const char *name)
{
    static const struct {
        const char *label;
        const char *name;
    } labels[] = {
        {"windows-1251", "windows-1251"},
        {"win-1251", "windows-1251"},
        {"cp1251", "windows-1251"},
        {"cp-1251", "windows-1251"},
        {"x-cp1251", "windows-1251"},
        {"win1251", "windows-1251"},
        {"koi8-u", "KOI8-U"},
        {"koi8-ru", "KOI8-U"},
        {"koi8-r", "KOI8-R"},
        {"koi8", "KOI8-R"},
        {"koi8_r", "KOI8-R"},
        {"iso-8859-5", "ISO-8859-5"},
        {"ibm866", "IBM866"},
        {"cp866", "IBM866"},
        {"x-mac-cyrillic", "macintosh-cyrillic"},
        {"x-mac-ukrainian", "macintosh-cyrillic"},
        {"iso-8859-1", "windows-1252"},
        {"latin1", "windows-1252"},
        {"windows-1252", "windows-1252"},
        {"cp1252", "windows-1252"},
        {"iso-8859-15", "ISO-8859-15"},
        {"windows-1250", "windows-1250"},
        {"iso-8859-2", "ISO-8859-2"},
        {"windows-1254", "windows-1254"},
        {"windows-1257", "windows-1257"},
    };
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        if (strcasecmp(labels[i].label, name) == 0) {
            return labels[i].name;
        }
    }
    return NULL;
}

/* ---- Detected ---------------------------------------------------------- */

/* Whether the bytes are UTF-8 that got damaged: nearly all of the non-ASCII
 * ones stand in well-formed characters. Decoding that as windows-1251 would
 * give the well-known "РџСЂРёРІС–С‚" (Привіт). */
static bool is_damaged_utf8(const char *raw, size_t length)
{
    size_t good = 0;
    size_t bad = 0;
    for (size_t i = 0; i < length;) {
        uint32_t code = 0;
        size_t n = utf8_decode(raw + i, length - i, &code);
        good += n > 1 ? n : 0;
        bad += n == 0;
        i += n > 0 ? n : 1;
    }
    return good > 4 * bad;
}

static bool is_letter(unsigned char c)
{
    return c >= 0x80 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Copies the words that have bytes over 7F, one space between, so that
 * markup and English do not speak for a Western encoding. False if these
 * words hold many ASCII letters: "café" does, Cyrillic words do not. */
static bool take_words(const char *raw, size_t length, struct buf *out)
{
    size_t high = 0;
    size_t from = 0;
    for (size_t i = 0; i <= length && out->failed == SHUKACH_OK; i++) {
        if (i < length && is_letter((unsigned char)raw[i])) {
            continue;
        }
        size_t word_high = 0;
        for (size_t k = from; k < i; k++) {
            word_high += (unsigned char)raw[k] >= 0x80;
        }
        if (word_high > 0) {
            buf_add(out, raw + from, i - from);
            buf_add_char(out, ' ');
            high += word_high;
        }
        from = i + 1;
    }
    return high > 0 && high * 5 >= out->length * 3;
}

/* KOI8-R has box drawing where KOI8-U has і ї є ґ; what looks like a letter
 * among letters is one. */
static const char *which_koi8(const char *raw, size_t length)
{
    static const char ukrainian[] = "\xa4\xa6\xa7\xad\xb4\xb6\xb7\xbd";
    for (size_t i = 0; i < length; i++) {
        bool after = i > 0 && (unsigned char)raw[i - 1] >= 0xc0;
        bool before = i + 1 < length && (unsigned char)raw[i + 1] >= 0xc0;
        if (raw[i] != '\0' && strchr(ukrainian, raw[i]) != NULL &&
            (after || before)) {
            return "KOI8-U";
        }
    }
    return "KOI8-R";
}

/* The two one-byte encodings that are looked for. */
struct coding {
    const char *name;
    unsigned char lower; /* а-я without ё are 32 codes from here */
    unsigned char upper;
    const char *more_lower; /* і ї є ґ ё */
    const char *more_upper;
    const char *common; /* аеиіносртв, both cases */
};

static const struct coding codings[] = {
    {"windows-1251", 0xe0, 0xc0, "\xb3\xbf\xba\xb4\xb8", "\xb2\xaf\xaa\xa5\xa8",
     "\xe0\xe5\xe8\xb3\xed\xee\xf1\xf0\xf2\xe2"
     "\xc0\xc5\xc8\xb2\xcd\xce\xd1\xd0\xd2\xc2"},
    {"KOI8-R", 0xc0, 0xe0, "\xa6\xa7\xa4\xad\xa3", "\xb6\xb7\xb4\xbd\xb3",
     "\xc1\xc5\xc9\xa6\xce\xcf\xd3\xd2\xd4\xd7"
     "\xe1\xe5\xe9\xb6\xee\xef\xf3\xf2\xf4\xf7"},
};

static bool is_case(unsigned char c, unsigned char first, const char *more)
{
    return (c >= first && c - first < 32) ||
           (c != '\0' && strchr(more, (char)c) != NULL);
}

/* How much the words read in this encoding look like Ukrainian or Russian:
 * 0 if not at all, else how many per cent of the letters are the commonest
 * ten. These are 60 % of both languages
 * (https://uk.wikipedia.org/wiki/Частота_літер); Greek or Hebrew comes to a
 * half of that. A capital behind a lower-case letter, as in "пРИВІТ", tells
 * of the wrong encoding. */
static size_t rate(const struct coding *coding, const char *words,
                   size_t length)
{
    enum { LIKELY = 40, LETTERS = 16 };
    size_t high = 0;
    size_t letters = 0;
    size_t common = 0;
    size_t bad = 0;
    bool lower_before = false;
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)words[i];
        bool lower = is_case(c, coding->lower, coding->more_lower);
        bool upper = is_case(c, coding->upper, coding->more_upper);
        high += c >= 0x80;
        letters += lower || upper;
        common += c != '\0' && strchr(coding->common, (char)c) != NULL;
        bad += upper && lower_before;
        lower_before = lower;
    }
    if (letters < LETTERS || letters * 4 < high * 3 || bad * 10 > letters) {
        return 0;
    }
    size_t share = common * 100 / letters;
    return share >= LIKELY ? share : 0;
}

/* Of 4,000 pieces of eight words of Ukrainian news, in any case and either
 * encoding, this takes none for the wrong one and refuses up to 2 %. */
static enum shukach_status choose(const char *words, size_t length,
                                  const char **name, struct shukach_error *err)
{
    enum { CLEARLY = 10 };
    size_t first = rate(&codings[0], words, length);
    size_t second = rate(&codings[1], words, length);
    const char *better = NULL;
    if (first >= second + CLEARLY) {
        better = codings[0].name;
    } else if (second >= first + CLEARLY) {
        better = codings[1].name;
    }
    if (better == NULL) {
        return SHUKACH_OK;
    }
    bool contradicted;
    enum shukach_status status =
        detector_contradicts(better, words, length, &contradicted, err);
    if (status == SHUKACH_OK && !contradicted) {
        *name =
            strcmp(better, "KOI8-R") == 0 ? which_koi8(words, length) : better;
    }
    return status;
}

/* `*name` stays NULL where no encoding is certain. NOMEM, IO. */
static enum shukach_status detect(const char *raw, size_t length,
                                  const char **name, struct shukach_error *err)
{
    struct buf words;
    enum shukach_status status = SHUKACH_OK;
    buf_init(&words, DETECTOR_BYTES);
    *name = NULL;
    bool cyrillic = take_words(raw, length, &words);
    if (words.failed == SHUKACH_NOMEM) {
        status = error_nomem(err);
    } else if (cyrillic) {
        status = choose(words.data, words.length, name, err);
    }
    buf_free(&words);
    return status;
}

/* ---- Conversion -------------------------------------------------------- */

/* Converts all; false at the first bytes that stand for nothing, and then
 * `*bad` is their offset. */
static bool convert(UConverter *from, UConverter *to, const char *raw,
                    size_t length, struct buf *out, size_t *bad)
{
    enum { PIVOT = 4096, ROOM = 16384 };
    UChar pivot[PIVOT];
    UChar *pivot_source = pivot;
    UChar *pivot_target = pivot;
    const char *source = raw;
    UErrorCode failure = U_BUFFER_OVERFLOW_ERROR;
    for (bool first = true; failure == U_BUFFER_OVERFLOW_ERROR; first = false) {
        char *target = buf_reserve(out, ROOM);
        if (target == NULL) {
            return false;
        }
        char *end = target;
        failure = U_ZERO_ERROR;
        ucnv_convertEx(to, from, &end, target + ROOM, &source, raw + length,
                       pivot, &pivot_source, &pivot_target, pivot + PIVOT,
                       first, true, &failure);
        out->length += (size_t)(end - target);
    }
    if (U_FAILURE(failure)) {
        char bytes[8];
        int8_t n = sizeof bytes;
        UErrorCode asked = U_ZERO_ERROR;
        ucnv_getInvalidChars(from, bytes, &n, &asked);
        *bad = (size_t)(source - raw) - (U_SUCCESS(asked) ? (size_t)n : 0);
        return false;
    }
    return true;
}

static enum shukach_status recode(const char *raw, size_t length,
                                  const char *name, struct buf *out,
                                  struct encoding *result,
                                  struct shukach_error *err)
{
    enum shukach_status status = SHUKACH_OK;
    UErrorCode failure = U_ZERO_ERROR;
    UConverter *from = ucnv_open(name, &failure);
    UConverter *to = ucnv_open("UTF-8", &failure);
    ucnv_setToUCallBack(from, UCNV_TO_U_CALLBACK_STOP, NULL, NULL, NULL,
                        &failure);
    size_t bad = 0;
    if (failure == U_MEMORY_ALLOCATION_ERROR) {
        status = error_nomem(err);
    } else if (U_FAILURE(failure)) {
        status =
            error_set(err, SHUKACH_INTERNAL, "ICU has no converter from %s: %s",
                      name, u_errorName(failure));
    } else if (convert(from, to, raw, length, out, &bad)) {
        result->reason = SHUKACH_NOTE_RECODED;
        result->name = name;
        snprintf(result->detail, sizeof result->detail, N_("read as %s"), name);
    } else if (out->failed != SHUKACH_OK) {
        status = error_nomem(err);
    } else {
        result->reason = SHUKACH_SKIP_ENCODING;
        snprintf(result->detail, sizeof result->detail,
                 N_("not valid %s at byte %zu"), name, bad);
    }
    ucnv_close(to);
    ucnv_close(from);
    return status;
}

/* Recodes what began with UTF-16, marked or not; NULs left in it show that
 * it was no text. */
static enum shukach_status recode_wide(const char *raw, size_t length,
                                       const char *name, struct buf *out,
                                       struct encoding *result,
                                       struct shukach_error *err)
{
    enum shukach_status status = recode(raw, length, name, out, result, err);
    if (status == SHUKACH_OK && result->reason == SHUKACH_NOTE_RECODED &&
        memchr(buf_text(out), '\0', out->length) != NULL) {
        return refuse(result, SHUKACH_SKIP_BINARY,
                      "it holds NUL characters, so it is not text");
    }
    return status;
}

/* Bytes of one byte a letter, or damaged UTF-8 (bad from byte `bad` on). */
static enum shukach_status decode_narrow(const char *raw, size_t length,
                                         size_t bad, struct buf *out,
                                         struct encoding *result,
                                         struct shukach_error *err)
{
    char label[64];
    const char *name = NULL;
    if (!is_damaged_utf8(raw, length)) {
        if (find_declared(raw, length, label, sizeof label)) {
            name = known_declared(label);
        }
        if (name == NULL) {
            enum shukach_status status = detect(raw, length, &name, err);
            if (status != SHUKACH_OK) {
                return status;
            }
        }
    }
    if (name == NULL) {
        result->reason = SHUKACH_SKIP_ENCODING;
        snprintf(result->detail, sizeof result->detail,
                 N_("not valid UTF-8 at byte %zu, and no other encoding is "
                    "certain; convert it with iconv"),
                 bad);
        return SHUKACH_OK;
    }
    return recode(raw, length, name, out, result, err);
}

enum shukach_status encoding_decode(const char *raw, size_t length,
                                    struct buf *out, struct encoding *result,
                                    struct shukach_error *err)
{
    *result = (struct encoding){0};
    size_t mark;
    const char *wide = find_mark(raw, length, &mark);
    if (wide != NULL) {
        return recode_wide(raw + mark, length - mark, wide, out, result, err);
    }
    const char *what = find_binary(raw, length);
    if (what != NULL) {
        return refuse(result, SHUKACH_SKIP_BINARY, what);
    }
    size_t nuls;
    size_t controls = count_controls(raw, length, &nuls);
    if (nuls > 0 || controls > 1 + length / 50) {
        wide = find_wide(raw, length);
        return wide != NULL
                   ? recode_wide(raw, length, wide, out, result, err)
                   : refuse(result, SHUKACH_SKIP_BINARY,
                            "it holds control characters, so it is not text");
    }
    size_t bom = encoding_bom(raw, length);
    raw += bom;
    length -= bom;
    size_t bad;
    if (!utf8_valid(raw, length, &bad)) {
        return decode_narrow(raw, length, bad + bom, out, result, err);
    }
    buf_add(out, raw, length);
    return out->failed == SHUKACH_OK ? SHUKACH_OK : error_nomem(err);
}
