/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON Lines: an object a line, a document an object. Read as a stream: only
 * a line is in memory, so the file may be of any size. */
#include <math.h>
#include <stdlib.h>

#include <jansson.h>

#include "format.h"

/* Compressed data without a line end is followed this many times the limit
 * of a line, and then given up as a decompression bomb. */
#define BOMB_FACTOR 16
/* After so many lines in a row without a document the file is given up: a few
 * kilobytes of gzip can hold thousands of millions of bad lines, and each
 * would be named. */
#define FAULTS_MAX 10000

struct lines {
    struct shukach_reader *reader;
    struct input *input;
    struct buf *line;
    size_t number;  /* of the line in hand, counted from 1 */
    size_t skipped; /* bytes of it over the limit */
    size_t faults;  /* lines since the last document */
    size_t broken;  /* first line, if it ends in the middle of an object */
    bool stop;      /* nothing more is to be taken from this file */
};

/* ---- Lines ------------------------------------------------------------- */

static void add_part(struct lines *lines, const char *data, size_t length)
{
    struct buf *line = lines->line;
    buf_add(line, data, length);
    if (line->failed == SHUKACH_LIMIT) {
        lines->skipped += length;
    }
}

static bool is_bomb(const struct lines *lines)
{
    return input_compressed(lines->input) &&
           lines->skipped / BOMB_FACTOR > lines->reader->max_bytes;
}

/* Reads a line without its end into lines->line, whose `failed` is LIMIT if
 * it was longer than allowed; false at the end of the file. */
static bool next_line(struct lines *lines)
{
    const char *data;
    bool any = false;
    buf_reset(lines->line);
    lines->skipped = 0;
    lines->number++;
    for (;;) {
        size_t length = input_peek(lines->input, &data);
        if (length == 0 || is_bomb(lines)) {
            lines->stop = length > 0;
            return any;
        }
        any = true;
        const char *end = memchr(data, '\n', length);
        if (end != NULL) {
            add_part(lines, data, (size_t)(end - data));
            input_take(lines->input, (size_t)(end - data) + 1);
            return true;
        }
        add_part(lines, data, length);
        input_take(lines->input, length);
    }
}

/* ---- Fields ------------------------------------------------------------ */

enum need { OPTIONAL, REQUIRED };

static enum shukach_status bad_field(struct lines *lines, const char *name,
                                     const char *what,
                                     struct shukach_error *err)
{
    return reader_notice(lines->reader, SHUKACH_SKIP_FIELD, lines->number, err,
                         "the field \"%s\" %s", name, what);
}

/* What is wrong with a value, or NULL. */
static const char *fault_of(const json_t *value, enum need need)
{
    if (value == NULL || json_is_null(value)) {
        return need == REQUIRED ? N_("is missing") : NULL;
    }
    if (!json_is_string(value)) {
        return N_("is not a string");
    }
    return memchr(json_string_value(value), '\0', json_string_length(value)) !=
                   NULL
               ? N_("holds the character U+0000")
               : NULL;
}

/* The digits of an id given as a number; false if it is none that is whole
 * and exact. */
static bool print_id(const json_t *id, char *out, size_t size)
{
    double real = json_real_value(id);
    if (json_is_integer(id)) {
        snprintf(out, size, "%" JSON_INTEGER_FORMAT, json_integer_value(id));
        return true;
    }
    /* Only if the line had to be read with integers as reals. */
    if (json_is_real(id) && fabs(real) <= 0x1p53 && real == trunc(real)) {
        snprintf(out, size, "%.0f", real);
        return true;
    }
    return false;
}

static enum shukach_status set_id(struct lines *lines, const json_t *id,
                                  bool *taken, struct shukach_error *err)
{
    char digits[32];
    const char *text = digits;
    *taken = false;
    if (!print_id(id, digits, sizeof digits)) {
        const char *fault = fault_of(id, REQUIRED);
        text = json_string_value(id);
        if (fault == NULL && json_string_length(id) == 0) {
            fault = N_("is empty");
        }
        if (fault != NULL) {
            return bad_field(lines, "id", fault, err);
        }
    }
    *taken = true;
    return document_set(lines->reader->document, SHUKACH_ID, text, strlen(text),
                        err);
}

