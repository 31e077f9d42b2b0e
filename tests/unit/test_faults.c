/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Without memory and without space: each failure is reported as what it is,
 * and the index that was there stands. What is left open is not counted:
 * Xapian forgets a descriptor when memory fails in the midst of a search. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "schema.h"
#include "scratch.h"
#include "store.h"

/* ---- Memory that fails -------------------------------------------------- */

/* Allocations until one fails; 0 for never. Then it is that one alone, or
 * every one. */
static long fail_at;
static bool fail_all;
static long allocations;

#ifdef __SANITIZE_ADDRESS__
/* The sanitizer has its own malloc. */
enum { HOOKED = 0 };
#else
enum { HOOKED = 1 };

/* Seen by the libraries, although the build hides symbols. */
#define EXPORTED __attribute__((visibility("default")))

/* What glibc calls its own. C++ takes its memory from malloc too. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);

static bool fails(void)
{
    allocations++;
    if (fail_at == 0 || allocations < fail_at ||
        (allocations > fail_at && !fail_all)) {
        return false;
    }
    errno = ENOMEM;
    return true;
}

EXPORTED void *malloc(size_t size)
{
    return fails() ? NULL : __libc_malloc(size);
}

EXPORTED void *calloc(size_t count, size_t size)
{
    return fails() ? NULL : __libc_calloc(count, size);
}

EXPORTED void *realloc(void *old, size_t size)
{
    return fails() ? NULL : __libc_realloc(old, size);
}
#endif

/* ---- What is done ------------------------------------------------------- */

static enum shukach_status fill(const char *segment, size_t count,
                                struct shukach_error *err)
{
    static const struct segment_limits limits = {
        .postings = 1, .samples = 100, .forms = 3};
    struct segment_writer *writer;
    struct buf signature;
    buf_init(&signature, 100);
    enum shukach_status status = segment_create(
        segment, count < 10 ? &limits : &segment_defaults, &writer, err);
    for (size_t i = 0; i < count && status == SHUKACH_OK; i++) {
        char text[64];
        uint64_t noise = hash64(&i, sizeof i);
        int length = snprintf(text, sizeof text, "%016llx%zu",
                              (unsigned long long)noise, i);
        struct store_term terms[] = {
            {.text = text, .length = (uint32_t)length, .count = 1},
            {.text = "слово", .length = 10, .count = 1},
        };
        const char *fields[SHUKACH_FIELDS] = {text, text, "", "",
                                              "",   "",   "", ""};
        size_t lengths[SHUKACH_FIELDS] = {(size_t)length, (size_t)length};
        struct store_document document = {.terms = terms,
                                          .term_count = 2,
                                          .signature = &signature,
                                          .fields = fields,
                                          .lengths = lengths};
        segment_form(writer, text, (size_t)length, FORM_SMALL);
        segment_form(writer, "слово", 10, FORM_SMALL);
        status = segment_add(writer, &document, err);
    }
    if (status == SHUKACH_OK) {
        status = segment_finish(writer, NULL, NULL, err);
    }
    segment_close(writer);
    return status;
}

static enum shukach_status publish(const char *dir, size_t count,
                                   struct shukach_error *err)
{
    struct generation *generation = NULL;
    struct manifest *manifest = NULL;
    enum shukach_status status = generation_begin(dir, &generation, err);
    if (status == SHUKACH_OK) {
        status = fill(generation_segment(generation), count, err);
    }
    if (status == SHUKACH_OK) {
        status = manifest_new(&manifest, err);
    }
    if (status == SHUKACH_OK) {
        status = manifest_set(manifest, FACT_SCHEMA, SCHEMA_VERSION, err);
    }
    if (status == SHUKACH_OK) {
        status = generation_publish(generation, manifest, err);
    }
    manifest_free(manifest);
    generation_end(generation);
    return status;
}

static enum shukach_status search(const char *dir, struct shukach_error *err)
{
    static const struct store_match_options options = {
        .limit = 10, .bm25_k1 = 1, .bm25_b = 0.5};
    struct arena arena = {0};
    struct store_reader *reader;
    struct store_matches matches;
    enum shukach_status status = store_reader_open(dir, &reader, err);
    if (status != SHUKACH_OK) {
        return status;
    }
    struct store_query *operands[] = {
        store_query_term("слово", 10),
        store_query_scale(store_query_term("інше", 8), 2),
        store_query_range(SLOT_DATE, NULL, NULL),
    };
    struct store_query *query = store_query_combine(STORE_OR, operands, 3);
    status =
        store_search(reader->postings, query, &options, &arena, &matches, err);
    store_query_free(query);
    for (size_t i = 0; status == SHUKACH_OK && i < matches.count; i++) {
        const char *fields[SHUKACH_FIELDS];
        size_t lengths[SHUKACH_FIELDS];
        uint32_t frequency;
        status = records_fields(reader->records, matches.items[i].number - 1,
                                &arena, fields, lengths, err);
        if (status == SHUKACH_OK) {
            status = store_postings_frequency(reader->postings, "слово", 10,
                                              &frequency, err);
        }
    }
    arena_free(&arena);
    store_reader_close(reader);
    return status;
}

