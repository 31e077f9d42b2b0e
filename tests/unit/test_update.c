/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An index that was updated again and again against a new one of the same
 * documents: the same documents are found, and once all segments are merged
 * the files are the same. */
#include <sys/stat.h>
#include <unistd.h>

#include "schema.h"
#include "scratch.h"
#include "store.h"

#define IDS 90
#define NIGHTS 40

static const char *const vocabulary[] = {
    "удар",   "ракетний", "місто",   "порт",  "Київ",   "президент",
    "НАТО",   "лід",      "зерно",   "угода", "саміт",  "переговори",
    "Макрон", "розмова",  "телефон", "війна", "мир",    "оборона",
    "ракета", "кордон",   "уряд",    "закон", "суд",    "вибори",
    "Одеса",  "Херсон",   "Харків",  "міст",  "дорога", "північно-східний"};
#define VOCABULARY (sizeof vocabulary / sizeof *vocabulary)

static const char *const queries[] = {
    "удар",           "\"ракетний удар\"",
    "Київ порт",      "+саміт -війна",
    "Макрон розмова", "title:угода",
    "source:НАТО",    "lang:ru",
    "date:2024-03",   "зерн*",
    "=лід",           "уряд NEAR/3 суд",
    "порт НЕ мир",    "міст АБО міста",
    "date:>=2024-06", "id:id7",
};
#define QUERIES (sizeof queries / sizeof *queries)

static uint64_t noise;

static size_t pick(size_t below)
{
    noise ^= noise << 13;
    noise ^= noise >> 7;
    noise ^= noise << 17;
    return (size_t)(noise >> 11) % below;
}

/* ---- Documents ------------------------------------------------------------
 */

/* The version of each document that the index should hold; 0 for none. */
static size_t versions[IDS];

static size_t write_text(char *out, size_t size, size_t words)
{
    size_t length = 0;
    for (size_t i = 0; i < words; i++) {
        length +=
            (size_t)snprintf(out + length, size - length, "%s%s",
                             i > 0 ? " " : "", vocabulary[pick(VOCABULARY)]);
    }
    return length;
}

static void set(struct shukach_document *document, enum shukach_field field,
                const char *text)
{
    assert_int_equal(
        shukach_document_set(document, field, text, strlen(text), NULL),
        SHUKACH_OK);
}

/* The same for the same id and version. */
static struct shukach_document *document_of(size_t id, size_t version)
{
    static const char *const sources[] = {"НАТО", "уряд", "", "прес-служба"};
    static const char *const languages[] = {"uk", "ru", "", "de"};
    struct shukach_document *document;
    char text[2000];
    uint64_t kept = noise;
    noise = hash64(&(size_t[2]){id, version}, 2 * sizeof id) | 1;
    assert_int_equal(shukach_document_new(&document, NULL), SHUKACH_OK);
    snprintf(text, sizeof text, "id%zu", id);
    set(document, SHUKACH_ID, text);
    write_text(text, sizeof text, 1 + pick(40));
    set(document, SHUKACH_TEXT, text);
    write_text(text, sizeof text, pick(4));
    set(document, SHUKACH_TITLE, text);
    snprintf(text, sizeof text, "2024-%02zu-%02zu", 1 + pick(12), 1 + pick(28));
    set(document, SHUKACH_DATE, pick(5) == 0 ? "" : text);
    set(document, SHUKACH_SOURCE, sources[pick(4)]);
    set(document, SHUKACH_LANG, languages[pick(4)]);
    noise = kept;
    return document;
}

static struct shukach_indexer *begin(const char *dir, bool update)
{
    struct shukach_indexer *indexer;
    struct shukach_error err = {0};
    if (shukach_indexer_open(dir, &indexer, &err) != SHUKACH_OK ||
        (update && shukach_indexer_update(indexer, &err) != SHUKACH_OK)) {
        fail_msg("%s", err.message);
    }
    return indexer;
}

