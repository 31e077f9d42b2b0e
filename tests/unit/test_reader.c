/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every format, notice and limit of the reader. Over 600 lines because all
 * cases share one log of what a reader says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "reader.h"

/* ---- What a reader says, as text --------------------------------------- */

struct log {
    struct buf text;
    size_t documents;
    size_t notices;
    bool stop_at_document;
    bool stop_at_notice;
    size_t max_bytes;
    enum shukach_status status;
};

static int on_document(const struct shukach_document *document, void *payload)
{
    static const char *const names[] = {"id",     "text", "title",  "date",
                                        "source", "url",  "author", "lang"};
    struct log *log = payload;
    size_t line;
    size_t length;
    log->documents++;
    shukach_document_origin(document, &line);
    buf_format(&log->text, "%zu:", line);
    for (int i = 0; i < SHUKACH_FIELDS; i++) {
        const char *text =
            shukach_document_get(document, (enum shukach_field)i, &length);
        assert_true(utf8_valid(text, length, NULL));
        if (length > 0 && length < 4096) {
            buf_format(&log->text, " %s=%s", names[i], text);
        }
    }
    buf_add_char(&log->text, '\n');
    return log->stop_at_document;
}

static int on_notice(enum shukach_reason reason, const char *name, size_t line,
                     const char *detail, void *payload)
{
    struct log *log = payload;
    (void)name;
    log->notices++;
    buf_format(&log->text, "!%d %zu: %s\n", (int)reason, line, detail);
    assert_true(utf8_valid(detail, strlen(detail), NULL));
    return log->stop_at_notice;
}

static struct shukach_reader *open_reader(struct log *log)
{
    struct shukach_reader *reader;
    buf_init(&log->text, (size_t)16 << 20);
    assert_int_equal(shukach_reader_new(&reader, NULL), SHUKACH_OK);
    shukach_reader_set_on_document(reader, on_document, log);
    shukach_reader_set_on_notice(reader, on_notice, log);
    shukach_reader_set_max_bytes(reader, log->max_bytes);
    return reader;
}

/* Reads bytes as a file; the log is to be freed with drop(). */
static void read_named(struct log *log, const char *name, const void *data,
                       size_t length)
{
    struct shukach_reader *reader = open_reader(log);
    struct shukach_error err = {0};
    log->status = reader_read_bytes(reader, name, data, length, &err);
    assert_int_equal(err.status, log->status);
    shukach_reader_free(reader);
}

static void read_at(struct log *log, const char *path)
{
    struct shukach_reader *reader = open_reader(log);
    log->status = shukach_reader_read(reader, path, NULL);
    shukach_reader_free(reader);
}

static void drop(struct log *log)
{
    buf_free(&log->text);
}

/* One input and all that is said about it. */
static void expect_bytes(const char *name, const void *data, size_t length,
                         const char *expected)
{
    struct log log = {0};
    read_named(&log, name, data, length);
    assert_int_equal(log.status, SHUKACH_OK);
    assert_string_equal(buf_text(&log.text), expected);
    drop(&log);
}

static void expect(const char *name, const char *text, const char *expected)
{
    expect_bytes(name, text, strlen(text), expected);
}

/* The first notice is this reason, and there is no document. */
static void expect_skip(const char *name, const void *data, size_t length,
                        enum shukach_reason reason, size_t max_bytes)
{
    struct log log = {.max_bytes = max_bytes};
    char start[16];
    read_named(&log, name, data, length);
    snprintf(start, sizeof start, "!%d ", (int)reason);
    assert_int_equal(log.status, SHUKACH_OK);
    assert_int_equal(log.documents, 0);
    if (strncmp(buf_text(&log.text), start, strlen(start)) != 0) {
        fail_msg("expected %s, got %s", start, buf_text(&log.text));
    }
    drop(&log);
}

/* ---- Files of tests/data/reader ---------------------------------------- */

/* NAME is read as a file of this name, NAME.expected is what is said then.
 * UPDATE=1 rewrites the latter; read the difference. */
