/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Handles of several indexes: ids, what cannot be opened, and what is
 * published while they are open. Through the public header only. */
#include "several.h"

/* ---- Ids --------------------------------------------------------------- */

static void make_index(const char *dir, bool keep, const char *id,
                       const char *text)
{
    struct shukach_indexer *indexer;
    struct fields one = {.source = ""};
    snprintf(one.id, sizeof one.id, "%s", id);
    snprintf(one.text, sizeof one.text, "%s", text);
    assert_int_equal(shukach_indexer_open(dir, &indexer, NULL), SHUKACH_OK);
    shukach_indexer_set_keep(indexer, 2);
    if (keep) {
        assert_int_equal(shukach_indexer_update(indexer, NULL), SHUKACH_OK);
    }
    add(indexer, &one);
    assert_int_equal(shukach_indexer_publish(indexer, NULL), SHUKACH_OK);
    shukach_indexer_close(indexer);
}

/* The hits of a word as "INDEX ID" with a semicolon behind. */
static const char *found(struct shukach_index *index, const char *text)
{
    static char out[512];
    struct shukach_query *query = parse(text);
    struct shukach_hits *hits = search(index, query);
    size_t length = 0;
    out[0] = '\0';
    for (size_t i = 0; i < shukach_hits_count(hits); i++) {
        length +=
            (size_t)snprintf(out + length, sizeof out - length, "%zu %s;",
                             shukach_hits_index(hits, i),
                             shukach_hits_field(hits, i, SHUKACH_ID, NULL));
    }
    assert_int_equal(shukach_hits_index(hits, SIZE_MAX), 0);
    shukach_hits_free(hits);
    shukach_query_free(query);
    return out;
}

static void ids_of_two_indexes(void **unused)
{
    (void)unused;
    struct shukach_document *document;
    char *dirs[] = {strdup(at("id-a")), strdup(at("id-b"))};
    make_index(dirs[0], false, "x", "порт тут");
    make_index(dirs[1], false, "x", "порт там");
    make_index(dirs[1], true, "y", "порт ще");
    struct shukach_index *index = open_all((const char *const *)dirs, 2);
    same_text(found(index, "порт"), "0 x;1 x;1 y;");
    same_text(found(index, "там"), "1 x;");
    assert_int_equal(
        shukach_index_document_open(index, "x", 1, &document, NULL),
        SHUKACH_OK);
    same_text(shukach_document_get(document, SHUKACH_TEXT, NULL), "порт тут");
    shukach_document_free(document);
    assert_int_equal(
        shukach_index_document_open(index, "y", 1, &document, NULL),
        SHUKACH_OK);
    shukach_document_free(document);
    assert_int_equal(
        shukach_index_document_open(index, "z", 1, &document, NULL),
        SHUKACH_NOT_FOUND);
    shukach_index_close(index);
    free(dirs[1]);

    /* Another one before it, of which a document is replaced. */
    struct shukach_indexer *indexer;
    dirs[1] = strdup(at("id-c"));
    assert_int_equal(shukach_indexer_open(dirs[1], &indexer, NULL), SHUKACH_OK);
    for (int i = 0; i < 5; i++) {
        struct fields one = {.text = "порт знов", .source = ""};
        snprintf(one.id, sizeof one.id, "%c", "xvwrs"[i]);
        add(indexer, &one);
    }
    assert_int_equal(shukach_indexer_publish(indexer, NULL), SHUKACH_OK);
    shukach_indexer_close(indexer);
    make_index(dirs[1], true, "x", "міст там");
    index = open_all((const char *[]){dirs[1], dirs[0]}, 2);
    same_text(found(index, "порт"), "0 v;0 w;0 r;0 s;1 x;");
    same_text(found(index, "міст"), "0 x;");
    same_text(shukach_index_fact(index, "documents"), "6");
    same_text(shukach_index_fact(index, "deleted"), "1");
    assert_int_equal(shukach_index_count(index), 6);
    shukach_index_close(index);
    free(dirs[0]);
    free(dirs[1]);
}

/* ---- What cannot be opened --------------------------------------------- */

