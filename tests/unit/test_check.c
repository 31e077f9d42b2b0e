/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every change of a bit is found, in whatever file; and what is damaged in
 * spite of its sum. */
#include <dirent.h>
#include <unistd.h>

#include "schema.h"
#include "scratch.h"
#include "store.h"

static void add(struct shukach_indexer *indexer, size_t id, const char *text)
{
    struct shukach_document *document;
    char name[16];
    int length = snprintf(name, sizeof name, "id%zu", id);
    assert_int_equal(shukach_document_new(&document, NULL), SHUKACH_OK);
    assert_int_equal(
        shukach_document_set(document, SHUKACH_ID, name, (size_t)length, NULL),
        SHUKACH_OK);
    assert_int_equal(
        shukach_document_set(document, SHUKACH_TEXT, text, strlen(text), NULL),
        SHUKACH_OK);
    assert_int_equal(shukach_indexer_add(indexer, document, NULL), SHUKACH_OK);
    shukach_document_free(document);
}

/* Two segments, tombstones and sources in gen-2. */
static void make(const char *dir)
{
    struct shukach_indexer *indexer;
    int unchanged;
    assert_int_equal(shukach_indexer_open(dir, &indexer, NULL), SHUKACH_OK);
    assert_int_equal(
        shukach_indexer_source(indexer, "files/one", &unchanged, NULL),
        SHUKACH_OK);
    for (size_t i = 0; i < 20; i++) {
        add(indexer, i, "перший документ про зерно та порт");
    }
    assert_int_equal(shukach_indexer_publish(indexer, NULL), SHUKACH_OK);
    shukach_indexer_close(indexer);
    assert_int_equal(shukach_indexer_open(dir, &indexer, NULL), SHUKACH_OK);
    assert_int_equal(shukach_indexer_update(indexer, NULL), SHUKACH_OK);
    add(indexer, 3, "змінений документ");
    add(indexer, 33, "новий документ");
    assert_int_equal(shukach_indexer_publish(indexer, NULL), SHUKACH_OK);
    shukach_indexer_close(indexer);
}

static int count_fault(const char *path, const char *what, void *payload)
{
    size_t *count = payload;
    assert_true(strlen(path) > 0 && strlen(what) > 0);
    (*count)++;
    return 0;
}

/* Whether anything is found to be wrong. */
static bool is_damaged(const char *dir)
{
    uint64_t faults;
    size_t told = 0;
    struct shukach_error err = {0};
    enum shukach_status status =
        store_check(dir, count_fault, &told, &faults, &err);
    assert_true(status == SHUKACH_OK || strlen(err.message) > 0);
    assert_int_equal(told, faults);
    return status != SHUKACH_OK || faults > 0;
}

/* Changes bits of a file, all of a small one, and puts them back. */
static void flip(const char *dir, const char *path)
{
    struct buf file = get(path);
    size_t step = file.length < 500 ? 1 : 61;
    assert_true(file.length > 0);
    for (size_t bit = 0; bit < 8 * file.length; bit += step) {
        file.data[bit / 8] = (char)(file.data[bit / 8] ^ 1 << (bit % 8));
        put(path, file.data, file.length);
        if (!is_damaged(dir)) {
            fail_msg("%s: bit %zu", path, bit);
        }
        file.data[bit / 8] = (char)(file.data[bit / 8] ^ 1 << (bit % 8));
    }
    /* A byte less, and a byte more. */
    put(path, file.data, file.length - 1);
    assert_true(is_damaged(dir));
    buf_add_char(&file, '\0');
    put(path, file.data, file.length);
    assert_true(is_damaged(dir));
    put(path, file.data, file.length - 1);
    buf_free(&file);
}

static void every_bit(void **state)
{
    (void)state;
    static const char *const files[] = {"manifest",
                                        "dead",
                                        "sources",
                                        "segment-1/postings",
                                        "segment-1/records",
                                        "segment-1/forms",
                                        "segment-1/names",
                                        "segment-1/pairs",
                                        "segment-2/postings",
                                        "segment-2/records",
                                        "segment-2/forms",
                                        "segment-2/names",
                                        "segment-2/pairs"};
    char dir[256];
    snprintf(dir, sizeof dir, "%s", at("flip"));
    make(dir);
    assert_false(is_damaged(dir));
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char path[300];
        snprintf(path, sizeof path, "%s/gen-2/%s", dir, files[i]);
        flip(dir, path);
        assert_false(is_damaged(dir));
    }
    assert_int_equal(file_remove(at("flip/gen-2/dead"), NULL), SHUKACH_OK);
    assert_true(is_damaged(dir));
}