static void check_file(const char *name)
{
    struct log log = {0};
    struct buf data;
    struct buf expected;
    char other[300];
    buf_init(&data, 65536);
    buf_init(&expected, 65536);
    assert_int_equal(file_read(name, &data, NULL), SHUKACH_OK);
    read_named(&log, name, buf_text(&data), data.length);
    assert_int_equal(log.status, SHUKACH_OK);
    snprintf(other, sizeof other, "%s.expected", name);
    if (getenv("UPDATE") != NULL) {
        assert_int_equal(file_remove(other, NULL), SHUKACH_OK);
        assert_int_equal(
            file_write(other, buf_text(&log.text), log.text.length, NULL),
            SHUKACH_OK);
    }
    assert_int_equal(file_read(other, &expected, NULL), SHUKACH_OK);
    if (strcmp(buf_text(&log.text), buf_text(&expected)) != 0) {
        print_error("%s:\n", name);
    }
    assert_string_equal(buf_text(&log.text), buf_text(&expected));
    buf_free(&data);
    buf_free(&expected);
    drop(&log);
}

static void data_files(void **state)
{
    (void)state;
    const char *base = getenv("SHUKACH_TEST_DATA");
    size_t count = 0;
    if (base == NULL) {
        skip();
    }
    assert_int_equal(chdir(base), 0);
    assert_int_equal(chdir("reader"), 0);
    DIR *files = opendir(".");
    assert_non_null(files);
    for (struct dirent *entry; (entry = readdir(files)) != NULL;) {
        if (entry->d_name[0] != '.' &&
            strstr(entry->d_name, ".expected") == NULL) {
            check_file(entry->d_name);
            count++;
        }
    }
    closedir(files);
    assert_true(count > 0);
}

/* ---- Plain text -------------------------------------------------------- */

static void plain_text(void **state)
{
    (void)state;
    expect("a/b.txt", "Заголовок\n\nТекст\nдалі.\n",
           "0: id=a/b.txt text=Текст\nдалі. title=Заголовок\n");
    expect("one", "Лише рядок", "0: id=one text=Лише рядок\n");
    expect("bad\xd0name", "т", "0: id=bad%D0name text=т\n");
    expect("new\nline", "т", "0: id=new\nline text=т\n");
}

static void long_first_line(void **state)
{
    (void)state;
    struct log log = {0};
    char text[1024] = "";
    for (size_t i = 0; i < 201; i++) {
        memcpy(text + 2 * i, "ї", 2);
    }
    memcpy(text + 402, "\nдалі", sizeof "\nдалі");
    read_named(&log, "t", text, strlen(text));
    assert_null(strstr(buf_text(&log.text), "title="));
    drop(&log);
    log = (struct log){0};
    /* 200 letters are a title. */
    read_named(&log, "t", text + 2, strlen(text) - 2);
    assert_non_null(strstr(buf_text(&log.text), "text=далі title="));
    drop(&log);
}

static void skipped_files(void **state)
{
    (void)state;
    expect_skip("e", "", 0, SHUKACH_SKIP_EMPTY, 0);
    expect_skip("e", " \n\xc2\xa0\t", 5, SHUKACH_SKIP_EMPTY, 0);
    expect_skip("e.jsonl", "", 0, SHUKACH_SKIP_EMPTY, 0);
    expect_skip("b", "a\0b", 3, SHUKACH_SKIP_BINARY, 0);
    expect_skip("b.jsonl", "a\0b", 3, SHUKACH_SKIP_BINARY, 0);
    expect_skip("b", "\1\2\3\4\5\6", 6, SHUKACH_SKIP_BINARY, 0);
    expect_skip("b.pdf", "%PDF-1.4\n", 9, SHUKACH_SKIP_BINARY, 0);
    expect_skip("big", "1234567890 ", 11, SHUKACH_SKIP_TOO_LARGE, 10);
    expect_skip("x.xml", "<?xml version='1.0'?><urlset/>", 30,
                SHUKACH_SKIP_MARKUP, 0);
    expect("ten", "1234567890", "0: id=ten text=1234567890\n");
}

/* ---- Encodings --------------------------------------------------------- */

