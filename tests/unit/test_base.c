/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scratch.h"

/* ---- Errors ---------------------------------------------------------- */

static void message_is_cut_at_a_character(void **state)
{
    (void)state;
    char text[1200];
    for (size_t shift = 0; shift < 4; shift++) {
        size_t length = 0;
        memset(text, 'x', shift);
        for (length = shift; length + 4 < sizeof text; length += 4) {
            memcpy(text + length, "\xf0\x9f\x87\xba", 4);
        }
        text[length] = '\0';
        struct shukach_error err;
        assert_int_equal(error_set(&err, SHUKACH_IO, "%s", text), SHUKACH_IO);
        size_t kept = strlen(err.message);
        assert_true(utf8_valid(err.message, kept, NULL));
        assert_true(kept < sizeof err.message);
        assert_true(kept > sizeof err.message - 5);
        assert_memory_equal(err.message, text, kept);
    }
}

static void message_is_utf8(void **state)
{
    (void)state;
    struct shukach_error err;
    /* The path of a file need not be UTF-8, and a precision cuts bytes. */
    error_set(&err, SHUKACH_IO, "cannot open %s (%.3s)", "a\xffz", "їж");
    assert_string_equal(err.message, "cannot open a?z (ї?)");
    error_at(&err, SHUKACH_QUERY, 7, "here");
    assert_int_equal(err.offset, 7);
    assert_int_equal(err.status, SHUKACH_QUERY);
    assert_int_equal(error_nomem(NULL), SHUKACH_NOMEM);
}

static void errno_becomes_a_status(void **state)
{
    (void)state;
    static const struct {
        int number;
        enum shukach_status status;
    } cases[] = {
        {ENOENT, SHUKACH_NOT_FOUND}, {ENOTDIR, SHUKACH_NOT_FOUND},
        {ENOSPC, SHUKACH_DISK_FULL}, {EDQUOT, SHUKACH_DISK_FULL},
        {ENOMEM, SHUKACH_NOMEM},     {EACCES, SHUKACH_IO},
        {EIO, SHUKACH_IO},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct shukach_error err;
        errno = cases[i].number;
        assert_int_equal(error_io(&err, "open", "/a"), cases[i].status);
        assert_int_equal(err.status, cases[i].status);
        assert_non_null(strstr(err.message, "cannot open /a: "));
    }
}

/* ---- Memory ---------------------------------------------------------- */

static void arena_aligns_and_keeps(void **state)
{
    (void)state;
    struct arena arena = {0};
    for (int round = 0; round < 3; round++) {
        for (size_t size = 0; size < 300; size++) {
            unsigned char *place = arena_alloc(&arena, size);
            assert_non_null(place);
            assert_int_equal((uintptr_t)place % _Alignof(max_align_t), 0);
            memset(place, 0xaa, size);
        }
        uint64_t *numbers = arena_array(&arena, 50000, sizeof *numbers);
        assert_non_null(numbers);
        assert_int_equal(numbers[0] | numbers[49999], 0);
        assert_string_equal(arena_copy(&arena, "abc", 2), "ab");
        assert_string_equal(arena_copy(&arena, NULL, 0), "");
        arena_reset(&arena);
    }
    assert_null(arena_alloc(&arena, SIZE_MAX));
    assert_null(arena_alloc(&arena, SIZE_MAX - 16));
    assert_null(arena_array(&arena, SIZE_MAX / 2, 3));
    assert_null(arena_copy(&arena, "", SIZE_MAX));
    arena_free(&arena);
    arena_free(&arena);
    arena_reset(&arena);
}