static void end(struct shukach_indexer *indexer)
{
    struct shukach_error err = {0};
    if (shukach_indexer_publish(indexer, &err) != SHUKACH_OK) {
        fail_msg("%s", err.message);
    }
    shukach_indexer_close(indexer);
}

static enum shukach_status add(struct shukach_indexer *indexer, size_t id,
                               size_t version)
{
    struct shukach_document *document = document_of(id, version);
    enum shukach_status status = shukach_indexer_add(indexer, document, NULL);
    shukach_document_free(document);
    return status;
}

static uint64_t tally(const struct shukach_indexer *indexer,
                      enum shukach_tally what)
{
    return shukach_indexer_tally(indexer, what);
}

/* Changes the index and `versions` alike. */
static void night(const char *dir, bool merge, unsigned keep)
{
    struct shukach_indexer *indexer = begin(dir, true);
    uint64_t tallies[SHUKACH_TALLIES] = {0};
    bool met[IDS] = {false};
    size_t changes = pick(4) == 0 ? IDS : pick(12);
    for (size_t i = 0; i < changes; i++) {
        size_t id = pick(IDS);
        char name[16];
        int length = snprintf(name, sizeof name, "id%zu", id);
        if (met[id]) {
            assert_int_equal(add(indexer, id, 1), SHUKACH_DUPLICATE);
            tallies[SHUKACH_TALLY_SKIPPED]++;
        } else if (pick(4) == 0) {
            enum shukach_status status =
                shukach_indexer_delete(indexer, name, (size_t)length, NULL);
            assert_int_equal(status,
                             versions[id] > 0 ? SHUKACH_OK : SHUKACH_NOT_FOUND);
            tallies[SHUKACH_TALLY_DELETED] += versions[id] > 0;
            versions[id] = 0;
        } else {
            size_t version = versions[id] > 0 && pick(3) == 0 ? versions[id]
                                                              : 1 + pick(1000);
            tallies[versions[id] == 0         ? SHUKACH_TALLY_INDEXED
                    : versions[id] == version ? SHUKACH_TALLY_UNCHANGED
                                              : SHUKACH_TALLY_REPLACED]++;
            met[id] = true;
            versions[id] = version;
            assert_int_equal(add(indexer, id, version), SHUKACH_OK);
        }
    }
    for (int i = 0; i < SHUKACH_TALLY_PRUNED; i++) {
        assert_int_equal(tally(indexer, (enum shukach_tally)i), tallies[i]);
    }
    shukach_indexer_set_merge(indexer, merge);
    shukach_indexer_set_keep(indexer, keep);
    end(indexer);
}

/* ---- Comparing ------------------------------------------------------------
 */

/* A new index of what the other holds, in the same order. */
static void rebuild(const char *from, const char *to)
{
    struct store_reader *reader;
    struct arena arena = {0};
    assert_int_equal(store_reader_open(from, &reader, NULL), SHUKACH_OK);
    struct shukach_indexer *indexer = begin(to, false);
    for (uint64_t i = 0; i < records_count(reader->records); i++) {
        const char *fields[SHUKACH_FIELDS];
        size_t lengths[SHUKACH_FIELDS];
        struct shukach_document *document;
        if (tombstones_has(&reader->dead, i)) {
            continue;
        }
        arena_reset(&arena);
        assert_int_equal(
            records_fields(reader->records, i, &arena, fields, lengths, NULL),
            SHUKACH_OK);
        assert_int_equal(shukach_document_new(&document, NULL), SHUKACH_OK);
        for (int f = 0; f < SHUKACH_FIELDS; f++) {
            set(document, (enum shukach_field)f, fields[f]);
        }
        assert_int_equal(shukach_indexer_add(indexer, document, NULL),
                         SHUKACH_OK);
        shukach_document_free(document);
    }
    end(indexer);
    arena_free(&arena);
    store_reader_close(reader);
}

