/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scratch.h"
#include "store.h"

#define COUNT 5

/* Field `f` of document `i`: some are empty, one is long, one holds NUL. */
static const char *field_of(size_t i, size_t f, size_t *length)
{
    static char text[20000];
    if (i == 1 && f == SHUKACH_TEXT) {
        for (size_t at = 0; at + 2 <= sizeof text; at += 2) {
            memcpy(text + at, at % 14 == 0 ? "щ" : "ї", 2);
        }
        *length = sizeof text;
    } else if (i == 2 && f == SHUKACH_TITLE) {
        memcpy(text, "м\0яч", 7);
        *length = 5;
    } else if (f > SHUKACH_DATE && i % 2 == 0) {
        *length = 0;
    } else {
        *length = (size_t)snprintf(text, sizeof text, "поле %zu.%zu", i, f);
    }
    return text;
}

static void add_document(struct records_writer *writer, size_t i)
{
    char *fields[SHUKACH_FIELDS];
    size_t lengths[SHUKACH_FIELDS];
    struct buf signature;
    buf_init(&signature, 1000);
    for (size_t at = 0; at < i; at++) {
        buf_add(&signature, "abc", 3);
    }
    for (size_t f = 0; f < SHUKACH_FIELDS; f++) {
        const char *text = field_of(i, f, &lengths[f]);
        fields[f] = malloc(lengths[f] + 1);
        memcpy(fields[f], text, lengths[f]);
    }
    assert_int_equal(records_add(writer, &signature,
                                 (const char *const *)fields, lengths, NULL),
                     SHUKACH_OK);
    for (size_t f = 0; f < SHUKACH_FIELDS; f++) {
        free(fields[f]);
    }
    buf_free(&signature);
}

static void write_records(const char *path, size_t count)
{
    struct records_writer *writer;
    assert_int_equal(file_remove(path, NULL), SHUKACH_OK);
    assert_int_equal(records_create(path, &writer, NULL), SHUKACH_OK);
    for (size_t i = 0; i < count; i++) {
        add_document(writer, i);
    }
    assert_int_equal(records_finish(writer, NULL), SHUKACH_OK);
    records_close(writer);
}

/* Reads document `i`: CORRUPT, or exactly what was written. */
static enum shukach_status check_document(struct records *records, size_t i,
                                          struct arena *arena)
{
    const char *fields[SHUKACH_FIELDS];
    size_t lengths[SHUKACH_FIELDS];
    const unsigned char *data;
    size_t length;
    struct shukach_error err = {0};
    enum shukach_status status =
        records_signature(records, i, &data, &length, &err);
    if (status == SHUKACH_OK) {
        assert_int_equal(length, 3 * i);
        assert_true(length == 0 || memcmp(data, "abc", 3) == 0);
        status = records_fields(records, i, arena, fields, lengths, &err);
    }
    if (status != SHUKACH_OK) {
        assert_int_equal(status, SHUKACH_CORRUPT);
        assert_non_null(strstr(err.message, "rebuild"));
        return status;
    }
    for (size_t f = 0; f < SHUKACH_FIELDS; f++) {
        size_t wanted;
        const char *text = field_of(i, f, &wanted);
        assert_int_equal(lengths[f], wanted);
        assert_memory_equal(fields[f], text, wanted);
        assert_int_equal(fields[f][wanted], '\0');
    }
    return SHUKACH_OK;
}

/* Opens and reads everything. Whether damage was seen; what is not seen
 * must be harmless. */
static bool damage_is_seen(const char *path)
{
    struct records *records;
    struct shukach_error err = {0};
    enum shukach_status status = records_open(path, &records, &err);
    if (status != SHUKACH_OK) {
        assert_int_equal(status, SHUKACH_CORRUPT);
        assert_non_null(strstr(err.message, "rebuild"));
        assert_null(records);
        return true;
    }
    struct arena arena = {0};
    bool seen = false;
    assert_int_equal(records_count(records), COUNT);
    for (size_t i = 0; i < COUNT; i++) {
        seen = check_document(records, i, &arena) != SHUKACH_OK || seen;
    }
    arena_free(&arena);
    records_free(records);
    return seen;
}