static void buffer_stops_at_its_maximum(void **state)
{
    (void)state;
    struct buf buf;
    buf_init(&buf, 10);
    assert_string_equal(buf_text(&buf), "");
    buf_add_text(&buf, "0123456789");
    assert_int_equal(buf.failed, SHUKACH_OK);
    buf_add_char(&buf, 'x');
    assert_int_equal(buf.failed, SHUKACH_LIMIT);
    buf_add(&buf, "", 0);
    assert_null(buf_reserve(&buf, 0));
    buf_format(&buf, "%d", 5);
    buf_add_varint(&buf, 5);
    assert_int_equal(buf.failed, SHUKACH_LIMIT);
    assert_string_equal(buf_text(&buf), "0123456789");
    buf_reset(&buf);
    buf_format(&buf, "%s-%d", "ab", 12);
    assert_string_equal(buf_text(&buf), "ab-12");
    buf_format(&buf, "%s", "1234567");
    assert_int_equal(buf.failed, SHUKACH_LIMIT);
    buf_free(&buf);
    buf_add_text(&buf, "again");
    assert_string_equal(buf_text(&buf), "again");
    buf_free(&buf);
}

static void buffer_refuses_what_no_memory_holds(void **state)
{
    (void)state;
    struct buf buf;
    buf_init(&buf, SIZE_MAX);
    buf_add_char(&buf, 'x');
    assert_null(buf_reserve(&buf, SIZE_MAX));
    assert_int_equal(buf.failed, SHUKACH_LIMIT);
    buf_reset(&buf);
    assert_null(buf_reserve(&buf, SIZE_MAX / 2 + 5));
    assert_int_equal(buf.failed, SHUKACH_NOMEM);
    buf_free(&buf);
}

static void buffer_grows(void **state)
{
    (void)state;
    struct buf buf;
    buf_init(&buf, 100000);
    for (int i = 0; i < 100000; i++) {
        buf_add_char(&buf, (char)('a' + i % 26));
    }
    assert_int_equal(buf.failed, SHUKACH_OK);
    assert_int_equal(strlen(buf_text(&buf)), 100000);
    assert_int_equal(buf.data[99999], 'a' + 99999 % 26);
    buf_free(&buf);
}

static void varint_round_trip(void **state)
{
    (void)state;
    struct buf buf;
    buf_init(&buf, 100);
    for (unsigned bit = 0; bit <= 64; bit++) {
        for (uint64_t more = 0; more < 2; more++) {
            uint64_t value = (bit < 64 ? (uint64_t)1 << bit : 0) - more;
            buf_reset(&buf);
            buf_add_varint(&buf, value);
            const unsigned char *from = (const unsigned char *)buf.data;
            const unsigned char *place = from;
            uint64_t got;
            assert_true(varint_read(&place, from + buf.length, &got));
            assert_true(got == value);
            assert_ptr_equal(place, from + buf.length);
            place = from;
            assert_false(varint_read(&place, from + buf.length - 1, &got));
        }
    }
    buf_free(&buf);
    static const unsigned char large[] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                          0xff, 0xff, 0xff, 0x02, 0};
    const unsigned char *place = large;
    uint64_t got;
    assert_false(varint_read(&place, large + sizeof large, &got));
}

static void array_grows_or_stays(void **state)
{
    (void)state;
    int *items = NULL;
    size_t capacity = 0;
    for (size_t i = 0; i < 1000; i++) {
        assert_true(
            array_grow((void **)&items, &capacity, i + 1, sizeof *items));
        items[i] = (int)i;
    }
    assert_int_equal(items[999], 999);
    int *before = items;
    assert_false(
        array_grow((void **)&items, &capacity, SIZE_MAX, sizeof *items));
    assert_false(
        array_grow((void **)&items, &capacity, SIZE_MAX / 4, sizeof *items));
    assert_ptr_equal(items, before);
    free(items);
}

/* ---- Files ----------------------------------------------------------- */

