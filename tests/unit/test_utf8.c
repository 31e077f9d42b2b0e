/* SPDX-License-Identifier: GPL-3.0-or-later */
/* UTF-8 against a reference written the other way round: a sequence is
 * valid where it is the encoding of some character. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base.h"

/* RFC 3629, section 3, by arithmetic. */
static size_t reference(const unsigned char *bytes, size_t left, uint32_t *code)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t length = 0;
    if (left > 0 && bytes[0] < 0x80) {
        *code = bytes[0];
        return 1;
    }
    for (size_t n = 2; n <= 4 && left > 0; n++) {
        if (bytes[0] >> (7 - n) == (0xff >> (7 - n) & ~1)) {
            length = n;
        }
    }
    if (length == 0 || length > left) {
        return 0;
    }
    uint32_t sum = bytes[0] & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) {
        if (bytes[i] >> 6 != 2) {
            return 0;
        }
        sum = sum * 64 + bytes[i] % 64;
    }
    bool surrogate = sum >= 0xd800 && sum <= 0xdfff;
    *code = sum;
    return sum < least[length] || sum > 0x10ffff || surrogate ? 0 : length;
}

static void agree(const unsigned char *bytes, size_t left)
{
    uint32_t wanted = 0;
    uint32_t got = 0;
    size_t length = reference(bytes, left, &wanted);
    if (utf8_decode((const char *)bytes, left, &got) != length ||
        (length > 0 && got != wanted)) {
        fail_msg("%02x %02x %02x %02x, %zu left", bytes[0], bytes[1], bytes[2],
                 bytes[3], left);
    }
}

static void decode_equals_reference(void **state)
{
    (void)state;
    /* The bytes at the borders of all ranges, in every place but the first,
     * which takes every value. */
    static const unsigned char border[] = {0x00, 0x41, 0x7f, 0x80, 0x81, 0x8f,
                                           0x90, 0x9f, 0xa0, 0xad, 0xbf, 0xc0,
                                           0xc2, 0xe0, 0xed, 0xf0, 0xf4, 0xff};
    size_t count = sizeof border;
    for (unsigned first = 0; first < 256; first++) {
        for (size_t i = 0; i < count * count * count; i++) {
            unsigned char bytes[] = {(unsigned char)first, border[i % count],
                                     border[i / count % count],
                                     border[i / count / count]};
            for (size_t left = 0; left <= 4; left++) {
                agree(bytes, left);
            }
        }
    }
    for (unsigned i = 0; i < 0x10000; i++) {
        unsigned char bytes[] = {(unsigned char)(i >> 8),
                                 (unsigned char)(i & 0xff), 0xbf, 0x80};
        agree(bytes, 2);
        agree(bytes, 4);
    }
}

static void every_character_round_trips(void **state)
{
    (void)state;
    for (uint32_t code = 0; code <= 0x10ffff; code++) {
        char text[4];
        uint32_t got;
        size_t length = utf8_encode(code, text);
        bool surrogate = code >= 0xd800 && code <= 0xdfff;
        size_t decoded = utf8_decode(text, length, &got);
        if (decoded != (surrogate ? 0 : length) ||
            (!surrogate && got != code)) {
            fail_msg("U+%04X", code);
        }
    }
}

static void valid_names_the_first_bad_byte(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t bad;
    } cases[] = {
        {"\xff", 0},
        {"її\xd1", 4},
        {"ї\xd1z", 2},
        {"abc\xed\xa0\x80", 3},
        {"\xf4\x90\x80\x80", 0},
        {"a\xc0\x80", 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t bad = 99;
        const char *text = cases[i].text;
        assert_false(utf8_valid(text, strlen(text), &bad));
        assert_int_equal(bad, cases[i].bad);
    }
    assert_true(utf8_valid("", 0, NULL));
    assert_true(utf8_valid("м\0яч", 7, NULL));
}

/* The first byte of no character; the length if there is none. */
static size_t first_bad(const char *text, size_t length)
{
    size_t at = 0;
    uint32_t code;
    size_t n = 1;
    while (at < length && n > 0) {
        n = utf8_decode(text + at, length - at, &code);
        at += n;
    }
    return at;
}

static void valid_equals_decoding(void **state)
{
    (void)state;
    static const char *const pieces[] = {
        "a",     "ї", "€",   "\xf0\x9f\x87\xba", "\x80", "\xd1", "\xc1", "\xbf",
        "слово", " ", "word"};
    const size_t count = sizeof pieces / sizeof *pieces;
    uint64_t random = 1;
    size_t sound = 0;
    for (size_t i = 0; i < 200000; i++) {
        char text[256] = "";
        size_t length = 0;
        size_t bad = SIZE_MAX;
        /* Mostly of sound pieces, so that what is bad stands anywhere. */
        for (size_t k = 0; k < 1 + i % 16; k++) {
            random = hash64(&random, sizeof random);
            size_t piece =
                random % 64 == 0 ? 4 + random / 64 % 4 : random / 64 % count;
            piece = random % 64 != 0 && piece >= 4 && piece < 8 ? 8 : piece;
            length += (size_t)snprintf(text + length, sizeof text - length,
                                       "%s", pieces[piece]);
        }
        size_t wanted = first_bad(text, length);
        bool valid = utf8_valid(text, length, &bad);
        assert_int_equal(valid, wanted == length);
        assert_true(valid || bad == wanted);
        sound += valid;
    }
    assert_true(sound > 100000 && sound < 199000);
}

static void floor_goes_to_the_beginning(void **state)
{
    (void)state;
    const char *text = "aї€\xf0\x9f\x87\xba";
    static const size_t floors[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10};
    for (size_t i = 0; i < sizeof floors / sizeof *floors; i++) {
        assert_int_equal(utf8_floor(text, i), floors[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decode_equals_reference),
        cmocka_unit_test(every_character_round_trips),
        cmocka_unit_test(valid_names_the_first_bad_byte),
        cmocka_unit_test(valid_equals_decoding),
        cmocka_unit_test(floor_goes_to_the_beginning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
