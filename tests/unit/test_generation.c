/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <dirent.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "schema.h"
#include "scratch.h"
#include "store.h"

/* ---- An index of `count` documents ------------------------------------- */

static enum shukach_status fill(struct generation *generation, size_t count,
                                struct shukach_error *err)
{
    struct segment_writer *writer;
    struct buf signature;
    buf_init(&signature, 100);
    enum shukach_status status = segment_create(
        generation_segment(generation), &segment_defaults, &writer, err);
    for (size_t i = 0; i < count && status == SHUKACH_OK; i++) {
        char id[32];
        int length = snprintf(id, sizeof id, "Q%zu", i);
        struct store_term term = {
            .text = id, .length = (uint32_t)length, .count = 0};
        const char *fields[SHUKACH_FIELDS] = {id + 1, "текст", "", "",
                                              "",     "",      "", ""};
        size_t lengths[SHUKACH_FIELDS] = {(size_t)length - 1, 10};
        struct store_document document = {.terms = &term,
                                          .term_count = 1,
                                          .signature = &signature,
                                          .fields = fields,
                                          .lengths = lengths};
        status = segment_add(writer, &document, err);
    }
    if (status == SHUKACH_OK) {
        status = segment_finish(writer, NULL, NULL, err);
    }
    segment_close(writer);
    return status;
}

static enum shukach_status publish(const char *dir, size_t count,
                                   const char *schema,
                                   struct shukach_error *err)
{
    struct generation *generation;
    struct manifest *manifest = NULL;
    enum shukach_status status = generation_begin(dir, &generation, err);
    if (status != SHUKACH_OK) {
        return status;
    }
    status = fill(generation, count, err);
    if (status == SHUKACH_OK) {
        status = manifest_new(&manifest, err);
    }
    if (status == SHUKACH_OK) {
        status = manifest_set(manifest, FACT_SCHEMA, schema, err);
    }
    if (status == SHUKACH_OK) {
        status = generation_publish(generation, manifest, err);
    }
    manifest_free(manifest);
    generation_end(generation);
    return status;
}

static void publish_ok(const char *dir, size_t count)
{
    assert_int_equal(publish(dir, count, SCHEMA_VERSION, NULL), SHUKACH_OK);
}

/* The index opens, is generation `name` and holds `count` documents. */
static void expect(const char *dir, const char *name, size_t count)
{
    struct store_reader *reader;
    struct shukach_error err = {0};
    if (store_reader_open(dir, &reader, &err) != SHUKACH_OK) {
        fail_msg("%s", err.message);
    }
    assert_string_equal(reader->generations[0].name, name);
    assert_int_equal(records_count(reader->records), count);
    store_reader_close(reader);
}

/* The index does not open. */
static void refuse(const char *dir, enum shukach_status wanted,
                   const char *hint)
{
    struct store_reader *reader;
    struct shukach_error err = {0};
    assert_int_equal(store_reader_open(dir, &reader, &err), wanted);
    assert_null(reader);
    if (strstr(err.message, hint) == NULL) {
        fail_msg("no \"%s\" in: %s", hint, err.message);
    }
    assert_int_equal(store_reader_open(dir, &reader, NULL), wanted);
}

static int open_files(void)
{
    int count = 0;
    DIR *dir = opendir("/proc/self/fd");
    while (dir != NULL && readdir(dir) != NULL) {
        count++;
    }
    closedir(dir);
    return count;
}

/* The names in a directory, sorted, in one line. */
static const char *list(const char *dir)
{
    static char text[400];
    struct dirent **entries;
    size_t length = 0;
    int count = scandir(dir, &entries, NULL, alphasort);
    assert_true(count >= 0);
    text[0] = '\0';
    for (int i = 0; i < count; i++) {
        const char *name = entries[i]->d_name;
        if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0) {
            length += (size_t)snprintf(text + length, sizeof text - length,
                                       "%s%s", length > 0 ? " " : "", name);
        }
        free(entries[i]);
    }
    free(entries);
    return text;
}

/* ---- Publishing -------------------------------------------------------- */