/* A report is found without its date sooner than not at all. */
static enum shukach_status check_date(struct lines *lines,
                                      const struct shukach_document *document,
                                      struct shukach_error *err)
{
    struct date date;
    size_t length;
    const char *text = shukach_document_get(document, SHUKACH_DATE, &length);
    if (length == 0 || date_parse(text, length, &date)) {
        return SHUKACH_OK;
    }
    return reader_notice(
        lines->reader, SHUKACH_NOTE_UNDATED, lines->number, err,
        "\"%.*s\" is not an ISO 8601 date like 2024-03-19; "
        "indexed without a date",
        (int)utf8_floor(text, length < 40 ? length : 40), text);
}

static enum shukach_status take_object(struct lines *lines,
                                       const json_t *object,
                                       struct shukach_error *err)
{
    static const struct {
        const char *name;
        enum shukach_field field;
        enum need need;
    } rows[] = {
        {"text", SHUKACH_TEXT, REQUIRED}, {"title", SHUKACH_TITLE, OPTIONAL},
        {"date", SHUKACH_DATE, OPTIONAL}, {"source", SHUKACH_SOURCE, OPTIONAL},
        {"url", SHUKACH_URL, OPTIONAL},   {"author", SHUKACH_AUTHOR, OPTIONAL},
        {"lang", SHUKACH_LANG, OPTIONAL}};
    struct shukach_document *document = lines->reader->document;
    bool taken;
    document_reset(document);
    enum shukach_status status =
        set_id(lines, json_object_get(object, "id"), &taken, err);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (status != SHUKACH_OK || !taken) {
            return status;
        }
        const json_t *value = json_object_get(object, rows[i].name);
        const char *fault = fault_of(value, rows[i].need);
        if (fault != NULL) {
            return bad_field(lines, rows[i].name, fault, err);
        }
        status = document_set(document, rows[i].field, json_string_value(value),
                              json_string_length(value), err);
    }
    size_t length;
    const char *text = shukach_document_get(document, SHUKACH_TEXT, &length);
    if (status == SHUKACH_OK && !text_trim(&text, &length)) {
        return reader_notice(lines->reader, SHUKACH_SKIP_EMPTY, lines->number,
                             err, "the field \"text\" holds no text");
    }
    if (status == SHUKACH_OK) {
        lines->faults = 0;
        status = check_date(lines, document, err);
    }
    return status == SHUKACH_OK ? reader_emit(lines->reader, lines->number, err)
                                : status;
}

/* ---- Objects ----------------------------------------------------------- */

static enum shukach_status skip_file(struct lines *lines, const char *what,
                                     const char *filter,
                                     struct shukach_error *err)
{
    lines->stop = true;
    return reader_notice(lines->reader, SHUKACH_SKIP_JSON, 0, err,
                         "%s; one object a line is expected (jq -c '%s')", what,
                         filter);
}

static enum shukach_status bad_json(struct lines *lines, const char *text,
                                    const json_error_t *fault,
                                    struct shukach_error *err)
{
    size_t before = (size_t)(text - lines->line->data);
    return reader_notice(lines->reader, SHUKACH_SKIP_JSON, lines->number, err,
                         "not a JSON object, at byte %zu of the line: %s",
                         before + (size_t)fault->position, fault->text);
}

/* After the first line ended inside an object: if the next one does not
 * begin another, the file is not JSON Lines but JSON over several lines. */
static enum shukach_status judge_first(struct lines *lines, const char *text,
                                       struct shukach_error *err)
{
    size_t line = lines->broken;
    lines->broken = 0;
    if (*text != '{') {
        return skip_file(lines, "JSON over several lines", ".", err);
    }
    return reader_notice(lines->reader, SHUKACH_SKIP_JSON, line, err,
                         "the object does not end in its line");
}