static void no_index(void **state)
{
    (void)state;
    uint64_t faults;
    size_t told = 0;
    assert_int_equal(store_check(at("none"), count_fault, &told, &faults, NULL),
                     SHUKACH_NOT_FOUND);
    assert_int_equal(file_make_dirs(at("hollow"), NULL), SHUKACH_OK);
    assert_int_equal(
        store_check(at("hollow"), count_fault, &told, &faults, NULL),
        SHUKACH_CORRUPT);
    assert_int_equal(told, 0);
}

static int stop(const char *path, const char *what, void *payload)
{
    (void)path;
    (void)what;
    (void)payload;
    return 1;
}

/* Writes the manifest again, with the sums of the files as they are. */
static void sum_again(const char *dir, const char *fact, const char *value)
{
    struct manifest *old;
    struct manifest *new;
    const char *file;
    char path[300];
    static const char *const kept[] = {FACT_SCHEMA, FACT_ANALYSER,
                                       FACT_DOCUMENTS, FACT_DELETED};
    assert_int_equal(manifest_read(dir, &old, NULL), SHUKACH_OK);
    assert_int_equal(manifest_new(&new, NULL), SHUKACH_OK);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(
            manifest_set(new, kept[i], manifest_fact(old, kept[i]), NULL),
            SHUKACH_OK);
    }
    assert_int_equal(manifest_set(new, fact, value, NULL), SHUKACH_OK);
    for (size_t i = 0; (file = manifest_file(old, i)) != NULL; i++) {
        assert_int_equal(manifest_add_file(new, dir, file, NULL), SHUKACH_OK);
    }
    snprintf(path, sizeof path, "%s/manifest", dir);
    assert_int_equal(file_remove(path, NULL), SHUKACH_OK);
    assert_int_equal(manifest_write(new, dir, NULL), SHUKACH_OK);
    manifest_free(old);
    manifest_free(new);
}

/* The sums say that all is as it was written, but that was wrong. */
static void behind_the_sums(void **state)
{
    (void)state;
    static const char *const files[] = {"segment-1/records", "segment-1/forms",
                                        "segment-1/names", "segment-1/pairs",
                                        "segment-1/postings"};
    char dir[256];
    snprintf(dir, sizeof dir, "%s", at("behind"));
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char path[300];
        assert_int_equal(file_remove(dir, NULL), SHUKACH_OK);
        make(dir);
        snprintf(path, sizeof path, "%s/gen-2/%s", dir, files[i]);
        struct buf file = get(path);
        /* Within the first record, form or block. */
        size_t byte = i == 4 ? 8192 + 40 : 30;
        file.data[byte] = (char)(file.data[byte] ^ 0x55);
        put(path, file.data, file.length);
        buf_free(&file);
        sum_again(at("behind/gen-2"), FACT_CREATED, "now");
        if (!is_damaged(dir)) {
            fail_msg("%s", files[i]);
        }
    }
    assert_int_equal(file_remove(dir, NULL), SHUKACH_OK);
    make(dir);
    sum_again(at("behind/gen-2"), FACT_CREATED, "now");
    assert_false(is_damaged(dir));
    sum_again(at("behind/gen-2"), FACT_DOCUMENTS, "22");
    assert_true(is_damaged(dir));
    sum_again(at("behind/gen-2"), FACT_DOCUMENTS, "21");
    sum_again(at("behind/gen-2"), FACT_DELETED, "0");
    assert_true(is_damaged(dir));
    uint64_t faults;
    assert_int_equal(store_check(dir, stop, NULL, &faults, NULL),
                     SHUKACH_CANCELLED);
    assert_int_equal(faults, 1);
}

/* Makes the index anew, so that the generation that is checked is removed. */
static int rebuild(const char *path, const char *what, void *payload)
{
    struct shukach_indexer *indexer;
    assert_int_equal(count_fault(path, what, payload), 0);
    assert_int_equal(shukach_indexer_open(at("moving"), &indexer, NULL),
                     SHUKACH_OK);
    add(indexer, 1, "документ про зерно");
    assert_int_equal(shukach_indexer_publish(indexer, NULL), SHUKACH_OK);
    shukach_indexer_close(indexer);
    return 0;
}

/* What a writer removes in the midst is no fault. */
static void while_published(void **state)
{
    (void)state;
    uint64_t faults;
    size_t told = 0;
    make(at("moving"));
    /* The first file, so that others are still to be read. */
    struct buf file = get(at("moving/gen-2/segment-1/postings"));
    file.data[100] = (char)(file.data[100] ^ 1);
    put(at("moving/gen-2/segment-1/postings"), file.data, file.length);
    buf_free(&file);
    assert_int_equal(store_check(at("moving"), rebuild, &told, &faults, NULL),
                     SHUKACH_OK);
    assert_int_equal(told, 1);
    assert_int_equal(faults, 1);
    assert_false(is_damaged(at("moving")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_bit),
        cmocka_unit_test(no_index),
        cmocka_unit_test(behind_the_sums),
        cmocka_unit_test(while_published),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