static void expect_documents(const char *dir)
{
    struct shukach_index *index;
    size_t count = 0;
    assert_int_equal(shukach_index_open(dir, &index, NULL), SHUKACH_OK);
    for (size_t id = 0; id < IDS; id++) {
        struct shukach_document *stored;
        char name[16];
        int length = snprintf(name, sizeof name, "id%zu", id);
        enum shukach_status status = shukach_index_document_open(
            index, name, (size_t)length, &stored, NULL);
        assert_int_equal(status,
                         versions[id] > 0 ? SHUKACH_OK : SHUKACH_NOT_FOUND);
        if (status != SHUKACH_OK) {
            continue;
        }
        struct shukach_document *wanted = document_of(id, versions[id]);
        for (int f = 0; f < SHUKACH_LANG; f++) {
            assert_string_equal(
                shukach_document_get(stored, (enum shukach_field)f, NULL),
                shukach_document_get(wanted, (enum shukach_field)f, NULL));
        }
        shukach_document_free(wanted);
        shukach_document_free(stored);
        count++;
    }
    assert_int_equal(shukach_index_count(index), count);
    shukach_index_close(index);
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void same_facets(const struct shukach_hits *a,
                        const struct shukach_hits *b)
{
    for (int f = 0; f < SHUKACH_FACETS; f++) {
        enum shukach_facet facet = (enum shukach_facet)f;
        size_t count = shukach_hits_facet_count(a, facet);
        assert_int_equal(shukach_hits_facet_count(b, facet), count);
        for (size_t i = 0; i < count; i++) {
            uint64_t x;
            uint64_t y;
            assert_string_equal(shukach_hits_facet(a, facet, i, &x),
                                shukach_hits_facet(b, facet, i, &y));
            assert_int_equal(x, y);
        }
    }
}

/* The same ids; with `order`, in the same order and with the same scores. */
static void same_hits(const struct shukach_hits *a,
                      const struct shukach_hits *b, bool order)
{
    size_t count = shukach_hits_count(a);
    const char *x[IDS];
    const char *y[IDS];
    assert_int_equal(shukach_hits_count(b), count);
    for (size_t i = 0; i < count; i++) {
        x[i] = shukach_hits_field(a, i, SHUKACH_ID, NULL);
        y[i] = shukach_hits_field(b, i, SHUKACH_ID, NULL);
        if (order) {
            assert_true(shukach_hits_score(a, i) == shukach_hits_score(b, i));
        }
    }
    if (!order) {
        qsort(x, count, sizeof *x, compare_texts);
        qsort(y, count, sizeof *y, compare_texts);
    }
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(x[i], y[i]);
    }
    uint64_t lower[2];
    uint64_t upper[2];
    shukach_hits_total(a, &lower[0], &upper[0]);
    shukach_hits_total(b, &lower[1], &upper[1]);
    assert_int_equal(lower[0], lower[1]);
    assert_int_equal(upper[0], upper[1]);
}

static struct shukach_hits *search(struct shukach_index *index,
                                   const char *text, uint64_t limit)
{
    struct shukach_query *query;
    struct shukach_hits *hits;
    struct shukach_error err = {0};
    assert_int_equal(shukach_query_parse(text, strlen(text),
                                         SHUKACH_SYNTAX_FULL, &query, &err),
                     SHUKACH_OK);
    shukach_query_set_window(query, 0, limit);
    for (int f = 0; f < SHUKACH_FACETS; f++) {
        shukach_query_add_facet(query, (enum shukach_facet)f);
    }
    if (shukach_index_search(index, query, &hits, &err) != SHUKACH_OK) {
        fail_msg("%s: %s", text, err.message);
    }
    shukach_query_free(query);
    return hits;
}

static int on_form(const char *form, size_t length, uint64_t documents,
                   void *payload)
{
    buf_format(payload, "%.*s %llu\n", (int)length, form,
               (unsigned long long)documents);
    return 0;
}