static void wide_faults(void **state)
{
    (void)state;
    /* A lone surrogate, an odd byte, a NUL. */
    expect_skip("a", "\xff\xfe\x57\x04\x00\xd8\x57\x04", 8,
                SHUKACH_SKIP_ENCODING, 0);
    expect_skip("a", "\xff\xfe\x57\x04\x57", 5, SHUKACH_SKIP_ENCODING, 0);
    expect_skip("a", "\xff\xfe\x57\x04\0\0", 6, SHUKACH_SKIP_BINARY, 0);
    expect_skip("a", "caf\xe9", 4, SHUKACH_SKIP_ENCODING, 0);
}

/* ---- JSON Lines -------------------------------------------------------- */

static void jsonl_deep(void **state)
{
    (void)state;
    struct log log = {0};
    struct buf text;
    buf_init(&text, (size_t)8 << 20);
    buf_add_text(&text, "{\"id\":\"1\",\"x\":");
    for (size_t i = 0; i < 1000000; i++) {
        buf_add_char(&text, '[');
    }
    buf_add_text(&text, "\n{\"id\":\"2\",\"text\":\"т\"}");
    read_named(&log, "a.jsonl", text.data, text.length);
    assert_int_equal(log.documents, 1);
    assert_int_equal(log.notices, 1);
    drop(&log);
    buf_free(&text);
}

/* More than the limit and than any buffer, and a line over the limit. */
static void jsonl_stream(void **state)
{
    (void)state;
    struct log log = {.max_bytes = 1000};
    struct buf text;
    buf_init(&text, (size_t)8 << 20);
    for (size_t i = 0; i < 5000; i++) {
        buf_format(&text, "{\"id\":%zu,\"text\":\"слово %zu\"}\n", i, i);
        if (i == 2500) {
            buf_format(&text, "{\"id\":\"long\",\"text\":\"%0200000d\"}\n", 1);
        }
    }
    read_named(&log, "a.jsonl", text.data, text.length);
    assert_int_equal(log.documents, 5000);
    assert_int_equal(log.notices, 1);
    assert_non_null(strstr(buf_text(&log.text),
                           "!4 2502: the line is longer than the limit of "
                           "1000 bytes\n"));
    assert_non_null(strstr(buf_text(&log.text), "id=4999 text=слово 4999"));
    drop(&log);
    buf_free(&text);
}

/* ---- HTML -------------------------------------------------------------- */

/* A file of nothing but bad lines is given up, a good one begins the count
 * anew. */
static void jsonl_faults(void **state)
{
    (void)state;
    static const struct {
        size_t bad; /* lines, then a good one, and all of it again */
        size_t documents;
        size_t notices;
    } rows[] = {{9999, 2, 2 * 9999}, {10001, 0, 10002}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct log log = {0};
        struct buf text;
        buf_init(&text, (size_t)1 << 20);
        for (int turn = 0; turn < 2; turn++) {
            for (size_t n = 0; n < rows[i].bad; n++) {
                buf_add_text(&text, "{}\n");
            }
            buf_format(&text, "{\"id\":%d,\"text\":\"т\"}\n", turn);
        }
        read_named(&log, "x.jsonl", text.data, text.length);
        assert_int_equal(log.status, SHUKACH_OK);
        assert_int_equal(log.documents, rows[i].documents);
        assert_int_equal(log.notices, rows[i].notices);
        buf_free(&text);
        drop(&log);
    }
}

static void html_hostile(void **state)
{
    (void)state;
    struct buf text;
    buf_init(&text, (size_t)16 << 20);
    buf_add_text(&text, "<html><body>");
    for (size_t i = 0; i < 1000000; i++) {
        buf_add_text(&text, "<div>");
    }
    expect_skip("deep.html", text.data, text.length, SHUKACH_SKIP_MARKUP, 0);
    buf_reset(&text);
    buf_add_text(&text, "<p ");
    for (size_t i = 0; i < 300000; i++) {
        buf_format(&text, "a%zu ", i);
    }
    expect_skip("wide.html", text.data, text.length, SHUKACH_SKIP_MARKUP, 0);
    buf_reset(&text);
    for (size_t i = 0; i < 1500000; i++) {
        buf_add_text(&text, "<br>");
    }
    expect_skip("many.html", text.data, text.length, SHUKACH_SKIP_MARKUP, 0);
    buf_free(&text);
}

/* ---- Compression ------------------------------------------------------- */