static void file_round_trip(void **state)
{
    (void)state;
    const char *path = at("file");
    assert_int_equal(file_write(path, "привіт", 12, NULL), SHUKACH_OK);
    /* Never over another file. */
    assert_int_equal(file_write(path, "x", 1, NULL), SHUKACH_IO);
    uint64_t size;
    assert_int_equal(file_size(path, &size, NULL), SHUKACH_OK);
    assert_int_equal(size, 12);
    struct mapping mapping;
    assert_int_equal(file_map(path, &mapping, NULL), SHUKACH_OK);
    assert_int_equal(mapping.length, 12);
    assert_memory_equal(mapping.data, "привіт", 12);
    file_unmap(&mapping);
    file_unmap(&mapping);
    struct buf buf;
    buf_init(&buf, 12);
    assert_int_equal(file_read(path, &buf, NULL), SHUKACH_OK);
    assert_string_equal(buf_text(&buf), "привіт");
    struct shukach_error err;
    assert_int_equal(file_read(path, &buf, &err), SHUKACH_LIMIT);
    assert_non_null(strstr(err.message, "too large"));
    buf_free(&buf);
    assert_int_equal(file_sync(path, NULL), SHUKACH_OK);
    assert_int_equal(file_remove(path, NULL), SHUKACH_OK);
    assert_int_equal(file_remove(path, NULL), SHUKACH_OK);
}

static void missing_files_are_not_found(void **state)
{
    (void)state;
    const char *path = at("missing");
    struct mapping mapping;
    struct buf buf;
    uint64_t size;
    int fd;
    buf_init(&buf, 10);
    assert_int_equal(file_map(path, &mapping, NULL), SHUKACH_NOT_FOUND);
    assert_int_equal(file_read(path, &buf, NULL), SHUKACH_NOT_FOUND);
    assert_int_equal(file_size(path, &size, NULL), SHUKACH_NOT_FOUND);
    assert_int_equal(file_sync(path, NULL), SHUKACH_NOT_FOUND);
    assert_int_equal(file_open(path, &fd, NULL), SHUKACH_NOT_FOUND);
    assert_int_equal(file_write(at("no/such"), "", 0, NULL), SHUKACH_NOT_FOUND);
}

static void what_is_no_file_is_refused(void **state)
{
    (void)state;
    struct mapping mapping;
    int fd;
    assert_int_equal(file_open(scratch, &fd, NULL), SHUKACH_IO);
    assert_int_equal(file_map(scratch, &mapping, NULL), SHUKACH_IO);
    /* Nobody writes into this pipe; the opening must not wait for it. */
    assert_int_equal(mkfifo(at("pipe"), 0600), 0);
    assert_int_equal(file_open(at("pipe"), &fd, NULL), SHUKACH_IO);
    assert_int_equal(file_write(at("empty"), "", 0, NULL), SHUKACH_OK);
    assert_int_equal(file_map(at("empty"), &mapping, NULL), SHUKACH_OK);
    assert_int_equal(mapping.length, 0);
    file_unmap(&mapping);
}

static void full_device_is_reported(void **state)
{
    (void)state;
    int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
    if (fd < 0) {
        skip();
    }
    assert_false(file_write_all(fd, "x", 1));
    assert_int_equal(error_io(NULL, "write", "/dev/full"), SHUKACH_DISK_FULL);
    close(fd);
}

static void directories_are_made_and_removed(void **state)
{
    (void)state;
    assert_int_equal(file_make_dirs(at("a/b//c/"), NULL), SHUKACH_OK);
    assert_int_equal(file_make_dirs(at("a/b/c"), NULL), SHUKACH_OK);
    assert_int_equal(access(at("a/b/c"), X_OK), 0);
    assert_int_equal(file_make_dirs("/", NULL), SHUKACH_OK);
    assert_int_equal(file_make_dirs("", NULL), SHUKACH_NOT_FOUND);
    assert_int_equal(file_write(at("a/file"), "x", 1, NULL), SHUKACH_OK);
    struct shukach_error err;
    assert_int_equal(file_make_dirs(at("a/file"), &err), SHUKACH_IO);
    assert_non_null(strstr(err.message, "a file has this name"));
    assert_int_equal(file_make_dirs(at("a/file/x"), NULL), SHUKACH_IO);
    /* Links are removed, not followed. */
    assert_int_equal(file_make_dirs(at("kept"), NULL), SHUKACH_OK);
    assert_int_equal(file_write(at("kept/file"), "x", 1, NULL), SHUKACH_OK);
    assert_int_equal(symlink("../kept", at("a/link")), 0);
    assert_int_equal(symlink("nowhere", at("a/dangling")), 0);
    assert_int_equal(file_make_dirs(at("a/dangling"), NULL), SHUKACH_IO);
    assert_int_equal(file_remove(at("a"), NULL), SHUKACH_OK);
    assert_int_equal(access(at("a"), F_OK), -1);
    assert_int_equal(access(at("kept/file"), F_OK), 0);
}

