/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a reader says it is about to read, and going on behind a path. */
#include "scratch.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "reader.h"

struct log {
    struct buf text;
    int stop_at; /* the n-th input, counted from 1; 0: none */
    int inputs;
};

static int on_input(const char *name, size_t line, void *payload)
{
    struct log *log = payload;
    buf_format(&log->text, "%s", name);
    if (line > 0) {
        buf_format(&log->text, ":%zu", line);
    }
    buf_add_char(&log->text, '\n');
    return ++log->inputs == log->stop_at;
}

static int on_notice(enum shukach_reason reason, const char *name, size_t line,
                     const char *detail, void *payload)
{
    struct log *log = payload;
    (void)line;
    (void)detail;
    buf_format(&log->text, "!%d %s\n", (int)reason, name);
    return 0;
}

/* What is said on the way through a path after `after`; buf_free it. */
static struct buf walk(const char *path, const char *after, int stop_at,
                       enum shukach_status wanted)
{
    struct log log = {.stop_at = stop_at};
    struct shukach_reader *reader;
    buf_init(&log.text, (size_t)1 << 20);
    assert_int_equal(shukach_reader_new(&reader, NULL), SHUKACH_OK);
    shukach_reader_set_on_input(reader, on_input, &log);
    shukach_reader_set_on_notice(reader, on_notice, &log);
    /* The second one replaces the first. */
    assert_int_equal(shukach_reader_set_after(reader, "x", NULL), SHUKACH_OK);
    assert_int_equal(shukach_reader_set_after(reader, after, NULL), SHUKACH_OK);
    assert_int_equal(shukach_reader_read(reader, path, NULL), wanted);
    shukach_reader_free(reader);
    return log.text;
}

static int make_tree(void **state)
{
    static const char *const files[] = {"d/a-b", "d/a.txt", "d/a/x",
                                        "d/a/y", "d/b",     "d/c/deep/z"};
    static const char lines[] = "{\"id\":1}\n\n {\"id\":2}\n";
    if (scratch_make(state) != 0 || chdir(scratch) != 0 ||
        mkdir("d", 0700) != 0 || mkdir("d/a", 0700) != 0 ||
        mkdir("d/c", 0700) != 0 || mkdir("d/c/deep", 0700) != 0) {
        return 1;
    }
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        put(files[i], "т", 2);
    }
    put("lines.jsonl", lines, sizeof lines - 1);
    return mkfifo("d/bfifo", 0600);
}

static void announced(void **state)
{
    (void)state;
    struct buf said = walk("d", NULL, 0, SHUKACH_OK);
    assert_string_equal(buf_text(&said),
                        "d\nd/a\nd/a/x\nd/a/y\nd/a-b\nd/a.txt\nd/b\n"
                        "!11 d/bfifo\nd/c\nd/c/deep\nd/c/deep/z\n");
    buf_free(&said);
    said = walk("lines.jsonl", NULL, 0, SHUKACH_OK);
    assert_string_equal(buf_text(&said),
                        "lines.jsonl\nlines.jsonl:1\n!7 lines.jsonl\n"
                        "lines.jsonl:3\n!7 lines.jsonl\n");
    buf_free(&said);
}

static void stopped(void **state)
{
    (void)state;
    /* At a directory, a file, and a line. */
    static const struct {
        const char *path;
        int at;
        const char *said;
    } rows[] = {{"d", 1, "d\n"},
                {"d", 3, "d\nd/a\nd/a/x\n"},
                {"lines.jsonl", 1, "lines.jsonl\n"},
                {"lines.jsonl", 2, "lines.jsonl\nlines.jsonl:1\n"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf said =
            walk(rows[i].path, NULL, rows[i].at, SHUKACH_CANCELLED);
        assert_string_equal(buf_text(&said), rows[i].said);
        buf_free(&said);
    }
}

static void gone_on(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        const char *after;
        const char *said;
    } rows[] = {
        {"d", "d/a/x",
         "d\nd/a\nd/a/y\nd/a-b\nd/a.txt\nd/b\n!11 d/bfifo\nd/c\nd/c/deep\n"
         "d/c/deep/z\n"},
        /* A directory is passed over with all below it. */
        {"d", "d/a",
         "d\nd/a-b\nd/a.txt\nd/b\n!11 d/bfifo\nd/c\nd/c/deep\nd/c/deep/z\n"},
        {"d", "d/b", "d\n!11 d/bfifo\nd/c\nd/c/deep\nd/c/deep/z\n"},
        /* What is gone meanwhile has its place all the same. */
        {"d", "d/bb", "d\n!11 d/bfifo\nd/c\nd/c/deep\nd/c/deep/z\n"},
        {"d", "d/c/deep/z", "d\nd/c\nd/c/deep\n"},
        {"d", "d/c/deep", "d\nd/c\n"},
        {"d", "d/z", "d\n"},
        {"d", "d", ""},
        {"d/", "d/b", "d/\n!11 d/bfifo\nd/c\nd/c/deep\nd/c/deep/z\n"},
        {"d/b", "d/b", ""},
        {"lines.jsonl", "lines.jsonl", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf said = walk(rows[i].path, rows[i].after, 0, SHUKACH_OK);
        assert_string_equal(buf_text(&said), rows[i].said);
        buf_free(&said);
    }
}

/* Only the next reading goes on; then all is read again. */
static void once(void **state)
{
    (void)state;
    struct log log = {0};
    struct shukach_reader *reader;
    buf_init(&log.text, (size_t)1 << 20);
    assert_int_equal(shukach_reader_new(&reader, NULL), SHUKACH_OK);
    shukach_reader_set_on_input(reader, on_input, &log);
    assert_int_equal(shukach_reader_set_after(reader, "d/b", NULL), SHUKACH_OK);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(shukach_reader_read(reader, "d/b", NULL), SHUKACH_OK);
    }
    assert_string_equal(buf_text(&log.text), "d/b\n");
    shukach_reader_free(reader);
    buf_free(&log.text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(announced),
        cmocka_unit_test(stopped),
        cmocka_unit_test(gone_on),
        cmocka_unit_test(once),
    };
    return cmocka_run_group_tests(tests, make_tree, scratch_remove);
}