static size_t pack_gzip(const void *data, size_t length, size_t repeat,
                        char *out, size_t size)
{
    z_stream z = {.next_out = (unsigned char *)out,
                  .avail_out = (unsigned)size};
    assert_int_equal(
        deflateInit2(&z, 6, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY),
        Z_OK);
    for (size_t i = 0; i < repeat; i++) {
        z.next_in = (unsigned char *)(uintptr_t)data;
        z.avail_in = (unsigned)length;
        assert_int_equal(deflate(&z, Z_NO_FLUSH), Z_OK);
        assert_int_equal(z.avail_in, 0);
    }
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    size_t used = size - z.avail_out;
    deflateEnd(&z);
    return used;
}

static size_t pack_zstd(const void *data, size_t length, size_t repeat,
                        char *out, size_t size)
{
    ZSTD_CStream *stream = ZSTD_createCStream();
    ZSTD_outBuffer to = {out, size, 0};
    assert_non_null(stream);
    for (size_t i = 0; i < repeat; i++) {
        ZSTD_inBuffer from = {data, length, 0};
        while (from.pos < from.size) {
            assert_false(ZSTD_isError(ZSTD_compressStream(stream, &to, &from)));
        }
    }
    assert_int_equal(ZSTD_endStream(stream, &to), 0);
    ZSTD_freeCStream(stream);
    return to.pos;
}

static size_t pack(const void *data, size_t length, bool zstd, size_t repeat,
                   char *out, size_t size)
{
    return zstd ? pack_zstd(data, length, repeat, out, size)
                : pack_gzip(data, length, repeat, out, size);
}

/* Members that follow each other are one file; a wrong CRC is damage, also
 * in the first of them. */
static void chained(void **state)
{
    (void)state;
    static const char line[] = "{\"id\":\"1\",\"text\":\"a\"}\n";
    static const char next[] = "{\"id\":\"2\",\"text\":\"b\"}\n";
    for (int zstd = 0; zstd < 2; zstd++) {
        char out[2048];
        size_t one = pack(line, sizeof line - 1, zstd, 1, out, sizeof out);
        size_t two =
            pack(next, sizeof next - 1, zstd, 1, out + one, sizeof out - one);
        struct log log = {0};
        read_named(&log, "x.jsonl", out, one + two);
        assert_int_equal(log.documents, 2);
        assert_int_equal(log.notices, 0);
        drop(&log);
        if (zstd == 0) {
            out[one - 8] = (char)(out[one - 8] ^ 1);
            log = (struct log){0};
            read_named(&log, "x.jsonl", out, one + two);
            assert_int_equal(log.notices, 1);
            drop(&log);
        }
    }
}

static void compressed(void **state)
{
    (void)state;
    static const char line[] = "{\"id\":1,\"text\":\"т\"}\n";
    static const char page[] = "<html><p>сторінка</html>";
    char out[4096];
    for (int zstd = 0; zstd < 2; zstd++) {
        size_t n = pack(line, sizeof line - 1, zstd, 2, out, sizeof out);
        expect_bytes("a", out, n, "1: id=1 text=т\n2: id=1 text=т\n");
        n = pack(page, sizeof page - 1, zstd, 1, out, sizeof out);
        expect_bytes("a", out, n, "0: id=a text=сторінка\n");
        expect_skip("a", out, n - 6, SHUKACH_SKIP_COMPRESSED, 0);
        expect_skip("a", out, 5, SHUKACH_SKIP_COMPRESSED, 0);
        n = pack("", 0, zstd, 0, out, sizeof out);
        expect_skip("a", out, n, SHUKACH_SKIP_EMPTY, 0);
    }
    /* A wrong CRC. */
    size_t n = pack(page, sizeof page - 1, false, 1, out, sizeof out);
    out[n - 6] = (char)(out[n - 6] ^ 1);
    expect_skip("a", out, n, SHUKACH_SKIP_COMPRESSED, 0);
    /* Two members behind each other are one text. */
    n = pack("один ", 9, false, 1, out, sizeof out);
    n += pack("два", 6, false, 1, out + n, sizeof out - n);
    expect_bytes("a", out, n, "0: id=a text=один два\n");
}