static void same_answers(const char *updated, const char *fresh, bool merged)
{
    static const char *const facts[] = {"documents", "lang.uk", "lang.ru",
                                        "lang.en", "lang.other"};
    struct shukach_index *a;
    struct shukach_index *b;
    struct buf forms[2];
    assert_int_equal(shukach_index_open(updated, &a, NULL), SHUKACH_OK);
    assert_int_equal(shukach_index_open(fresh, &b, NULL), SHUKACH_OK);
    for (size_t q = 0; q < QUERIES; q++) {
        struct shukach_hits *x = search(a, queries[q], 0);
        struct shukach_hits *y = search(b, queries[q], 0);
        same_hits(x, y, merged);
        same_facets(x, y);
        shukach_hits_free(x);
        shukach_hits_free(y);
    }
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        assert_string_equal(shukach_index_fact(a, facts[i]),
                            shukach_index_fact(b, facts[i]));
    }
    for (size_t i = 0; i < 2; i++) {
        buf_init(&forms[i], 10000);
        assert_int_equal(shukach_index_complete(i == 0 ? a : b, "м", 2, 100,
                                                on_form, &forms[i], NULL),
                         SHUKACH_OK);
    }
    if (merged) {
        assert_string_equal(buf_text(&forms[0]), buf_text(&forms[1]));
        assert_string_equal(shukach_index_fact(a, "tokens"),
                            shukach_index_fact(b, "tokens"));
        assert_string_equal(shukach_index_fact(a, "deleted"), "0");
        assert_string_equal(shukach_index_fact(a, "segments"), "1");
    }
    buf_free(&forms[0]);
    buf_free(&forms[1]);
    shukach_index_close(a);
    shukach_index_close(b);
}

/* The one segment of each index has the same bytes. */
static void same_files(const char *a, const char *b)
{
    static const char *const names[] = {"records", "pairs", "forms", "names"};
    const char *dirs[] = {a, b};
    for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
        struct buf files[2];
        for (size_t i = 0; i < 2; i++) {
            struct store_reader *reader;
            char path[400];
            assert_int_equal(store_reader_open(dirs[i], &reader, NULL),
                             SHUKACH_OK);
            assert_int_equal(reader->segment_count, 1);
            snprintf(path, sizeof path, "%s/%s/%s", reader->generations[0].path,
                     reader->segments[0].name, names[n]);
            files[i] = get(path);
            store_reader_close(reader);
        }
        assert_int_equal(files[0].length, files[1].length);
        assert_memory_equal(files[0].data, files[1].data, files[0].length);
        buf_free(&files[0]);
        buf_free(&files[1]);
    }
}

/* What docs/index-format.md promises of the segments. */
static void expect_few_segments(const char *dir)
{
    struct store_reader *reader;
    uint64_t newer = 0;
    assert_int_equal(store_reader_open(dir, &reader, NULL), SHUKACH_OK);
    for (size_t i = reader->segment_count; i-- > 0;) {
        const struct store_segment *segment = &reader->segments[i];
        uint64_t living = segment->count - segment->dead;
        assert_true(living > newer || reader->segment_count == 1);
        assert_true(segment->dead <= living);
        newer += living;
    }
    store_reader_close(reader);
}

static int on_fault(const char *path, const char *what, void *payload)
{
    (void)payload;
    fail_msg("%s: %s", path, what);
    return 0;
}

static void expect_sound(const char *dir)
{
    uint64_t faults;
    assert_int_equal(store_check(dir, on_fault, NULL, &faults, NULL),
                     SHUKACH_OK);
    assert_int_equal(faults, 0);
}

/* ---- Tests ----------------------------------------------------------------
 */

