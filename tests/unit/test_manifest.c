/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <unistd.h>

#include "scratch.h"
#include "store.h"

/* Writes a manifest of these lines, with a sum that holds. */
static void put_manifest(const char *lines)
{
    struct buf text;
    buf_init(&text, (size_t)4 << 20);
    buf_add_text(&text, lines);
    buf_format(&text, "sum %016" PRIx64 "\n",
               hash64(buf_text(&text), text.length));
    put(at("manifest"), buf_text(&text), text.length);
    buf_free(&text);
}

/* Reads the manifest, which must fail and say so. */
static void refuse(enum shukach_status wanted, const char *hint)
{
    struct manifest *manifest;
    struct shukach_error err = {0};
    assert_int_equal(manifest_read(scratch, &manifest, &err), wanted);
    assert_null(manifest);
    if (strstr(err.message, hint) == NULL) {
        fail_msg("no \"%s\" in: %s", hint, err.message);
    }
}

static void round_trip(void **state)
{
    (void)state;
    struct manifest *manifest;
    put(at("a"), "привіт", 12);
    put(at("empty"), "", 0);
    assert_int_equal(manifest_new(&manifest, NULL), SHUKACH_OK);
    assert_string_equal(manifest_fact(manifest, "x"), "");
    assert_null(manifest_file(manifest, 0));
    assert_int_equal(manifest_set(manifest, "x", "1", NULL), SHUKACH_OK);
    assert_int_equal(manifest_set(manifest, "y", "два  слова ", NULL),
                     SHUKACH_OK);
    assert_int_equal(manifest_set(manifest, "z", "", NULL), SHUKACH_OK);
    assert_int_equal(manifest_set(manifest, "x", "2", NULL), SHUKACH_OK);
    for (int i = 0; i < 40; i++) {
        char name[16];
        snprintf(name, sizeof name, "n%d", i);
        assert_int_equal(manifest_set(manifest, name, name, NULL), SHUKACH_OK);
    }
    assert_int_equal(manifest_add_file(manifest, scratch, "a", NULL),
                     SHUKACH_OK);
    assert_int_equal(manifest_add_file(manifest, scratch, "empty", NULL),
                     SHUKACH_OK);
    assert_int_equal(file_remove(at("manifest"), NULL), SHUKACH_OK);
    assert_int_equal(manifest_write(manifest, scratch, NULL), SHUKACH_OK);
    /* Never over another one. */
    assert_int_equal(manifest_write(manifest, scratch, NULL), SHUKACH_IO);
    manifest_free(manifest);
    assert_int_equal(manifest_read(scratch, &manifest, NULL), SHUKACH_OK);
    assert_string_equal(manifest_fact(manifest, "x"), "2");
    assert_string_equal(manifest_fact(manifest, "y"), "два  слова ");
    assert_string_equal(manifest_fact(manifest, "z"), "");
    assert_string_equal(manifest_fact(manifest, "n39"), "n39");
    assert_string_equal(manifest_file(manifest, 0), "a");
    assert_string_equal(manifest_file(manifest, 1), "empty");
    assert_null(manifest_file(manifest, 2));
    assert_int_equal(manifest_bytes(manifest), 12);
    manifest_free(manifest);
    manifest_free(NULL);
}

static void what_no_line_holds_is_refused(void **state)
{
    (void)state;
    static const char *const names[] = {"", "a b", "a\nb", "\n", " a"};
    struct manifest *manifest;
    assert_int_equal(manifest_new(&manifest, NULL), SHUKACH_OK);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_int_equal(manifest_set(manifest, names[i], "x", NULL),
                         SHUKACH_INVALID);
        assert_int_equal(manifest_add_file(manifest, scratch, names[i], NULL),
                         SHUKACH_INVALID);
    }
    assert_int_equal(manifest_set(manifest, "a", "x\nsum", NULL),
                     SHUKACH_INVALID);
    assert_int_equal(manifest_add_file(manifest, scratch, "missing", NULL),
                     SHUKACH_NOT_FOUND);
    assert_int_equal(manifest_add_file(manifest, scratch, ".", NULL),
                     SHUKACH_IO);
    char *large = calloc(1, (size_t)2 << 20);
    memset(large, 'x', ((size_t)2 << 20) - 1);
    assert_int_equal(manifest_set(manifest, "large", large, NULL), SHUKACH_OK);
    assert_int_equal(manifest_write(manifest, scratch, NULL), SHUKACH_LIMIT);
    free(large);
    manifest_free(manifest);
}