static void bomb(void **state)
{
    (void)state;
    static char zeros[65536];
    size_t size = (size_t)4 << 20;
    char *out = malloc(size);
    assert_non_null(out);
    memset(zeros, 'x', sizeof zeros);
    /* 1 GiB. */
    size_t n = pack(zeros, sizeof zeros, false, 16384, out, size);
    expect_skip("a.gz", out, n, SHUKACH_SKIP_TOO_LARGE, 1 << 20);
    expect_skip("a.jsonl.gz", out, n, SHUKACH_SKIP_TOO_LARGE, 1 << 20);
    free(out);
}

/* ---- Callbacks, arguments ---------------------------------------------- */

static void stopping(void **state)
{
    (void)state;
    const char *text = "{\"id\":1,\"text\":\"т\"}\n{\"id\":2}\n{\"id\":3}\n";
    struct log log = {.stop_at_document = true};
    read_named(&log, "a", text, strlen(text));
    assert_int_equal(log.status, SHUKACH_CANCELLED);
    assert_int_equal(log.documents + log.notices, 1);
    drop(&log);
    log = (struct log){.stop_at_notice = true};
    read_named(&log, "a", text, strlen(text));
    assert_int_equal(log.status, SHUKACH_CANCELLED);
    assert_int_equal(log.notices, 1);
    drop(&log);
}

static void documents(void **state)
{
    (void)state;
    struct shukach_document *document;
    struct shukach_error err;
    size_t length = 1;
    assert_int_equal(shukach_document_new(&document, NULL), SHUKACH_OK);
    assert_string_equal(shukach_document_get(document, SHUKACH_TITLE, &length),
                        "");
    assert_int_equal(length, 0);
    assert_int_equal(
        shukach_document_set(document, SHUKACH_TITLE, "їжак", 8, NULL),
        SHUKACH_OK);
    const char *title = shukach_document_get(document, SHUKACH_TITLE, NULL);
    /* A part of itself. */
    assert_int_equal(
        shukach_document_set(document, SHUKACH_TITLE, title + 2, 6, NULL),
        SHUKACH_OK);
    assert_string_equal(shukach_document_get(document, SHUKACH_TITLE, &length),
                        "жак");
    assert_int_equal(length, 6);
    assert_int_equal(
        shukach_document_set(document, SHUKACH_TEXT, "ab\xff", 3, &err),
        SHUKACH_ENCODING);
    assert_int_equal(err.offset, 2);
    assert_int_equal(
        shukach_document_set(document, SHUKACH_FIELDS, "a", 1, &err),
        SHUKACH_INVALID);
    assert_int_equal(
        shukach_document_set(document, SHUKACH_TITLE, NULL, 0, NULL),
        SHUKACH_OK);
    assert_string_equal(shukach_document_get(document, SHUKACH_TITLE, NULL),
                        "");
    assert_string_equal(shukach_document_origin(document, &length), "");
    shukach_document_free(document);
    shukach_document_free(NULL);
    shukach_reader_free(NULL);
}

/* ---- Disk -------------------------------------------------------------- */

static void write_file(const char *path, const char *text)
{
    assert_int_equal(file_write(path, text, strlen(text), NULL), SHUKACH_OK);
}

static int enter_dir(void **state)
{
    const char *base = getenv("TMPDIR");
    char path[4096];
    snprintf(path, sizeof path, "%s/shukach-reader-XXXXXX",
             base != NULL ? base : "/tmp");
    if (mkdtemp(path) == NULL || chdir(path) != 0) {
        return -1;
    }
    *state = strdup(path);
    return *state == NULL;
}

static int leave_dir(void **state)
{
    int failed = chdir("/") != 0 || file_remove(*state, NULL) != SHUKACH_OK;
    free(*state);
    return failed;
}

static void directories(void **state)
{
    (void)state;
    struct log log = {0};
    assert_int_equal(mkdir("d", 0700), 0);
    assert_int_equal(mkdir("d/b", 0700), 0);
    write_file("d/b/x", "вкладений");
    write_file("d/a", "перший");
    write_file("d/c", "останній");
    write_file("d/B", "велика");
    write_file("d/.hidden", "таємне");
    read_at(&log, "d/");
    assert_string_equal(buf_text(&log.text),
                        "0: id=d/B text=велика\n0: id=d/a text=перший\n"
                        "0: id=d/b/x text=вкладений\n"
                        "0: id=d/c text=останній\n");
    drop(&log);
    log = (struct log){0};
    read_at(&log, "d/.hidden");
    assert_int_equal(log.documents, 1);
    drop(&log);
}

