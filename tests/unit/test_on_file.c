/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The callback that is asked before a file is read. */
#include "scratch.h"

struct walk {
    const char *passed; /* a name that is passed over */
    const char *last;   /* one that stops the walk */
    struct buf files;
    struct buf documents;
};

static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

static int on_file(const char *path, void *payload)
{
    struct walk *walk = payload;
    buf_format(&walk->files, "%s ", name_of(path));
    if (walk->last != NULL && strcmp(name_of(path), walk->last) == 0) {
        return 2;
    }
    return walk->passed != NULL && strcmp(name_of(path), walk->passed) == 0;
}

static int on_document(const struct shukach_document *document, void *payload)
{
    struct walk *walk = payload;
    buf_format(&walk->documents, "%s ",
               name_of(shukach_document_origin(document, NULL)));
    return 0;
}

static void expect(const char *passed, const char *last,
                   enum shukach_status wanted, const char *files,
                   const char *documents)
{
    struct walk walk = {.passed = passed, .last = last};
    struct shukach_reader *reader;
    buf_init(&walk.files, 1000);
    buf_init(&walk.documents, 1000);
    assert_int_equal(shukach_reader_new(&reader, NULL), SHUKACH_OK);
    shukach_reader_set_on_file(reader, on_file, &walk);
    shukach_reader_set_on_document(reader, on_document, &walk);
    assert_int_equal(shukach_reader_read(reader, at("walk"), NULL), wanted);
    assert_string_equal(buf_text(&walk.files), files);
    assert_string_equal(buf_text(&walk.documents), documents);
    shukach_reader_free(reader);
    buf_free(&walk.files);
    buf_free(&walk.documents);
}

static void every_file_is_asked_for(void **state)
{
    (void)state;
    assert_int_equal(file_make_dirs(at("walk/deep"), NULL), SHUKACH_OK);
    put(at("walk/a.txt"), "перший", 12);
    put(at("walk/b.txt"), "другий", 12);
    put(at("walk/deep/c.txt"), "третій", 12);
    put(at("walk/.hidden"), "ніякий", 12);
    expect(NULL, NULL, SHUKACH_OK, "a.txt b.txt c.txt ", "a.txt b.txt c.txt ");
    expect("b.txt", NULL, SHUKACH_OK, "a.txt b.txt c.txt ", "a.txt c.txt ");
    expect(NULL, "b.txt", SHUKACH_CANCELLED, "a.txt b.txt ", "a.txt ");
    /* An index, also one that is being made, is no folder of files. */
    assert_int_equal(file_make_dirs(at("walk/deep/lock"), NULL), SHUKACH_OK);
    assert_int_equal(file_make_dirs(at("walk/deep/gen-1.tmp"), NULL),
                     SHUKACH_OK);
    expect(NULL, NULL, SHUKACH_OK, "a.txt b.txt ", "a.txt b.txt ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_file_is_asked_for),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