static void fresh_directory(void **state)
{
    (void)state;
    const char *dir = at("deep/fresh");
    refuse(dir, SHUKACH_NOT_FOUND, "there is no index");
    struct generation *generation;
    assert_int_equal(generation_begin(dir, &generation, NULL), SHUKACH_OK);
    refuse(dir, SHUKACH_CORRUPT, "is not an index");
    generation_end(generation);
    assert_string_equal(list(dir), "lock");
    publish_ok(dir, 3);
    expect(dir, "gen-1", 3);
    assert_string_equal(list(dir), "current gen-1 lock");
    publish_ok(dir, 0);
    expect(dir, "gen-2", 0);
    assert_string_equal(list(dir), "current gen-2 lock");
    assert_string_equal(list(at("deep/fresh/gen-2")), "manifest segment-2");
    assert_string_equal(list(at("deep/fresh/gen-2/segment-2")),
                        "forms names pairs postings records");
    generation_end(NULL);
    store_reader_close(NULL);
}

static void unpublished_is_removed(void **state)
{
    (void)state;
    const char *dir = at("unpublished");
    publish_ok(dir, 1);
    struct generation *generation;
    assert_int_equal(generation_begin(dir, &generation, NULL), SHUKACH_OK);
    assert_int_equal(fill(generation, 2, NULL), SHUKACH_OK);
    assert_string_equal(list(dir), "current gen-1 gen-2.tmp lock");
    expect(dir, "gen-1", 1);
    generation_end(generation);
    assert_string_equal(list(dir), "current gen-1 lock");
    expect(dir, "gen-1", 1);
}

static void failed_switch_leaves_nothing(void **state)
{
    (void)state;
    const char *dir = at("switch");
    publish_ok(dir, 1);
    /* A directory that is not empty cannot be unlinked. */
    assert_int_equal(file_make_dirs(at("switch/current.new/x"), NULL),
                     SHUKACH_OK);
    struct shukach_error err = {0};
    assert_int_equal(publish(dir, 2, SCHEMA_VERSION, &err), SHUKACH_IO);
    assert_non_null(strstr(err.message, "current"));
    assert_string_equal(list(dir), "current current.new gen-1 lock");
    expect(dir, "gen-1", 1);
}

static void leftovers_are_removed(void **state)
{
    (void)state;
    const char *dir = at("stale");
    publish_ok(dir, 1);
    assert_int_equal(file_make_dirs(at("stale/gen-7.tmp/segment/b"), NULL),
                     SHUKACH_OK);
    assert_int_equal(symlink("gen-9", at("stale/current.new")), 0);
    /* One that was renamed but never became current. */
    assert_int_equal(file_make_dirs(at("stale/gen-4"), NULL), SHUKACH_OK);
    struct generation *generation;
    assert_int_equal(generation_begin(dir, &generation, NULL), SHUKACH_OK);
    assert_string_equal(list(dir),
                        "current current.new gen-1 gen-4 gen-5.tmp lock");
    generation_end(generation);
    publish_ok(dir, 2);
    assert_string_equal(list(dir), "current gen-5 lock");
    expect(dir, "gen-5", 2);
}

static void reader_keeps_what_it_opened(void **state)
{
    (void)state;
    const char *dir = at("keeps");
    publish_ok(dir, 3);
    struct store_reader *reader;
    assert_int_equal(store_reader_open(dir, &reader, NULL), SHUKACH_OK);
    publish_ok(dir, 1);
    publish_ok(dir, 2);
    assert_string_equal(list(dir), "current gen-3 lock");
    uint32_t frequency;
    struct arena arena = {0};
    const char *fields[SHUKACH_FIELDS];
    size_t lengths[SHUKACH_FIELDS];
    assert_int_equal(
        store_postings_frequency(reader->postings, "Q2", 2, &frequency, NULL),
        SHUKACH_OK);
    assert_int_equal(frequency, 1);
    assert_int_equal(
        records_fields(reader->records, 2, &arena, fields, lengths, NULL),
        SHUKACH_OK);
    assert_string_equal(fields[SHUKACH_ID], "2");
    arena_free(&arena);
    store_reader_close(reader);
    expect(dir, "gen-3", 2);
}

/* ---- Other people's directories ---------------------------------------- */

static void refuse_dir(const char *dir, enum shukach_status wanted)
{
    struct generation *generation;
    struct shukach_error err = {0};
    assert_int_equal(generation_begin(dir, &generation, &err), wanted);
    assert_null(generation);
    assert_true(strlen(err.message) > 0);
}