static void many_nights(void **state)
{
    (void)state;
    char updated[256];
    char fresh[256];
    size_t several = 0;
    snprintf(updated, sizeof updated, "%s", at("updated"));
    snprintf(fresh, sizeof fresh, "%s", at("fresh"));
    memset(versions, 0, sizeof versions);
    noise = 20240319; /* the seed */
    for (size_t i = 0; i < NIGHTS; i++) {
        bool merge = i % 8 == 7;
        night(updated, merge, 1);
        expect_documents(updated);
        expect_few_segments(updated);
        expect_sound(updated);
        rebuild(updated, fresh);
        same_answers(updated, fresh, merge);
        if (merge) {
            same_files(updated, fresh);
        }
        struct store_reader *reader;
        assert_int_equal(store_reader_open(updated, &reader, NULL), SHUKACH_OK);
        several += reader->segment_count > 1 && reader->dead.count > 0;
        store_reader_close(reader);
    }
    /* That there was something to be tested. */
    assert_true(several > 10);
}

static void first_update_makes_the_index(void **state)
{
    (void)state;
    struct shukach_indexer *indexer = begin(at("first"), true);
    assert_int_equal(shukach_indexer_delete(indexer, "id1", 3, NULL),
                     SHUKACH_NOT_FOUND);
    assert_int_equal(add(indexer, 1, 1), SHUKACH_OK);
    /* Too late. */
    assert_int_equal(shukach_indexer_update(indexer, NULL), SHUKACH_INVALID);
    assert_int_equal(add(indexer, 2, 1), SHUKACH_OK);
    end(indexer);
    expect_sound(at("first"));
    indexer = begin(at("first"), true);
    assert_int_equal(shukach_indexer_delete(indexer, "id1", 3, NULL),
                     SHUKACH_OK);
    assert_int_equal(shukach_indexer_delete(indexer, "id1", 3, NULL),
                     SHUKACH_NOT_FOUND);
    assert_int_equal(shukach_indexer_delete(indexer, "id2", 3, NULL),
                     SHUKACH_OK);
    end(indexer);
    struct shukach_index *index;
    assert_int_equal(shukach_index_open(at("first"), &index, NULL), SHUKACH_OK);
    assert_int_equal(shukach_index_count(index), 0);
    shukach_index_close(index);
    expect_sound(at("first"));
}

static void deleted_and_added_again(void **state)
{
    (void)state;
    struct shukach_indexer *indexer = begin(at("again"), false);
    for (size_t i = 0; i < 9; i++) {
        assert_int_equal(add(indexer, i, 1), SHUKACH_OK);
    }
    end(indexer);
    indexer = begin(at("again"), true);
    assert_int_equal(shukach_indexer_delete(indexer, "id3", 3, NULL),
                     SHUKACH_OK);
    assert_int_equal(add(indexer, 3, 2), SHUKACH_OK);
    assert_int_equal(add(indexer, 3, 3), SHUKACH_DUPLICATE);
    assert_int_equal(tally(indexer, SHUKACH_TALLY_INDEXED), 1);
    end(indexer);
    memset(versions, 0, sizeof versions);
    for (size_t i = 0; i < 9; i++) {
        versions[i] = i == 3 ? 2 : 1;
    }
    expect_documents(at("again"));
    /* An update shares what it does not write. */
    struct stat info;
    assert_int_equal(stat(at("again/gen-2/segment-1/records"), &info), 0);
    assert_int_equal(access(at("again/gen-2/segment-2/records"), F_OK), 0);
    assert_int_equal(access(at("again/gen-1"), F_OK), -1);
    indexer = begin(at("again"), true);
    shukach_indexer_set_keep(indexer, 2);
    end(indexer);
    assert_int_equal(stat(at("again/gen-3/segment-1/records"), &info), 0);
    assert_int_equal(info.st_nlink, 2);
}

static void generation_of(const char *dir, const char *wanted)
{
    struct store_reader *reader;
    assert_int_equal(store_reader_open(dir, &reader, NULL), SHUKACH_OK);
    assert_string_equal(reader->generations[0].name, wanted);
    store_reader_close(reader);
}