static void special_files(void **state)
{
    (void)state;
    struct log log = {0};
    assert_int_equal(mkdir("d", 0700), 0);
    assert_int_equal(mkdir("d/sub", 0700), 0);
    write_file("d/sub/f", "текст");
    assert_int_equal(symlink("..", "d/sub/up"), 0);
    assert_int_equal(symlink("loop", "d/loop"), 0);
    assert_int_equal(symlink("nowhere", "d/dangling"), 0);
    assert_int_equal(symlink("sub/f", "d/link"), 0);
    assert_int_equal(symlink("sub", "d/zdir"), 0);
    assert_int_equal(mkfifo("d/fifo", 0600), 0);
    read_at(&log, "d");
    assert_string_equal(buf_text(&log.text),
                        "!1 0: No such file or directory\n"
                        "!11 0: a device, pipe or socket, not a file\n"
                        "0: id=d/link text=текст\n"
                        "!11 0: Too many levels of symbolic links\n"
                        "0: id=d/sub/f text=текст\n"
                        "!11 0: a link to a directory that it lies in\n"
                        "0: id=d/zdir/f text=текст\n"
                        "!11 0: a link to a directory that it lies in\n");
    drop(&log);
    log = (struct log){0};
    read_at(&log, "/dev/null");
    assert_string_equal(buf_text(&log.text),
                        "!11 0: a device, pipe or socket, not a file\n");
    drop(&log);
}

static void missing_and_unreadable(void **state)
{
    (void)state;
    struct log log = {0};
    struct shukach_error err;
    struct shukach_reader *reader = open_reader(&log);
    assert_int_equal(shukach_reader_read(reader, "nowhere", &err),
                     SHUKACH_NOT_FOUND);
    assert_int_equal(shukach_reader_read(reader, "", &err), SHUKACH_NOT_FOUND);
    assert_int_equal(shukach_reader_read(reader, NULL, &err), SHUKACH_INVALID);
    write_file("secret", "текст");
    assert_int_equal(chmod("secret", 0), 0);
    assert_int_equal(shukach_reader_read(reader, "secret", &err), SHUKACH_OK);
    /* For root nothing is unreadable. */
    assert_int_equal(log.notices, geteuid() != 0);
    write_file("five", "12345");
    uint64_t before = shukach_reader_bytes(reader);
    assert_int_equal(shukach_reader_read(reader, "five", &err), SHUKACH_OK);
    assert_int_equal(shukach_reader_bytes(reader) - before, 5);
    shukach_reader_free(reader);
    drop(&log);
}

static void standard_input(void **state)
{
    (void)state;
    struct log log = {0};
    int ends[2];
    int saved = dup(STDIN_FILENO);
    assert_int_equal(pipe(ends), 0);
    assert_true(file_write_all(ends[1], "ввід", 8));
    close(ends[1]);
    dup2(ends[0], STDIN_FILENO);
    close(ends[0]);
    read_at(&log, "-");
    assert_string_equal(buf_text(&log.text), "0: id=- text=ввід\n");
    drop(&log);
    dup2(saved, STDIN_FILENO);
    close(saved);
}

#define ON_DISK(test)                                                          \
    cmocka_unit_test_setup_teardown(test, enter_dir, leave_dir)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_text),    cmocka_unit_test(long_first_line),
        cmocka_unit_test(skipped_files), cmocka_unit_test(wide_faults),
        cmocka_unit_test(jsonl_deep),    cmocka_unit_test(jsonl_stream),
        cmocka_unit_test(jsonl_faults),  cmocka_unit_test(html_hostile),
        cmocka_unit_test(compressed),    cmocka_unit_test(chained),
        cmocka_unit_test(bomb),          cmocka_unit_test(stopping),
        cmocka_unit_test(documents),     ON_DISK(directories),
        ON_DISK(special_files),          ON_DISK(missing_and_unreadable),
        ON_DISK(standard_input),         cmocka_unit_test(data_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
