/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The small files of a generation: tombstones and sources. */
#include "indexer.h"
#include "scratch.h"

#define DOCUMENTS 1000

/* ---- Tombstones ------------------------------------------------------------
 */

static void tombstones_come_back(void **state)
{
    (void)state;
    static const size_t steps[] = {1, 2, 63, 64, 65, 500, DOCUMENTS};
    for (size_t s = 0; s < sizeof steps / sizeof *steps; s++) {
        struct tombstones dead;
        struct tombstones again;
        assert_int_equal(tombstones_new(DOCUMENTS, &dead, NULL), SHUKACH_OK);
        size_t count = 0;
        for (size_t i = DOCUMENTS; i > 0 && steps[s] <= i; i -= steps[s]) {
            tombstones_add(&dead, i - 1);
            tombstones_add(&dead, i - 1);
            count++;
        }
        assert_int_equal(dead.count, count);
        assert_int_equal(tombstones_within(&dead, 0, DOCUMENTS), count);
        assert_int_equal(tombstones_within(&dead, DOCUMENTS - 1, DOCUMENTS), 1);
        assert_int_equal(file_remove(at("dead"), NULL), SHUKACH_OK);
        assert_int_equal(tombstones_write(&dead, at("dead"), NULL), SHUKACH_OK);
        assert_int_equal(tombstones_read(at("dead"), DOCUMENTS, &again, NULL),
                         SHUKACH_OK);
        assert_int_equal(again.count, count);
        for (size_t i = 0; i < DOCUMENTS; i++) {
            assert_int_equal(tombstones_has(&dead, i),
                             tombstones_has(&again, i));
        }
        tombstones_free(&again);
        /* Of a generation with other documents. */
        assert_int_equal(
            tombstones_read(at("dead"), DOCUMENTS + 1, &again, NULL),
            SHUKACH_CORRUPT);
        assert_null(again.bits);
        tombstones_free(&dead);
    }
    struct tombstones none;
    assert_int_equal(tombstones_read(at("no dead"), 1, &none, NULL),
                     SHUKACH_NOT_FOUND);
}

/* ---- Sources ----------------------------------------------------------------
 */

/* 300 sources; every third is known, document `i` is of source i % 250 or of
 * none. */
static void write_sources(const char *path)
{
    struct sources sources = {0};
    uint32_t links[DOCUMENTS];
    for (uint32_t i = 0; i < 300; i++) {
        char name[40];
        uint32_t number;
        snprintf(name, sizeof name, "тека/файл %u.txt", i);
        for (int twice = 0; twice < 2; twice++) {
            assert_int_equal(sources_number(&sources, name, &number, NULL),
                             SHUKACH_OK);
            assert_int_equal(number, i + 1);
        }
        struct source *source = &sources.items[number - 1];
        source->known = i % 3 == 0;
        source->size = i * 1000000007ull;
        source->modified = -(int64_t)i * 1000000007;
        source->sum = (struct hash128){.low = i, .high = ~(uint64_t)i};
        source->documents = i;
        source->seen = i < 270; /* those after 270 are dropped */
    }
    for (uint32_t i = 0; i < DOCUMENTS; i++) {
        links[i] = i % 251;
    }
    assert_int_equal(sources_write(&sources, path, links, DOCUMENTS, NULL),
                     SHUKACH_OK);
    sources_free(&sources);
}

static void sources_come_back(void **state)
{
    (void)state;
    struct sources sources = {0};
    write_sources(at("sources"));
    assert_int_equal(sources_read(&sources, at("sources"), DOCUMENTS, NULL),
                     SHUKACH_OK);
    assert_int_equal(sources.count, 270);
    uint64_t all = 0;
    for (uint32_t i = 0; i < 270; i++) {
        const struct source *source = &sources.items[i];
        char name[40];
        uint64_t count;
        snprintf(name, sizeof name, "тека/файл %u.txt", i);
        assert_string_equal(source->path, name);
        assert_int_equal(source->known, i % 3 == 0);
        if (source->known) {
            assert_int_equal(source->size, i * 1000000007ull);
            assert_true(source->modified == -(int64_t)i * 1000000007);
            assert_int_equal(source->sum.low, i);
            assert_int_equal(source->sum.high, ~(uint64_t)i);
            assert_int_equal(source->documents, i);
        }
        const uint32_t *documents = sources_documents(&sources, i + 1, &count);
        for (uint64_t d = 0; d < count; d++) {
            assert_int_equal(documents[d] % 251, i + 1);
            assert_true(d == 0 || documents[d] > documents[d - 1]);
        }
        all += count;
    }
    assert_int_equal(all, DOCUMENTS - (DOCUMENTS + 250) / 251);
    uint32_t number;
    uint64_t count;
    assert_int_equal(sources_number(&sources, "інше", &number, NULL),
                     SHUKACH_OK);
    assert_int_equal(number, 271);
    assert_null(sources_documents(&sources, number, &count));
    assert_int_equal(count, 0);
    sources_free(&sources);
    struct sources other = {0};
    assert_int_equal(sources_read(&other, at("sources"), DOCUMENTS - 1, NULL),
                     SHUKACH_CORRUPT);
    sources_free(&other);
    assert_int_equal(sources_read(&other, at("no sources"), 1, NULL),
                     SHUKACH_NOT_FOUND);
}

static void damage_is_seen(void **state)
{
    (void)state;
    write_sources(at("damaged"));
    struct buf file = get(at("damaged"));
    for (size_t i = 0; i < file.length; i++) {
        file.data[i] = (char)(file.data[i] ^ 1 << (i % 8));
        put(at("damaged"), file.data, file.length);
        struct sources sources = {0};
        struct shukach_error err = {0};
        assert_int_equal(sources_read(&sources, at("damaged"), DOCUMENTS, &err),
                         SHUKACH_CORRUPT);
        assert_non_null(strstr(err.message, "rebuild"));
        sources_free(&sources);
        file.data[i] = (char)(file.data[i] ^ 1 << (i % 8));
    }
    for (size_t length = 0; length < 40; length++) {
        struct sources sources = {0};
        struct tombstones dead;
        put(at("damaged"), file.data, length);
        assert_int_equal(sources_read(&sources, at("damaged"), DOCUMENTS, NULL),
                         SHUKACH_CORRUPT);
        sources_free(&sources);
        assert_int_equal(tombstones_read(at("damaged"), DOCUMENTS, &dead, NULL),
                         SHUKACH_CORRUPT);
    }
    buf_free(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tombstones_come_back),
        cmocka_unit_test(sources_come_back),
        cmocka_unit_test(damage_is_seen),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