/* ---- Out of memory ------------------------------------------------------ */

static void without_memory(enum shukach_status (*work)(struct shukach_error *))
{
    if (!HOOKED) {
        skip();
    }
    fail_at = 0;
    allocations = 0;
    struct shukach_error err = {0};
    assert_int_equal(work(&err), SHUKACH_OK);
    long all = allocations;
    if (all == 0) {
        print_message("the hooks are not called here: not tested\n");
        skip();
    }
    long step = all < 400 ? 1 : all / 400 + 1;
    for (long at_most = 1; at_most <= all; at_most += step) {
        for (int mode = 0; mode < 2; mode++) {
            err = (struct shukach_error){0};
            fail_all = mode == 1;
            allocations = 0;
            fail_at = at_most;
            enum shukach_status status = work(&err);
            fail_at = 0;
            if (status != SHUKACH_OK && status != SHUKACH_NOMEM) {
                fail_msg("allocation %ld of %ld: %d, %s", at_most, all,
                         (int)status, err.message);
            }
            assert_int_equal(search(at("memory"), NULL), SHUKACH_OK);
        }
    }
}

static enum shukach_status work_publish(struct shukach_error *err)
{
    return publish(at("memory"), 5, err);
}

static enum shukach_status work_search(struct shukach_error *err)
{
    return search(at("memory"), err);
}

static int drop_document(const struct shukach_document *document, void *payload)
{
    (void)document;
    (void)payload;
    return 0;
}

static int drop_hit(const struct shukach_hits *hit, void *payload)
{
    (void)hit;
    (void)payload;
    return 0;
}

/* The whole of a search, with variants of every kind. */
static enum shukach_status work_query(struct shukach_error *err)
{
    static const char text[] = "\"удари ЗСУ\" екс-президент Збройні сили";
    struct shukach_index *index = NULL;
    struct shukach_query *query = NULL;
    struct shukach_hits *hits = NULL;
    enum shukach_status status = shukach_query_parse(
        text, strlen(text), SHUKACH_SYNTAX_FULL, &query, err);
    if (status == SHUKACH_OK) {
        status = shukach_index_open(at("texts"), &index, err);
    }
    if (status == SHUKACH_OK) {
        status = shukach_index_add_variants(index, at("table"), err);
    }
    if (status == SHUKACH_OK) {
        status = shukach_index_search(index, query, &hits, err);
    }
    shukach_hits_free(hits);
    hits = NULL;
    if (status == SHUKACH_OK) {
        status =
            shukach_index_stream_hits(index, query, drop_hit, NULL, &hits, err);
    }
    shukach_hits_free(hits);
    hits = NULL;
    if (status == SHUKACH_OK) {
        status =
            shukach_index_stream(index, query, drop_document, NULL, &hits, err);
    }
    shukach_hits_free(hits);
    shukach_index_close(index);
    shukach_query_free(query);
    return status;
}

static int drop_name(const struct shukach_name *name, void *payload)
{
    (void)name;
    ++*(size_t *)payload;
    return 0;
}

/* The names of what is found, and of everything. */
static enum shukach_status work_names(struct shukach_error *err)
{
    struct shukach_index *index = NULL;
    struct shukach_query *query = NULL;
    struct shukach_hits *hits = NULL;
    size_t names = 0;
    enum shukach_status status =
        shukach_query_parse("мопед", 10, SHUKACH_SYNTAX_FULL, &query, err);
    if (status == SHUKACH_OK) {
        status = shukach_index_open(at("texts"), &index, err);
    }
    if (status == SHUKACH_OK) {
        status = shukach_index_names(index, query, 0, 0, drop_name, &names,
                                     NULL, &hits, err);
    }
    shukach_hits_free(hits);
    if (status == SHUKACH_OK) {
        status = shukach_index_names(index, NULL, 0, 0, drop_name, &names, NULL,
                                     NULL, err);
        assert_true(status != SHUKACH_OK || names == 8);
    }
    shukach_index_close(index);
    shukach_query_free(query);
    return status;
}