static void back_to_the_generation_before(void **state)
{
    (void)state;
    char dir[256];
    struct shukach_error err = {0};
    snprintf(dir, sizeof dir, "%s", at("back"));
    assert_int_equal(shukach_index_rollback(dir, &err), SHUKACH_NOT_FOUND);
    memset(versions, 0, sizeof versions);
    noise = 7;
    for (size_t i = 0; i < 4; i++) {
        night(dir, false, 3);
    }
    generation_of(dir, "gen-4");
    assert_int_equal(access(at("back/gen-1"), F_OK), -1);
    assert_int_equal(shukach_index_rollback(dir, &err), SHUKACH_OK);
    generation_of(dir, "gen-3");
    assert_int_equal(shukach_index_rollback(dir, &err), SHUKACH_OK);
    generation_of(dir, "gen-2");
    expect_sound(dir);
    assert_int_equal(shukach_index_rollback(dir, &err), SHUKACH_INVALID);
    assert_non_null(strstr(err.message, "--keep"));
    generation_of(dir, "gen-2");
    /* The number of none is taken again; those gone back from are dropped. */
    struct shukach_indexer *indexer = begin(dir, true);
    assert_int_equal(shukach_index_rollback(dir, &err), SHUKACH_LOCKED);
    shukach_indexer_set_keep(indexer, 2);
    end(indexer);
    generation_of(dir, "gen-5");
    assert_int_equal(access(at("back/gen-3"), F_OK), -1);
    assert_int_equal(access(at("back/gen-4"), F_OK), -1);
    assert_int_equal(shukach_index_rollback(dir, &err), SHUKACH_OK);
    generation_of(dir, "gen-2");
    /* One that does not open is not gone back to. */
    indexer = begin(dir, true);
    shukach_indexer_set_keep(indexer, 2);
    end(indexer);
    generation_of(dir, "gen-6");
    assert_int_equal(file_remove(at("back/gen-2/manifest"), NULL), SHUKACH_OK);
    assert_int_equal(shukach_index_rollback(dir, &err), SHUKACH_NOT_FOUND);
    generation_of(dir, "gen-6");
}

static void other_versions_are_refused(void **state)
{
    (void)state;
    static const char *const facts[] = {FACT_SCHEMA, FACT_ANALYSER};
    for (size_t i = 0; i < 2; i++) {
        struct shukach_indexer *indexer = begin(at("version"), false);
        struct manifest *manifest;
        struct shukach_error err = {0};
        char dir[300];
        char path[320];
        assert_int_equal(add(indexer, 1, 1), SHUKACH_OK);
        end(indexer);
        snprintf(dir, sizeof dir, "%s/gen-%zu", at("version"), i + 1);
        snprintf(path, sizeof path, "%s/manifest", dir);
        assert_int_equal(manifest_read(dir, &manifest, NULL), SHUKACH_OK);
        assert_int_equal(manifest_set(manifest, facts[i], "0", NULL),
                         SHUKACH_OK);
        assert_int_equal(file_remove(path, NULL), SHUKACH_OK);
        assert_int_equal(manifest_write(manifest, dir, NULL), SHUKACH_OK);
        manifest_free(manifest);
        assert_int_equal(shukach_indexer_open(at("version"), &indexer, NULL),
                         SHUKACH_OK);
        assert_int_equal(shukach_indexer_update(indexer, &err),
                         SHUKACH_VERSION);
        assert_non_null(strstr(err.message, "rebuild"));
        assert_int_equal(add(indexer, 1, 1), SHUKACH_INVALID);
        shukach_indexer_close(indexer);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_nights),
        cmocka_unit_test(first_update_makes_the_index),
        cmocka_unit_test(deleted_and_added_again),
        cmocka_unit_test(back_to_the_generation_before),
        cmocka_unit_test(other_versions_are_refused),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