static void what_is_no_index_is_left_alone(void **state)
{
    (void)state;
    static const char *const names[] = {"photos",
                                        "gen-",
                                        "gen-x",
                                        "gen-1x",
                                        "gen-1.tmp2",
                                        "current2",
                                        "lock.old",
                                        "gen-1.tmp.x",
                                        "manifest",
                                        "gen--1",
                                        "gen-18446744073709551616"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char name[100];
        snprintf(name, sizeof name, "foreign-%zu/%s", i, names[i]);
        assert_int_equal(file_make_dirs(at(name), NULL), SHUKACH_OK);
        snprintf(name, sizeof name, "foreign-%zu", i);
        refuse_dir(at(name), SHUKACH_CORRUPT);
        assert_string_equal(list(at(name)), names[i]);
        refuse(at(name), SHUKACH_CORRUPT, "is not an index");
    }
    /* Names like ours, but no index around them. */
    assert_int_equal(file_make_dirs(at("genes/gen-1"), NULL), SHUKACH_OK);
    assert_int_equal(file_make_dirs(at("genes/gen-2.tmp"), NULL), SHUKACH_OK);
    refuse_dir(at("genes"), SHUKACH_CORRUPT);
    assert_string_equal(list(at("genes")), "gen-1 gen-2.tmp");
    /* Something foreign in an index. */
    publish_ok(at("mixed"), 1);
    assert_int_equal(file_make_dirs(at("mixed/gen-5.tmp"), NULL), SHUKACH_OK);
    put(at("mixed/notes.txt"), "x", 1);
    refuse_dir(at("mixed"), SHUKACH_CORRUPT);
    assert_string_equal(list(at("mixed")),
                        "current gen-1 gen-5.tmp lock notes.txt");
    expect(at("mixed"), "gen-1", 1);
}

static void file_is_no_directory(void **state)
{
    (void)state;
    put(at("plain"), "x", 1);
    refuse_dir(at("plain"), SHUKACH_IO);
    refuse_dir(at("plain/deeper"), SHUKACH_IO);
    refuse(at("plain"), SHUKACH_CORRUPT, "is not an index");
    refuse(at("plain/deeper"), SHUKACH_NOT_FOUND, "there is no index");
}

static void forbidden_directory(void **state)
{
    (void)state;
    /* Root may do everything, so become somebody in a child. */
    assert_int_equal(chmod(scratch, 0755), 0);
    assert_int_equal(file_make_dirs(at("forbidden"), NULL), SHUKACH_OK);
    assert_int_equal(chmod(at("forbidden"), 0), 0);
    pid_t child = fork();
    if (child == 0) {
        struct generation *generation;
        struct store_reader *reader;
        bool other = geteuid() != 0 || setuid(65534) == 0;
        bool refused =
            generation_begin(at("forbidden"), &generation, NULL) ==
                SHUKACH_IO &&
            store_reader_open(at("forbidden"), &reader, NULL) == SHUKACH_IO &&
            generation_begin(at("forbidden/x"), &generation, NULL) ==
                SHUKACH_IO;
        _exit(other && !refused);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_int_equal(chmod(at("forbidden"), 0700), 0);
}

/* ---- Damage ------------------------------------------------------------ */

static void link_current(const char *dir, const char *target)
{
    char path[300];
    snprintf(path, sizeof path, "%s/current", dir);
    assert_int_equal(file_remove(path, NULL), SHUKACH_OK);
    assert_int_equal(symlink(target, path), 0);
}

static void current_that_names_nothing(void **state)
{
    (void)state;
    static const char *const targets[] = {"gen-9", "gen-1.tmp", "gen-x",
                                          "/etc",  "gen-1/..",  "../current",
                                          "gen-0"};
    const char *dir = at("current");
    publish_ok(dir, 1);
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        link_current(dir, targets[i]);
        refuse(dir, SHUKACH_CORRUPT, "rebuild");
    }
    char large[400];
    snprintf(large, sizeof large, "gen-%0300d", 1);
    link_current(dir, large);
    refuse(dir, SHUKACH_CORRUPT, "rebuild");
    assert_int_equal(file_remove(at("current/current"), NULL), SHUKACH_OK);
    refuse(dir, SHUKACH_CORRUPT, "is not an index");
    put(at("current/current"), "gen-1", 5);
    refuse(dir, SHUKACH_CORRUPT, "is not an index");
    /* A rebuild mends it all. */
    publish_ok(dir, 2);
    expect(dir, "gen-2", 2);
}