static void asking_without_memory(void **state)
{
    (void)state;
    static const char text[] =
        "Удари Збройних сил України. Експрезидент і мопед. "
        "Тут Володимир Зеленський, а В. Зеленського і Макрона нема.";
    static const char table[] = "удар = мопед\n";
    struct shukach_indexer *indexer;
    struct shukach_document *document;
    put(at("table"), table, strlen(table));
    assert_int_equal(publish(at("memory"), 5, NULL), SHUKACH_OK);
    assert_int_equal(shukach_indexer_open(at("texts"), &indexer, NULL),
                     SHUKACH_OK);
    assert_int_equal(shukach_document_new(&document, NULL), SHUKACH_OK);
    assert_int_equal(shukach_document_set(document, SHUKACH_ID, "1", 1, NULL),
                     SHUKACH_OK);
    assert_int_equal(
        shukach_document_set(document, SHUKACH_TEXT, text, strlen(text), NULL),
        SHUKACH_OK);
    assert_int_equal(shukach_indexer_add(indexer, document, NULL), SHUKACH_OK);
    assert_int_equal(shukach_indexer_publish(indexer, NULL), SHUKACH_OK);
    shukach_document_free(document);
    shukach_indexer_close(indexer);
    without_memory(work_query);
    without_memory(work_names);
}

/* An update that replaces, deletes, prunes and merges. */
static enum shukach_status change(struct shukach_indexer *indexer,
                                  struct shukach_document *document,
                                  struct shukach_error *err)
{
    static unsigned version;
    char text[64];
    int unchanged;
    int length = snprintf(text, sizeof text, "Змінений текст %u", version++);
    /* An older one would be known to be unchanged. */
    assert_int_equal(utimensat(AT_FDCWD, at("table"), NULL, 0), 0);
    enum shukach_status status =
        shukach_indexer_source(indexer, at("table"), &unchanged, err);
    for (size_t i = 0; i < 3 && status == SHUKACH_OK; i++) {
        char id = (char)('a' + i);
        status = shukach_document_set(document, SHUKACH_ID, &id, 1, err);
        if (status == SHUKACH_OK) {
            status = shukach_document_set(document, SHUKACH_TEXT, text,
                                          (size_t)length, err);
        }
        if (status == SHUKACH_OK) {
            status = shukach_indexer_add(indexer, document, err);
        }
    }
    if (status == SHUKACH_OK) {
        status = shukach_indexer_prune(indexer, at("table"), err);
    }
    if (status == SHUKACH_OK) {
        status = shukach_indexer_delete(indexer, "d", 1, err);
        status = status == SHUKACH_NOT_FOUND ? SHUKACH_OK : status;
    }
    return status == SHUKACH_OK ? shukach_indexer_publish(indexer, err)
                                : status;
}

static enum shukach_status work_update(struct shukach_error *err)
{
    struct shukach_indexer *indexer = NULL;
    struct shukach_document *document = NULL;
    enum shukach_status status =
        shukach_indexer_open(at("changed"), &indexer, err);
    if (status == SHUKACH_OK) {
        status = shukach_indexer_update(indexer, err);
    }
    if (status == SHUKACH_OK) {
        status = shukach_document_new(&document, err);
    }
    if (status == SHUKACH_OK) {
        status = change(indexer, document, err);
    }
    shukach_document_free(document);
    shukach_indexer_close(indexer);
    return status;
}

static void updating_without_memory(void **state)
{
    (void)state;
    put(at("table"), "x", 1);
    assert_int_equal(publish(at("memory"), 5, NULL), SHUKACH_OK);
    without_memory(work_update);
    assert_int_equal(work_update(NULL), SHUKACH_OK);
}

static void publishing_without_memory(void **state)
{
    (void)state;
    without_memory(work_publish);
}

static void searching_without_memory(void **state)
{
    (void)state;
    assert_int_equal(publish(at("memory"), 5, NULL), SHUKACH_OK);
    without_memory(work_search);
}

/* A prefix, a suggestion and a completion. */
static int drop_form(const char *form, size_t length, uint64_t documents,
                     void *payload)
{
    (void)form;
    (void)length;
    (void)documents;
    (void)payload;
    return 0;
}

