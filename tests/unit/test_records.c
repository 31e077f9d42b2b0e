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
    assert_int_equal(records_add(writer, i + 7, &signature,
                                 (const char *const *)fields, lengths, NULL,
                                 NULL),
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
    assert_int_equal(records_create(path, SIZE_MAX, &writer, NULL), SHUKACH_OK);
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
    struct signature signature;
    struct shukach_error err = {0};
    enum shukach_status status =
        records_signature(records, i, &signature, &err);
    if (status == SHUKACH_OK) {
        assert_int_equal(signature.codes.count, 0);
        assert_int_equal(signature.stems, i + 7);
        assert_int_equal(signature.length, 3 * i);
        assert_true(i == 0 || memcmp(signature.data, "abc", 3) == 0);
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
    struct signature signature;
    assert_int_equal(records_open(at("records"), &records, NULL), SHUKACH_OK);
    assert_int_equal(records_signature(records, COUNT, &signature, NULL),
                     SHUKACH_CORRUPT);
    assert_int_equal(records_signature(records, UINT64_MAX, &signature, NULL),
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
    /* From the end: the magic, the number, the sum, the sizes of what was
     * learned, then the table backwards. */
    for (size_t place = 0; place < COUNT + 5; place++) {
        for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
            struct buf file = get(at("records"));
            put_number(&file, 16 + 8 * place, numbers[i]);
            put(at("huge"), file.data, file.length);
            /* Nothing was learned: two of them are 0. */
            bool same = (place == 2 || place == 3) && numbers[i] == 0;
            assert_true(same || damage_is_seen(at("huge")));
            buf_free(&file);
        }
    }
}

static void what_is_there_is_not_overwritten(void **state)
{
    (void)state;
    struct records_writer *writer;
    put(at("there"), "x", 1);
    assert_int_equal(records_create(at("there"), SIZE_MAX, &writer, NULL),
                     SHUKACH_IO);
    assert_null(writer);
    assert_int_equal(records_create(at("no/dir"), SIZE_MAX, &writer, NULL),
                     SHUKACH_NOT_FOUND);
    struct records *records;
    assert_int_equal(records_open(at("missing"), &records, NULL),
                     SHUKACH_NOT_FOUND);
    assert_int_equal(records_open(scratch, &records, NULL), SHUKACH_IO);
    assert_null(records);
}

/* ---- What was learned ---------------------------------------------------- */

enum { LEARNED = 600 };

static size_t text_of(size_t i, char out[2000])
{
    static const char *const words[] = {
        "ракета", "міністр", "розмова", "засідання", "область", "за", "і"};
    uint64_t random = i;
    size_t length = 0;
    for (size_t j = 0; j < 40 + i % 40; j++) {
        random = random * UINT64_C(6364136223846793005) + 1;
        length += (size_t)snprintf(out + length, 2000 - length, "%s%u ",
                                   words[(random >> 33) % 7],
                                   (unsigned)(random >> 50) % 20);
    }
    return length;
}

static void signature_of_text(size_t i, struct buf *out)
{
    for (size_t j = 0; j < 1 + i % 50; j++) {
        char entry[3] = {(char)(2 + j % (i + 1)), 1, (char)(j % 3)};
        buf_add(out, entry, 3);
    }
}

static void write_learned(const char *path)
{
    struct records_writer *writer;
    assert_int_equal(records_create(path, 65536, &writer, NULL), SHUKACH_OK);
    for (size_t i = 0; i < LEARNED; i++) {
        char text[2000];
        const char *fields[SHUKACH_FIELDS] = {"id", text, "", "",
                                              "",   "",   "", ""};
        size_t lengths[SHUKACH_FIELDS] = {2, text_of(i, text)};
        struct buf signature;
        buf_init(&signature, 1000);
        signature_of_text(i, &signature);
        assert_int_equal(
            records_add(writer, i + 7, &signature, fields, lengths, NULL, NULL),
            SHUKACH_OK);
        buf_free(&signature);
    }
    assert_int_equal(records_finish(writer, NULL), SHUKACH_OK);
    records_close(writer);
}

static bool same_signature(struct records *records, size_t i,
                           struct arena *arena)
{
    struct signature stored;
    struct buf written;
    struct signature_token *wanted;
    struct signature_token *got;
    size_t wanted_count;
    size_t count;
    buf_init(&written, 1000);
    signature_of_text(i, &written);
    const struct signature plain = {.data = (unsigned char *)written.data,
                                    .length = written.length};
    assert_int_equal(
        signature_decode(&plain, NULL, arena, &wanted, &wanted_count, NULL),
        SHUKACH_OK);
    bool same = records_signature(records, i, &stored, NULL) == SHUKACH_OK &&
                signature_decode(&stored, NULL, arena, &got, &count, NULL) ==
                    SHUKACH_OK;
    if (same) {
        assert_true(stored.codes.count > 0);
        assert_int_equal(stored.stems, i + 7);
        assert_int_equal(count, wanted_count);
        assert_memory_equal(got, wanted, count * sizeof *got);
    }
    buf_free(&written);
    return same;
}

/* Whether all is there; what is not is told. */
static bool learned_is_whole(const char *path)
{
    struct records *records;
    struct arena arena = {0};
    bool whole = true;
    if (records_open(path, &records, NULL) != SHUKACH_OK) {
        return false;
    }
    assert_int_equal(records_count(records), LEARNED);
    for (size_t i = 0; i < LEARNED; i++) {
        char text[2000];
        const char *fields[SHUKACH_FIELDS];
        size_t lengths[SHUKACH_FIELDS];
        arena_reset(&arena);
        whole = same_signature(records, i, &arena) && whole;
        if (records_fields(records, i, &arena, fields, lengths, NULL) !=
            SHUKACH_OK) {
            whole = false;
            continue;
        }
        assert_int_equal(lengths[SHUKACH_TEXT], text_of(i, text));
        assert_memory_equal(fields[SHUKACH_TEXT], text, lengths[SHUKACH_TEXT]);
    }
    arena_free(&arena);
    records_free(records);
    return whole;
}

static void what_is_learned_shortens(void **state)
{
    (void)state;
    write_learned(at("learned"));
    assert_true(learned_is_whole(at("learned")));
    struct buf file = get(at("learned"));
    /* The dictionary is there. */
    assert_true(file.data[file.length - 40] != 0 ||
                file.data[file.length - 39] != 0);
    for (size_t i = 0; i < file.length; i += 1 + file.length / 300) {
        file.data[i] = (char)(file.data[i] ^ 0x10);
        put(at("flipped"), file.data, file.length);
        if (learned_is_whole(at("flipped"))) {
            fail_msg("byte %zu of %zu", i, file.length);
        }
        file.data[i] = (char)(file.data[i] ^ 0x10);
        put(at("cut"), file.data, i);
        assert_false(learned_is_whole(at("cut")));
    }
    buf_free(&file);
}

/* ---- Lengths in blocks --------------------------------------------------- */

/* More than two blocks of 1,024, and of two files. */
#define MANY 2500

static uint32_t stems_of(size_t i)
{
    return (uint32_t)(i * i + 3);
}

static void write_lengths(const char *path, size_t first)
{
    struct records_writer *writer;
    struct buf none;
    const char *fields[SHUKACH_FIELDS];
    size_t lengths[SHUKACH_FIELDS] = {0};
    buf_init(&none, 1);
    for (size_t f = 0; f < SHUKACH_FIELDS; f++) {
        fields[f] = "";
    }
    assert_int_equal(records_create(path, SIZE_MAX, &writer, NULL), SHUKACH_OK);
    for (size_t i = 0; i < MANY; i++) {
        assert_int_equal(records_add(writer, stems_of(first + i), &none, fields,
                                     lengths, NULL, NULL),
                         SHUKACH_OK);
    }
    assert_int_equal(records_finish(writer, NULL), SHUKACH_OK);
    records_close(writer);
}

/* How many documents have a length that can be read; it is the right one. */
static size_t count_lengths(const char *one, const char *other)
{
    struct records *records;
    size_t count = 0;
    assert_int_equal(records_open(one, &records, NULL), SHUKACH_OK);
    assert_int_equal(records_append(records, other, NULL), SHUKACH_OK);
    for (uint64_t i = 0; i < 2 * MANY; i++) {
        struct record_lengths lengths;
        struct shukach_error err;
        enum shukach_status status =
            records_lengths(records, i, &lengths, &err);
        if (status == SHUKACH_OK) {
            assert_true(lengths.first <= i &&
                        i - lengths.first < lengths.count);
            assert_int_equal(record_length(&lengths, i), stems_of(i));
            count++;
        } else {
            assert_int_equal(status, SHUKACH_CORRUPT);
            assert_non_null(strstr(err.message, "lengths of documents"));
        }
    }
    struct record_lengths none;
    assert_int_equal(records_lengths(records, 2 * MANY, &none, NULL),
                     SHUKACH_CORRUPT);
    records_free(records);
    return count;
}

static void lengths_in_blocks(void **state)
{
    (void)state;
    write_lengths(at("one"), 0);
    write_lengths(at("other"), MANY);
    char one[512];
    snprintf(one, sizeof one, "%s", at("one"));
    assert_int_equal(count_lengths(one, at("other")), 2 * MANY);
    /* The tail has 40 bytes; before it the last block, with its check. */
    struct mapping file;
    assert_int_equal(file_map(one, &file, NULL), SHUKACH_OK);
    struct buf copy;
    buf_init(&copy, SIZE_MAX / 2);
    buf_add(&copy, (const char *)file.data, file.length);
    copy.data[file.length - 40 - 4 * (MANY % 1024) - 4 - 100] ^= 1;
    file_unmap(&file);
    put(at("flipped"), copy.data, copy.length);
    buf_free(&copy);
    snprintf(one, sizeof one, "%s", at("flipped"));
    assert_int_equal(count_lengths(one, at("other")), 2 * MANY - 1024);
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
        cmocka_unit_test(what_is_learned_shortens),
        cmocka_unit_test(lengths_in_blocks),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