static void missing_files_are_damage(void **state)
{
    (void)state;
    static const char *const names[] = {
        "manifest",          "segment-2/postings",
        "segment-3/records", "segment-4/forms",
        "segment-5/names",   "segment-6/pairs",
        "segment-7",         ""};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[100];
        char number[16];
        int before = open_files();
        publish_ok(at("lost"), 2);
        snprintf(number, sizeof number, "gen-%zu", i + 1);
        expect(at("lost"), number, 2);
        snprintf(path, sizeof path, "lost/%s/%s", number, names[i]);
        assert_int_equal(file_remove(at(path), NULL), SHUKACH_OK);
        refuse(at("lost"), SHUKACH_CORRUPT, "rebuild");
        assert_int_equal(open_files(), before);
        /* A rebuild mends it; the next round needs a number of its own. */
        assert_int_equal(file_make_dirs(at(path), NULL), SHUKACH_OK);
    }
}

/* A manifest that names only the files of one segment, or none. */
static void write_manifest(const char *dir, const char *schema,
                           const char *segment)
{
    struct manifest *manifest;
    char name[100];
    assert_int_equal(manifest_new(&manifest, NULL), SHUKACH_OK);
    assert_int_equal(manifest_set(manifest, FACT_SCHEMA, schema, NULL),
                     SHUKACH_OK);
    for (size_t i = 0; segment != NULL && i < SEGMENT_FILES; i++) {
        snprintf(name, sizeof name, "%s/%s", segment, segment_files[i]);
        assert_int_equal(manifest_add_file(manifest, dir, name, NULL),
                         SHUKACH_OK);
    }
    snprintf(name, sizeof name, "%s/manifest", dir);
    assert_int_equal(file_remove(name, NULL), SHUKACH_OK);
    assert_int_equal(manifest_write(manifest, dir, NULL), SHUKACH_OK);
    manifest_free(manifest);
}

static void schema_of_another_version(void **state)
{
    (void)state;
    struct shukach_error err = {0};
    /* What is written is read back, and that is refused already. */
    assert_int_equal(publish(at("schema"), 1, "0", &err), SHUKACH_VERSION);
    publish_ok(at("schema"), 1);
    write_manifest(at("schema/gen-1"), "0", NULL);
    refuse(at("schema"), SHUKACH_VERSION, "rebuild");
    /* Of several the one is named. */
    publish_ok(at("ours"), 1);
    struct store_reader *reader;
    const char *dirs[] = {at("ours"), at("schema")};
    assert_int_equal(store_reader_open_several(dirs, 2, &reader, &err),
                     SHUKACH_VERSION);
    assert_null(reader);
    assert_non_null(strstr(err.message, "/schema/gen-1 has schema 0"));
    write_manifest(at("schema/gen-1"), SCHEMA_VERSION, NULL);
    refuse(at("schema"), SHUKACH_CORRUPT, "names no segment");
}

static void numbers_that_differ(void **state)
{
    (void)state;
    /* The records of one generation with the files of another, and then its
     * pairs, too. */
    publish_ok(at("differ"), 2);
    struct buf records = get(at("differ/gen-1/segment-1/records"));
    struct buf pairs = get(at("differ/gen-1/segment-1/pairs"));
    publish_ok(at("differ"), 3);
    put(at("differ/gen-2/segment-2/records"), records.data, records.length);
    buf_free(&records);
    refuse(at("differ"), SHUKACH_CORRUPT, "rebuild"); /* the size */
    write_manifest(at("differ/gen-2"), SCHEMA_VERSION, "segment-2");
    refuse(at("differ"), SHUKACH_CORRUPT, "pairs and records differ in number");
    put(at("differ/gen-2/segment-2/pairs"), pairs.data, pairs.length);
    buf_free(&pairs);
    write_manifest(at("differ/gen-2"), SCHEMA_VERSION, "segment-2");
    refuse(at("differ"), SHUKACH_CORRUPT,
           "postings and records differ in number");
}

/* ---- Writers and readers at once --------------------------------------- */