static void malformed_lines_are_corrupt(void **state)
{
    (void)state;
#define SUM "0123456789abcdef0123456789abcdef"
    static const char *const lines[] = {
        "\n",
        "x\n",
        "fact\n",
        "fact \n",
        "fact x\n",
        "fact  x\n",
        "fact x 1\n\n",
        "file\n",
        "file \n",
        "file a\n",
        "file a 12\n",
        "file a 12 \n",
        "file  12 " SUM "\n",
        "file a  " SUM "\n",
        "file a -1 " SUM "\n",
        "file a +1 " SUM "\n",
        "file a 1x " SUM "\n",
        "file a 0x1 " SUM "\n",
        "file a b 12 " SUM "\n",
        "file a 18446744073709551616 " SUM "\n",
        "file a 12 " SUM "0\n",
        "file a 12 " SUM " \n",
        "file a 12 0123456789abcdef0123456789abcde\n",
        "file a 12 0123456789abcdef0123456789abcdeg\n",
        "file a 12 0123456789abcdef0123456789abcdeF\n",
        "sum 0123456789abcdef\n",
        "segment x\n",
    };
#undef SUM
    put(at("a"), "123456789012", 12);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        char text[200];
        snprintf(text, sizeof text, "shukach manifest 1\n%s", lines[i]);
        put_manifest(text);
        refuse(SHUKACH_CORRUPT, "rebuild");
    }
    put_manifest("shukach manifest 1\nfact x 1"); /* no newline */
    refuse(SHUKACH_CORRUPT, "rebuild");
    put_manifest("shukach manifest 1\n");
    struct manifest *manifest;
    assert_int_equal(manifest_read(scratch, &manifest, NULL), SHUKACH_OK);
    assert_int_equal(manifest_bytes(manifest), 0);
    manifest_free(manifest);
}

static void other_heads(void **state)
{
    (void)state;
    put_manifest("shukach manifest 2\nfact x 1\n");
    refuse(SHUKACH_VERSION, "rebuild");
    put_manifest("shukach manifest 10\nfact x 1\n");
    refuse(SHUKACH_VERSION, "rebuild");
    put_manifest("something else that is long enough to be one\n");
    refuse(SHUKACH_CORRUPT, "no manifest");
    put(at("manifest"), "", 0);
    refuse(SHUKACH_CORRUPT, "no manifest");
    put(at("manifest"), "shukach manifest 1\n", 19);
    refuse(SHUKACH_CORRUPT, "no manifest");
    put(at("manifest"), "shukach manifest 1\nfact x \0\nsum 0123456789abcdef\n",
        49);
    refuse(SHUKACH_CORRUPT, "no manifest");
    char *large = calloc(1, (size_t)2 << 20);
    put(at("manifest"), large, (size_t)2 << 20);
    free(large);
    refuse(SHUKACH_CORRUPT, "too large");
    assert_int_equal(file_remove(at("manifest"), NULL), SHUKACH_OK);
    refuse(SHUKACH_NOT_FOUND, "manifest");
}

static void every_flip_and_truncation_is_seen(void **state)
{
    (void)state;
    put(at("a"), "123456789012", 12);
    put_manifest("shukach manifest 1\nfact x 1\n"
                 "file a 12 0123456789abcdef0123456789abcdef\n");
    struct buf file = get(at("manifest"));
    for (size_t i = 0; i < file.length; i++) {
        struct manifest *manifest;
        put(at("manifest"), file.data, i);
        assert_int_equal(manifest_read(scratch, &manifest, NULL),
                         SHUKACH_CORRUPT);
        for (unsigned bit = 0; bit < 8; bit++) {
            file.data[i] = (char)(file.data[i] ^ (1 << bit));
            put(at("manifest"), file.data, file.length);
            enum shukach_status status =
                manifest_read(scratch, &manifest, NULL);
            assert_true(status == SHUKACH_CORRUPT || status == SHUKACH_VERSION);
            assert_null(manifest);
            file.data[i] = (char)(file.data[i] ^ (1 << bit));
        }
    }
    buf_free(&file);
}

static void sizes_are_checked(void **state)
{
    (void)state;
    struct manifest *manifest;
    put(at("a"), "123456789012", 12);
    put_manifest("shukach manifest 1\n"
                 "file a 12 0123456789abcdef0123456789abcdef\n");
    assert_int_equal(manifest_read(scratch, &manifest, NULL), SHUKACH_OK);
    manifest_free(manifest);
    put(at("a"), "12345678901", 11);
    refuse(SHUKACH_CORRUPT, "has 11 bytes instead of 12");
    assert_int_equal(file_remove(at("a"), NULL), SHUKACH_OK);
    refuse(SHUKACH_NOT_FOUND, "/a");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(round_trip),
        cmocka_unit_test(what_no_line_holds_is_refused),
        cmocka_unit_test(malformed_lines_are_corrupt),
        cmocka_unit_test(other_heads),
        cmocka_unit_test(every_flip_and_truncation_is_seen),
        cmocka_unit_test(sizes_are_checked),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