/* ---- Hashes ---------------------------------------------------------- */

static void files_are_shared_or_copied(void **state)
{
    (void)state;
    struct stat info;
    put(at("shared"), "вміст", 10);
    assert_int_equal(file_share(at("shared"), at("second"), NULL), SHUKACH_OK);
    assert_int_equal(stat(at("second"), &info), 0);
    assert_int_equal(info.st_nlink, 2);
    assert_int_equal(file_share(at("shared"), at("second"), NULL), SHUKACH_IO);
    assert_int_equal(file_share(at("missing"), at("third"), NULL),
                     SHUKACH_NOT_FOUND);
    /* To another file system there is no link. */
    char copy[] = "/dev/shm/shukach-test-XXXXXX";
    struct stat here;
    if (stat(scratch, &here) != 0 || stat("/dev/shm", &info) != 0 ||
        info.st_dev == here.st_dev || mkdtemp(copy) == NULL) {
        skip();
    }
    char path[100];
    snprintf(path, sizeof path, "%s/copy", copy);
    assert_int_equal(file_share(at("shared"), path, NULL), SHUKACH_OK);
    struct buf bytes = get(path);
    assert_int_equal(bytes.length, 10);
    assert_memory_equal(bytes.data, "вміст", 10);
    buf_free(&bytes);
    assert_int_equal(file_remove(copy, NULL), SHUKACH_OK);
}

static void hash_of_a_file(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 1000, (1 << 18) - 1, 1 << 18, 600000};
    char *data = calloc(600000, 1);
    struct hash128 sum;
    assert_non_null(data);
    for (size_t i = 0; i < 600000; i++) {
        data[i] = (char)(i * 31 >> 3);
    }
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        put(at("hashed"), data, sizes[i]);
        assert_int_equal(file_hash(at("hashed"), &sum, NULL), SHUKACH_OK);
        assert_true(hash_same(sum, hash_wide(data, sizes[i])));
    }
    free(data);
    assert_int_equal(file_hash(at("no file"), &sum, NULL), SHUKACH_NOT_FOUND);
    assert_int_equal(file_hash(scratch, &sum, NULL), SHUKACH_IO);
}

static void hashes_are_those_of_xxh3(void **state)
{
    (void)state;
    /* They are on disk, so they must never change: values of xxhsum. */
    assert_true(hash64("", 0) == UINT64_C(0x2d06800538d394c2));
    struct hash128 none = hash_wide("", 0);
    assert_true(none.high == UINT64_C(0x99aa06d3014798d8));
    assert_true(none.low == UINT64_C(0x6001c324468d497f));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(message_is_cut_at_a_character),
        cmocka_unit_test(message_is_utf8),
        cmocka_unit_test(errno_becomes_a_status),
        cmocka_unit_test(arena_aligns_and_keeps),
        cmocka_unit_test(buffer_stops_at_its_maximum),
        cmocka_unit_test(buffer_refuses_what_no_memory_holds),
        cmocka_unit_test(buffer_grows),
        cmocka_unit_test(varint_round_trip),
        cmocka_unit_test(array_grows_or_stays),
        cmocka_unit_test(file_round_trip),
        cmocka_unit_test(missing_files_are_not_found),
        cmocka_unit_test(what_is_no_file_is_refused),
        cmocka_unit_test(full_device_is_reported),
        cmocka_unit_test(directories_are_made_and_removed),
        cmocka_unit_test(files_are_shared_or_copied),
        cmocka_unit_test(hash_of_a_file),
        cmocka_unit_test(hashes_are_those_of_xxh3),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