static void refuse(const char *const *dirs, size_t count,
                   enum shukach_status wanted, const char *hint)
{
    struct shukach_index *index = NULL;
    struct shukach_error err = {0};
    assert_int_equal(shukach_index_open_several(dirs, count, &index, &err),
                     wanted);
    assert_null(index);
    if (strstr(err.message, hint) == NULL) {
        fail_msg("no \"%s\" in: %s", hint, err.message);
    }
}

static void refused(void **unused)
{
    (void)unused;
    const char *many[SHUKACH_INDEXES_MAX + 1];
    make_index(at("one"), false, "a", "порт");
    make_index(at("two"), false, "b", "порт");
    for (size_t i = 0; i <= SHUKACH_INDEXES_MAX; i++) {
        many[i] = "one";
    }
    refuse(many, SHUKACH_INDEXES_MAX + 1, SHUKACH_INVALID, "256");
    refuse(many, 0, SHUKACH_INVALID, "from 1");
    refuse(NULL, 1, SHUKACH_INVALID, "from 1");
    refuse((const char *[]){at("one"), NULL}, 2, SHUKACH_INVALID, "no dir");
    refuse((const char *[]){at("one"), ""}, 2, SHUKACH_INVALID, "no dir");
    refuse((const char *[]){at("one"), at("two"), at("one")}, 3,
           SHUKACH_INVALID, "are the same");
    refuse((const char *[]){at("one"), at("none")}, 2, SHUKACH_NOT_FOUND,
           "/none");
    refuse((const char *[]){at("one"), scratch}, 2, SHUKACH_CORRUPT,
           "is not an index");
    assert_int_equal(shukach_index_refresh(NULL, NULL, NULL), SHUKACH_INVALID);
}

/* ---- Refresh ----------------------------------------------------------- */

static int refresh(struct shukach_index *index)
{
    int changed = -1;
    struct shukach_error err;
    if (shukach_index_refresh(index, &changed, &err) != SHUKACH_OK) {
        fail_msg("%s", err.message);
    }
    return changed;
}

static void refreshed(void **unused)
{
    (void)unused;
    char *dirs[] = {strdup(at("new-a")), strdup(at("new-b"))};
    make_index(dirs[0], false, "a", "порт");
    make_index(dirs[1], false, "b", "порт");
    struct shukach_index *index = open_all((const char *const *)dirs, 2);
    put(at("table"), "порт = гавань\n", strlen("порт = гавань\n"));
    assert_int_equal(shukach_index_add_variants(index, at("table"), NULL),
                     SHUKACH_OK);
    same_text(found(index, "гавань"), "0 a;1 b;");
    assert_int_equal(refresh(index), 0);

    struct shukach_query *query = parse("порт");
    struct shukach_hits *hits = search(index, query);
    make_index(dirs[1], true, "c", "порт порт порт");
    same_text(found(index, "порт"), "0 a;1 b;");
    assert_int_equal(refresh(index), 1);
    assert_int_equal(refresh(index), 0);
    same_text(found(index, "гавань"), "1 c;0 a;1 b;");
    same_text(shukach_index_fact(index, "generation"), "gen-1 gen-2");
    assert_int_equal(shukach_hits_count(hits), 2);
    same_text(shukach_hits_field(hits, 1, SHUKACH_TEXT, NULL), "порт");
    shukach_hits_free(hits);
    shukach_query_free(query);

    assert_int_equal(shukach_index_rollback(dirs[1], NULL), SHUKACH_OK);
    assert_int_equal(refresh(index), 1);
    same_text(found(index, "порт"), "0 a;1 b;");

    /* Another index of the same number in the same place. */
    assert_int_equal(file_remove(dirs[1], NULL), SHUKACH_OK);
    assert_int_equal(shukach_index_refresh(index, NULL, NULL),
                     SHUKACH_NOT_FOUND);
    same_text(found(index, "порт"), "0 a;1 b;");
    make_index(dirs[1], false, "d", "порт");
    assert_int_equal(shukach_index_refresh(index, NULL, NULL), SHUKACH_OK);
    same_text(found(index, "порт"), "0 a;1 d;");
    shukach_index_close(index);
    free(dirs[0]);
    free(dirs[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refused),
        cmocka_unit_test(ids_of_two_indexes),
        cmocka_unit_test(refreshed),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