static enum shukach_status take_json(struct lines *lines, const char *text,
                                     size_t length, bool first,
                                     struct shukach_error *err)
{
    json_error_t fault;
    if (first && *text == '[') {
        return skip_file(lines, "a JSON array", ".[]", err);
    }
    json_t *object = json_loadb(text, length, JSON_ALLOW_NUL, &fault);
    if (object == NULL &&
        json_error_code(&fault) == json_error_numeric_overflow) {
        /* A number over 64 bits in a field that we may not even want. */
        object = json_loadb(text, length,
                            JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, &fault);
    }
    if (object == NULL) {
        enum json_error_code code = json_error_code(&fault);
        /* jansson has words for every fault but lack of memory. */
        if (code == json_error_out_of_memory || fault.text[0] == '\0') {
            return error_nomem(err);
        }
        if (first && code == json_error_premature_end_of_input) {
            lines->broken = lines->number;
            return SHUKACH_OK;
        }
        return bad_json(lines, text, &fault, err);
    }
    enum shukach_status status =
        json_is_object(object)
            ? take_object(lines, object, err)
            : reader_notice(lines->reader, SHUKACH_SKIP_JSON, lines->number,
                            err, "not a JSON object but an array");
    json_decref(object);
    return status;
}

/* One line that is not blank. */
static enum shukach_status take_line(struct lines *lines, const char *text,
                                     size_t length, bool first,
                                     struct shukach_error *err)
{
    enum shukach_status status = SHUKACH_OK;
    if (lines->broken != 0) {
        status = judge_first(lines, text, err);
    }
    if (status != SHUKACH_OK || lines->stop) {
        return status;
    }
    size_t bad;
    if (!utf8_valid(text, length, &bad)) {
        bad += (size_t)(text - lines->line->data);
        return reader_notice(lines->reader, SHUKACH_SKIP_ENCODING,
                             lines->number, err,
                             "not valid UTF-8 at byte %zu of the line", bad);
    }
    return take_json(lines, text, length, first, err);
}

/* Counts a line; gives the file up after too many without a document. */
static enum shukach_status count_fault(struct lines *lines,
                                       struct shukach_error *err)
{
    if (++lines->faults <= FAULTS_MAX || lines->stop) {
        return SHUKACH_OK;
    }
    lines->stop = true;
    return reader_notice(lines->reader, SHUKACH_SKIP_JSON, lines->number, err,
                         "%d lines in a row hold no document; the rest of the "
                         "file is not read",
                         FAULTS_MAX);
}

static enum shukach_status too_long(struct lines *lines,
                                    struct shukach_error *err)
{
    return reader_notice(
        lines->reader, SHUKACH_SKIP_TOO_LARGE, lines->number, err,
        lines->stop ? N_("the line is longer than the limit of %zu bytes; the "
                         "rest of the file is not read")
                    : N_("the line is longer than the limit of %zu bytes"),
        lines->reader->max_bytes);
}

enum shukach_status jsonl_read(struct shukach_reader *reader,
                               struct input *input, struct shukach_error *err)
{
    struct lines lines = {
        .reader = reader, .input = input, .line = &reader->raw};
    enum shukach_status status = SHUKACH_OK;
    bool first = true;
    reader->raw.max = reader->max_bytes;
    while (status == SHUKACH_OK && !lines.stop && next_line(&lines)) {
        const char *text = buf_text(lines.line);
        size_t length = lines.line->length;
        if (lines.line->failed == SHUKACH_LIMIT) {
            status = too_long(&lines, err);
        } else if (lines.line->failed != SHUKACH_OK) {
            status = error_nomem(err);
        } else {
            size_t bom = lines.number == 1 ? encoding_bom(text, length) : 0;
            text += bom;
            length -= bom;
            if (!text_trim(&text, &length)) {
                continue;
            }
            status = reader_input(reader, reader->name, lines.number, err);
            if (status == SHUKACH_OK) {
                status = take_line(&lines, text, length, first, err);
            }
        }
        first = false;
        if (status == SHUKACH_OK) {
            status = count_fault(&lines, err);
        }
    }
    if (status == SHUKACH_OK && lines.broken != 0) {
        status = reader_notice(reader, SHUKACH_SKIP_JSON, lines.broken, err,
                               "the object does not end in its line");
    }
    return status;
}
