/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The records between the process that parses and the one that indexes. */
/* Before cmocka.h, which makes a macro of fail. */
#include "cli.h"
#include "pipe.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX ((size_t)1 << 20)

static struct pipe_record record_of(enum pipe_kind kind, uint64_t number,
                                    const char *first, const char *second)
{
    struct pipe_record record = {
        .head = {.kind = kind,
                 .number = number,
                 .lengths = {(uint32_t)strlen(first),
                             (uint32_t)strlen(second)}},
        .texts = {first, second, "", "", "", "", "", ""}};
    return record;
}

/* The bytes of a record as they come out of a pipe. */
static size_t bytes_of(const struct pipe_record *record, unsigned char *out,
                       size_t size)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_true(pipe_write(ends[1], record));
    ssize_t length = read(ends[0], out, size);
    assert_true(length > 0 && (size_t)length < size);
    close(ends[0]);
    close(ends[1]);
    return (size_t)length;
}

static void push(struct pipe_in *in, const void *data, size_t length)
{
    size_t size;
    unsigned char *to = pipe_space(in, &size);
    assert_non_null(to);
    assert_true(size >= length);
    memcpy(to, data, length);
    in->to += length;
}

static enum pipe_state state_of(const void *data, size_t length)
{
    struct pipe_in in = {.max = MAX};
    struct pipe_record record;
    push(&in, data, length);
    enum pipe_state state = pipe_next(&in, &record);
    pipe_free(&in);
    return state;
}

static void round_trip(void **state)
{
    (void)state;
    unsigned char bytes[4096];
    struct pipe_in in = {.max = MAX};
    struct pipe_record out;
    struct pipe_record document = record_of(PIPE_DOCUMENT, 7, "id", "текст");
    size_t first = bytes_of(&document, bytes, sizeof bytes);
    struct pipe_record notice = record_of(PIPE_NOTICE, 3, "a\nb", "чому");
    size_t both = first + bytes_of(&notice, bytes + first, 2048);
    /* Byte by byte: each record is there with its last byte, not before. */
    for (size_t i = 0; i < both; i++) {
        push(&in, bytes + i, 1);
        enum pipe_state wanted =
            i + 1 == first || i + 1 == both ? PIPE_RECORD : PIPE_MORE;
        assert_int_equal(pipe_next(&in, &out), wanted);
        if (i + 1 == first) {
            assert_int_equal(out.head.number, 7);
            assert_string_equal(out.texts[0], "id");
            assert_string_equal(out.texts[1], "текст");
            assert_string_equal(out.texts[7], "");
        }
    }
    assert_int_equal(out.head.kind, PIPE_NOTICE);
    assert_string_equal(out.texts[PIPE_NAME], "a\nb");
    assert_string_equal(out.texts[PIPE_DETAIL], "чому");
    pipe_free(&in);
}

static void large_record(void **state)
{
    (void)state;
    size_t length = (size_t)900000;
    char *text = calloc(1, length + 1);
    assert_non_null(text);
    memset(text, 'x', length);
    struct pipe_record record = record_of(PIPE_DOCUMENT, 0, "id", "");
    record.texts[1] = text;
    record.head.lengths[1] = (uint32_t)length;
    struct pipe_in in = {.max = MAX};
    struct pipe_record out;
    size_t lengths[] = {sizeof record.head, 3, length + 1, 6};
    const void *parts[] = {&record.head, "id", text, "\0\0\0\0\0"};
    for (size_t i = 0; i < 4; i++) {
        for (size_t at = 0; at < lengths[i]; at += 100000) {
            size_t left = lengths[i] - at;
            assert_int_equal(pipe_next(&in, &out), PIPE_MORE);
            push(&in, (const char *)parts[i] + at,
                 left < 100000 ? left : 100000);
        }
    }
    assert_int_equal(pipe_next(&in, &out), PIPE_RECORD);
    assert_int_equal(strlen(out.texts[1]), length);
    assert_int_equal(pipe_next(&in, &out), PIPE_MORE);
    pipe_free(&in);
    in.max = 800000;
    push(&in, &record.head, sizeof record.head);
    assert_int_equal(pipe_next(&in, &out), PIPE_BAD);
    pipe_free(&in);
    free(text);
}