static void second_writer_is_told_of_the_first(void **state)
{
    (void)state;
    const char *dir = at("locked");
    struct generation *first;
    struct generation *second;
    assert_int_equal(generation_begin(dir, &first, NULL), SHUKACH_OK);
    struct shukach_error err = {0};
    assert_int_equal(generation_begin(dir, &second, &err), SHUKACH_LOCKED);
    assert_null(second);
    char wanted[40];
    snprintf(wanted, sizeof wanted, "process %ld since 20", (long)getpid());
    assert_non_null(strstr(err.message, wanted));
    /* The refused one took nothing away. */
    assert_string_equal(list(dir), "gen-1.tmp lock");
    generation_end(first);
}

static void lock_without_a_number(void **state)
{
    (void)state;
    struct generation *first;
    struct generation *second;
    assert_int_equal(generation_begin(at("young"), &first, NULL), SHUKACH_OK);
    assert_int_equal(truncate(at("young/lock"), 0), 0);
    struct shukach_error err = {0};
    assert_int_equal(generation_begin(at("young"), &second, &err),
                     SHUKACH_LOCKED);
    assert_non_null(strstr(err.message, "by another process;"));
    generation_end(first);
}

static void lock_goes_with_its_holder(void **state)
{
    (void)state;
    const char *dir = at("killed");
    int ready[2];
    publish_ok(dir, 1);
    assert_int_equal(pipe(ready), 0);
    pid_t child = fork();
    if (child == 0) {
        struct generation *generation;
        bool held = generation_begin(dir, &generation, NULL) == SHUKACH_OK &&
                    fill(generation, 5, NULL) == SHUKACH_OK;
        if (!held || write(ready[1], "x", 1) != 1) {
            _exit(1);
        }
        alarm(60);
        for (;;) {
            pause();
        }
    }
    close(ready[1]);
    char byte;
    assert_int_equal(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    struct generation *generation;
    struct shukach_error err = {0};
    assert_int_equal(generation_begin(dir, &generation, &err), SHUKACH_LOCKED);
    char wanted[40];
    snprintf(wanted, sizeof wanted, "process %ld since 20", (long)child);
    assert_non_null(strstr(err.message, wanted));
    expect(dir, "gen-1", 1);
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    expect(dir, "gen-1", 1);
    publish_ok(dir, 2);
    assert_string_equal(list(dir), "current gen-2 lock");
    expect(dir, "gen-2", 2);
}

static void readers_race_with_a_writer(void **state)
{
    (void)state;
    const char *dir = at("race");
    publish_ok(dir, 1);
    pid_t child = fork();
    if (child == 0) {
        for (size_t i = 0; i < 50; i++) {
            if (publish(dir, i % 3, SCHEMA_VERSION, NULL) != SHUKACH_OK) {
                _exit(1);
            }
        }
        _exit(0);
    }
    int status;
    size_t opened = 0;
    while (waitpid(child, &status, WNOHANG) == 0) {
        struct store_reader *reader;
        struct shukach_error err = {0};
        if (store_reader_open(dir, &reader, &err) != SHUKACH_OK) {
            fail_msg("%s", err.message);
        }
        assert_true(records_count(reader->records) < 3);
        store_reader_close(reader);
        opened++;
    }
    assert_int_equal(status, 0);
    assert_true(opened > 0);
    expect(dir, "gen-51", 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fresh_directory),
        cmocka_unit_test(unpublished_is_removed),
        cmocka_unit_test(failed_switch_leaves_nothing),
        cmocka_unit_test(leftovers_are_removed),
        cmocka_unit_test(reader_keeps_what_it_opened),
        cmocka_unit_test(what_is_no_index_is_left_alone),
        cmocka_unit_test(file_is_no_directory),
        cmocka_unit_test(forbidden_directory),
        cmocka_unit_test(current_that_names_nothing),
        cmocka_unit_test(missing_files_are_damage),
        cmocka_unit_test(schema_of_another_version),
        cmocka_unit_test(numbers_that_differ),
        cmocka_unit_test(second_writer_is_told_of_the_first),
        cmocka_unit_test(lock_without_a_number),
        cmocka_unit_test(lock_goes_with_its_holder),
        cmocka_unit_test(readers_race_with_a_writer),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