static enum shukach_status work_forms(struct shukach_error *err)
{
    static const char text[] = "+зеленскому (слов* Hfscs)";
    struct shukach_index *index = NULL;
    struct shukach_query *query = NULL;
    struct shukach_hits *hits = NULL;
    enum shukach_status status = shukach_index_open(at("words"), &index, err);
    if (status == SHUKACH_OK) {
        status = shukach_query_parse(text, strlen(text), SHUKACH_SYNTAX_FULL,
                                     &query, err);
    }
    if (status == SHUKACH_OK) {
        shukach_query_set_suggest(query, 1);
        status = shukach_index_search(index, query, &hits, err);
    }
    if (status == SHUKACH_OK) {
        assert_string_equal(shukach_hits_suggestion(hits, NULL),
                            "+зеленському (слов* Раїсі)");
        status =
            shukach_index_complete(index, "сло", 6, 3, drop_form, NULL, err);
    }
    shukach_hits_free(hits);
    shukach_query_free(query);
    shukach_index_close(index);
    return status;
}

static void forms_without_memory(void **state)
{
    (void)state;
    static const char text[] = "Слово Раїсі, слова: зеленському.";
    struct shukach_indexer *indexer;
    struct shukach_document *document;
    assert_int_equal(shukach_document_new(&document, NULL), SHUKACH_OK);
    assert_int_equal(shukach_document_set(document, SHUKACH_ID, "1", 1, NULL),
                     SHUKACH_OK);
    assert_int_equal(
        shukach_document_set(document, SHUKACH_TEXT, text, strlen(text), NULL),
        SHUKACH_OK);
    assert_int_equal(shukach_indexer_open(at("words"), &indexer, NULL),
                     SHUKACH_OK);
    assert_int_equal(shukach_indexer_add(indexer, document, NULL), SHUKACH_OK);
    assert_int_equal(shukach_indexer_publish(indexer, NULL), SHUKACH_OK);
    shukach_indexer_close(indexer);
    shukach_document_free(document);
    assert_int_equal(publish(at("memory"), 5, NULL), SHUKACH_OK);
    without_memory(work_forms);
}

/* ---- Disk full ---------------------------------------------------------- */

enum { CANNOT_MOUNT = 77 };

/* Leaves only `room` bytes in the file system of `dir`. */
static bool fill_up(const char *path, size_t room)
{
    static const char zeros[4096];
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    while (write(fd, zeros, sizeof zeros) > 0) {
    }
    off_t size = lseek(fd, 0, SEEK_END);
    bool full = errno == ENOSPC && size > (off_t)room &&
                ftruncate(fd, size - (off_t)room) == 0;
    close(fd);
    return full;
}

/* In a child with mounts of its own: its exit code. */
static int publish_on_full_disk(const char *mount_point)
{
    char dir[300];
    char filler[300];
    snprintf(dir, sizeof dir, "%s/index", mount_point);
    snprintf(filler, sizeof filler, "%s/filler", mount_point);
    if ((unshare(CLONE_NEWNS) != 0 &&
         unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) ||
        mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) != 0 ||
        mount("tmpfs", mount_point, "tmpfs", 0, "size=2m") != 0) {
        return CANNOT_MOUNT;
    }
    if (publish(dir, 5, NULL) != SHUKACH_OK) {
        return 1;
    }
    size_t full = 0;
    enum shukach_status status = SHUKACH_DISK_FULL;
    for (size_t room = 0; status != SHUKACH_OK; room += 16384) {
        struct shukach_error err = {0};
        unlink(filler);
        if (!fill_up(filler, room)) {
            return 2;
        }
        status = publish(dir, 3000, &err);
        full += status == SHUKACH_DISK_FULL;
        if (status != SHUKACH_OK && status != SHUKACH_DISK_FULL) {
            print_error("%zu bytes left: %d, %s\n", room, (int)status,
                        err.message);
            return 3;
        }
        if (search(dir, NULL) != SHUKACH_OK) {
            return 4;
        }
    }
    return full > 10 ? 0 : 5;
}

static void disk_full(void **state)
{
    (void)state;
    const char *mount_point = at("mount");
    assert_int_equal(file_make_dirs(mount_point, NULL), SHUKACH_OK);
    pid_t child = fork();
    if (child == 0) {
        alarm(60);
        _exit(publish_on_full_disk(mount_point));
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == CANNOT_MOUNT) {
        print_message("no file system can be mounted here: not tested\n");
        skip();
    }
    assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(searching_without_memory),
        cmocka_unit_test(asking_without_memory),
        cmocka_unit_test(publishing_without_memory),
        cmocka_unit_test(updating_without_memory),
        cmocka_unit_test(forms_without_memory),
        cmocka_unit_test(disk_full),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