/* Each is refused at the head already, or as soon as it is complete. */
static void damaged(void **state)
{
    (void)state;
    unsigned char bytes[4096];
    struct pipe_record good = record_of(PIPE_NOTICE, 0, "name", "detail");
    size_t length = bytes_of(&good, bytes, sizeof bytes);
    assert_int_equal(state_of(bytes, length), PIPE_RECORD);
    assert_int_equal(state_of(bytes, length - 1), PIPE_MORE);
    static const struct {
        size_t at;
        uint32_t value;
    } heads[] = {
        {offsetof(struct pipe_head, kind), 0},
        {offsetof(struct pipe_head, kind), PIPE_END + 1},
        {offsetof(struct pipe_head, kind), UINT32_MAX},
        {offsetof(struct pipe_head, lengths), PIPE_NAME_MAX + 1},
        {offsetof(struct pipe_head, lengths), UINT32_MAX},
        {offsetof(struct pipe_head, lengths) + 4, PIPE_DETAIL_MAX + 1},
        {offsetof(struct pipe_head, lengths) + 8, 1}, /* it has no third */
    };
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        unsigned char copy[4096];
        memcpy(copy, bytes, length);
        memcpy(copy + heads[i].at, &heads[i].value, sizeof heads[i].value);
        assert_int_equal(state_of(copy, length), PIPE_BAD);
    }
    size_t texts = sizeof(struct pipe_head);
    static const struct {
        size_t at;
        unsigned char value;
    } marks[] = {{0, 0}, {4, 'x'}, {5, 0}, {6, 0xff}, {6, 0xd0}, {11, 'x'}};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        unsigned char copy[4096];
        memcpy(copy, bytes, length);
        copy[texts + marks[i].at] = marks[i].value;
        assert_int_equal(state_of(copy, length), PIPE_BAD);
    }
}

static void broken_pipe(void **state)
{
    (void)state;
    int full = open("/dev/full", O_WRONLY);
    if (full < 0) {
        skip();
    }
    struct pipe_record record = record_of(PIPE_INPUT, 0, "name", "");
    assert_false(pipe_write(full, &record));
    close(full);
}

/* ---- escape.c ------------------------------------------------------------ */

static void characters(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t length;
    } rows[] = {
        {"a", 1},
        {"і", 2},
        {"€", 3},
        {"\xf0\x9f\x98\x80", 4},
        {"\xf4\x8f\xbf\xbf", 4},
        {"\x80", 0},             /* no lead */
        {"\xc0\x80", 0},         /* overlong */
        {"\xe0\x9f\xbf", 0},     /* overlong */
        {"\xf0\x8f\xbf\xbf", 0}, /* overlong */
        {"\xed\xa0\x80", 0},     /* surrogate */
        {"\xf4\x90\x80\x80", 0}, /* over U+10FFFF */
        {"\xf8\x88\x80\x80\x80", 0},
        {"\xff", 0},
        {"\xd0", 0}, /* cut */
        {"\xe2\x82", 0},
        {"\xd0z", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(character_length(rows[i].text, strlen(rows[i].text)),
                         rows[i].length);
    }
    assert_int_equal(character_length("", 0), 0);
}

static void escapes(void **state)
{
    (void)state;
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    assert_non_null(out);
    print_escaped(out, "a\nб\x1b[31m\x7f\xc2\x9b\xff\\");
    fclose(out);
    assert_string_equal(text, "a\\x0Aб\\x1B[31m\\x7F\\xC2\\x9B\\xFF\\");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(round_trip), cmocka_unit_test(large_record),
        cmocka_unit_test(damaged),    cmocka_unit_test(broken_pipe),
        cmocka_unit_test(characters), cmocka_unit_test(escapes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