static void round_trip(void **state)
{
    (void)state;
    write_records(at("records"), COUNT);
    assert_false(damage_is_seen(at("records")));
    struct records *records;
    const unsigned char *data;
    size_t length;
    assert_int_equal(records_open(at("records"), &records, NULL), SHUKACH_OK);
    assert_int_equal(records_signature(records, COUNT, &data, &length, NULL),
                     SHUKACH_CORRUPT);
    assert_int_equal(
        records_signature(records, UINT64_MAX, &data, &length, NULL),
        SHUKACH_CORRUPT);
    records_free(records);
}

static void no_documents(void **state)
{
    (void)state;
    struct records *records;
    write_records(at("none"), 0);
    assert_int_equal(records_open(at("none"), &records, NULL), SHUKACH_OK);
    assert_int_equal(records_count(records), 0);
    records_free(records);
    records_free(NULL);
    records_close(NULL);
}

static void every_flip_is_seen(void **state)
{
    (void)state;
    write_records(at("records"), COUNT);
    struct buf file = get(at("records"));
    for (size_t i = 0; i < file.length; i++) {
        static const unsigned char flips[] = {0x01, 0x80, 0xff};
        for (size_t k = 0; k < sizeof flips; k++) {
            file.data[i] = (char)(file.data[i] ^ flips[k]);
            put(at("flipped"), file.data, file.length);
            if (!damage_is_seen(at("flipped"))) {
                fail_msg("byte %zu of %zu", i, file.length);
            }
            file.data[i] = (char)(file.data[i] ^ flips[k]);
        }
    }
    buf_free(&file);
}

static void every_truncation_is_seen(void **state)
{
    (void)state;
    write_records(at("records"), COUNT);
    struct buf file = get(at("records"));
    for (size_t length = 0; length < file.length; length++) {
        put(at("cut"), file.data, length);
        assert_true(damage_is_seen(at("cut")));
    }
    buf_free(&file);
}

static void put_number(struct buf *file, size_t from_end, uint64_t value)
{
    for (size_t i = 0; i < 8; i++) {
        file->data[file->length - from_end + i] =
            (char)(value >> (8 * i) & 0xff);
    }
}

static void huge_numbers_are_seen(void **state)
{
    (void)state;
    static const uint64_t numbers[] = {
        0,          1,          COUNT - 1,      COUNT + 1,      1000,
        UINT32_MAX, UINT64_MAX, UINT64_MAX / 8, UINT64_MAX - 3, INT64_MAX};
    write_records(at("records"), COUNT);
    /* From the end: the magic, the number, then the table backwards. */
    for (size_t place = 0; place < COUNT + 2; place++) {
        for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
            struct buf file = get(at("records"));
            put_number(&file, 16 + 8 * place, numbers[i]);
            put(at("huge"), file.data, file.length);
            assert_true(damage_is_seen(at("huge")));
            buf_free(&file);
        }
    }
}

static void what_is_there_is_not_overwritten(void **state)
{
    (void)state;
    struct records_writer *writer;
    put(at("there"), "x", 1);
    assert_int_equal(records_create(at("there"), &writer, NULL), SHUKACH_IO);
    assert_null(writer);
    assert_int_equal(records_create(at("no/dir"), &writer, NULL),
                     SHUKACH_NOT_FOUND);
    struct records *records;
    assert_int_equal(records_open(at("missing"), &records, NULL),
                     SHUKACH_NOT_FOUND);
    assert_int_equal(records_open(scratch, &records, NULL), SHUKACH_IO);
    assert_null(records);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(round_trip),
        cmocka_unit_test(no_documents),
        cmocka_unit_test(every_flip_is_seen),
        cmocka_unit_test(every_truncation_is_seen),
        cmocka_unit_test(huge_numbers_are_seen),
        cmocka_unit_test(what_is_there_is_not_overwritten),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
