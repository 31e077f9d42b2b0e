/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pairs of stems: what a document has is never denied, and damage is seen. */
#include "random.h"
#include "scratch.h"
#include "store.h"

#define COUNT 6
#define TOKENS_MAX 700

/* How many tokens document `i` has: none, one, and enough for many blocks. */
static size_t tokens_of(size_t i)
{
    return i < 2 ? i : 10 * i * i * i % TOKENS_MAX + i;
}

/* Its tokens: some at one position, a third of them in the title. */
static void make_tokens(size_t i, struct signature_token *out)
{
    uint32_t position = 0;
    random_state = 77 + i;
    for (size_t k = 0; k < tokens_of(i); k++) {
        bool title = k < tokens_of(i) / 3;
        if (k > 0 && !title && out[k - 1].title) {
            position += 1 + SIGNATURE_GAP;
        } else if (k > 0) {
            position += pick(5) > 0;
        }
        out[k] = (struct signature_token){.stem = (uint16_t)(2 + pick(60000)),
                                          .title = title,
                                          .position = position};
    }
}

static void add_document(struct pairs_writer *writer, size_t i)
{
    struct signature_token tokens[TOKENS_MAX];
    struct buf signature;
    buf_init(&signature, 1 << 20);
    make_tokens(i, tokens);
    for (size_t k = 0; k < tokens_of(i); k++) {
        signature_add(&signature, &tokens[k], k > 0 ? &tokens[k - 1] : NULL);
    }
    assert_int_equal(pairs_add(writer, &signature, NULL), SHUKACH_OK);
    buf_free(&signature);
}

static void write_pairs(const char *path, size_t from, size_t to)
{
    struct pairs_writer *writer;
    assert_int_equal(file_remove(path, NULL), SHUKACH_OK);
    assert_int_equal(pairs_create(path, &writer, NULL), SHUKACH_OK);
    for (size_t i = from; i < to; i++) {
        add_document(writer, i);
    }
    assert_int_equal(pairs_finish(writer, NULL), SHUKACH_OK);
    pairs_close(writer);
}

/* Asks for all pairs of a document, with what stands at the next position or
 * so far behind; how many of them it has. CORRUPT. */
static enum shukach_status ask(const struct pairs *pairs, size_t i,
                               uint32_t behind, size_t *asked, size_t *had)
{
    struct signature_token tokens[TOKENS_MAX];
    make_tokens(i, tokens);
    *asked = 0;
    *had = 0;
    for (size_t k = 0; k < tokens_of(i); k++) {
        uint32_t wanted = tokens[k].position + behind;
        for (size_t n = k + 1; n < tokens_of(i) && tokens[n].position <= wanted;
             n++) {
            if (tokens[n].position < wanted) {
                continue;
            }
            uint64_t key = pairs_key(tokens[k].stem, tokens[n].stem);
            bool found;
            enum shukach_status status =
                pairs_have(pairs, i, &key, 1, &found, NULL);
            if (status != SHUKACH_OK) {
                return status;
            }
            ++*asked;
            *had += found;
        }
    }
    return SHUKACH_OK;
}

static void round_trip(void **unused)
{
    (void)unused;
    struct pairs *pairs = NULL;
    write_pairs(at("first"), 0, 2);
    write_pairs(at("second"), 2, COUNT);
    write_pairs(at("none"), 0, 0);
    assert_int_equal(pairs_append(&pairs, at("first"), NULL), SHUKACH_OK);
    assert_int_equal(pairs_append(&pairs, at("none"), NULL), SHUKACH_OK);
    assert_int_equal(pairs_append(&pairs, at("second"), NULL), SHUKACH_OK);
    assert_int_equal(pairs_count(pairs), COUNT);
    size_t all = 0;
    size_t wrong = 0;
    for (size_t i = 0; i < COUNT; i++) {
        size_t asked;
        size_t had;
        assert_int_equal(ask(pairs, i, 1, &asked, &had), SHUKACH_OK);
        assert_int_equal(had, asked);
        assert_true(asked > 0 || i < 2);
        for (uint32_t behind = 2; behind < 6; behind++) {
            assert_int_equal(ask(pairs, i, behind, &asked, &had), SHUKACH_OK);
            all += asked;
            wrong += had;
        }
    }
    print_message("%zu of %zu pairs are said to be there and are not\n", wrong,
                  all);
    assert_true(all > 2000);
    assert_true(wrong < all / 5);
    bool found;
    uint64_t keys[2] = {pairs_key(2, 3), pairs_key(3, 2)};
    assert_int_not_equal(keys[0], keys[1]);
    assert_int_equal(pairs_have(pairs, 0, keys, 2, &found, NULL), SHUKACH_OK);
    assert_false(found);
    assert_int_equal(pairs_have(pairs, COUNT, keys, 2, &found, NULL),
                     SHUKACH_CORRUPT);
    assert_int_equal(pairs_have(pairs, UINT64_MAX, keys, 2, &found, NULL),
                     SHUKACH_CORRUPT);
    pairs_free(pairs);
    pairs_free(NULL);
    pairs_close(NULL);
}

/* What stands in the last place of the title and in the first of the text, or
 * at one position, is no pair; each of several with each of the next is. */
static void what_is_a_pair(void **unused)
{
    (void)unused;
    static const struct {
        uint16_t first;
        uint16_t second;
        bool pair;
    } rows[] = {{10, 11, false}, {11, 10, false}, {10, 12, true},
                {11, 12, true},  {12, 10, false}, {12, 13, false},
                {13, 14, true},  {14, 14, false}, {12, 14, false}};
    static const struct signature_token tokens[] = {
        {.stem = 10, .title = true, .position = 0},
        {.stem = 11, .title = true, .position = 0},
        {.stem = 12, .title = true, .position = 1},
        {.stem = 13, .position = 102},
        {.stem = 14, .position = 103},
    };
    struct pairs_writer *writer;
    struct pairs *pairs = NULL;
    struct buf signature;
    buf_init(&signature, 100);
    for (size_t i = 0; i < 5; i++) {
        signature_add(&signature, &tokens[i], i > 0 ? &tokens[i - 1] : NULL);
    }
    assert_int_equal(pairs_create(at("few"), &writer, NULL), SHUKACH_OK);
    assert_int_equal(pairs_add(writer, &signature, NULL), SHUKACH_OK);
    assert_int_equal(pairs_finish(writer, NULL), SHUKACH_OK);
    pairs_close(writer);
    buf_free(&signature);
    assert_int_equal(pairs_append(&pairs, at("few"), NULL), SHUKACH_OK);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint64_t key = pairs_key(rows[i].first, rows[i].second);
        bool found;
        assert_int_equal(pairs_have(pairs, 0, &key, 1, &found, NULL),
                         SHUKACH_OK);
        if (found != rows[i].pair) {
            fail_msg("%u %u", rows[i].first, rows[i].second);
        }
    }
    pairs_free(pairs);
}

/* Asks for everything. What is not seen must be harmless. */
static bool damage_is_seen(const char *path)
{
    struct pairs *pairs = NULL;
    struct shukach_error err = {0};
    enum shukach_status status = pairs_append(&pairs, path, &err);
    bool seen = status != SHUKACH_OK;
    if (seen) {
        assert_int_equal(status, SHUKACH_CORRUPT);
        assert_non_null(strstr(err.message, "rebuild"));
    } else {
        assert_int_equal(pairs_count(pairs), COUNT);
    }
    for (size_t i = 0; i < COUNT && status == SHUKACH_OK; i++) {
        /* Other pairs than it has, too, since it has none in some blocks. */
        for (uint32_t behind = 1; behind < 3; behind++) {
            size_t asked;
            size_t had;
            status = ask(pairs, i, behind, &asked, &had);
            assert_true(status == SHUKACH_OK || status == SHUKACH_CORRUPT);
            assert_true(status != SHUKACH_OK || behind > 1 || had == asked);
            seen = seen || status != SHUKACH_OK;
        }
        uint64_t key = pairs_key((uint16_t)(2 + i), 5);
        bool found;
        seen =
            pairs_have(pairs, i, &key, 1, &found, NULL) != SHUKACH_OK || seen;
    }
    pairs_free(pairs);
    return seen;
}

static void every_flip_is_seen(void **unused)
{
    (void)unused;
    write_pairs(at("pairs"), 0, COUNT);
    assert_false(damage_is_seen(at("pairs")));
    struct buf file = get(at("pairs"));
    for (size_t i = 0; i < 8 * file.length; i++) {
        file.data[i / 8] = (char)(file.data[i / 8] ^ 1 << i % 8);
        put(at("flipped"), file.data, file.length);
        if (!damage_is_seen(at("flipped"))) {
            fail_msg("bit %zu of %zu", i, 8 * file.length);
        }
        file.data[i / 8] = (char)(file.data[i / 8] ^ 1 << i % 8);
    }
    buf_free(&file);
}

static void every_truncation_is_seen(void **unused)
{
    (void)unused;
    write_pairs(at("pairs"), 0, COUNT);
    struct buf file = get(at("pairs"));
    for (size_t length = 0; length < file.length; length++) {
        put(at("cut"), file.data, length);
        assert_true(damage_is_seen(at("cut")));
    }
    buf_free(&file);
}

/* Numbers of the table, and how many there are. */
static void wrong_numbers_are_seen(void **unused)
{
    (void)unused;
    static const uint32_t numbers[] = {0,         1,          2,
                                       3,         COUNT - 1,  COUNT + 1,
                                       INT32_MAX, UINT32_MAX, UINT32_MAX - 1};
    write_pairs(at("pairs"), 0, COUNT);
    /* From the end: the magic, the number, the table backwards. */
    for (size_t place = 0; place < COUNT + 3; place++) {
        for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
            struct buf file = get(at("pairs"));
            char *number = file.data + file.length - 12 - 4 * place;
            struct buf before = get(at("pairs"));
            for (size_t k = 0; k < 4; k++) {
                number[k] = (char)(numbers[i] >> (8 * k) & 0xff);
            }
            put(at("wrong"), file.data, file.length);
            bool same = memcmp(before.data, file.data, file.length) == 0;
            assert_true(same || damage_is_seen(at("wrong")));
            buf_free(&file);
            buf_free(&before);
        }
    }
}

/* Each block alone is as it was written. */
static void exchanged_blocks_are_seen(void **unused)
{
    (void)unused;
    write_pairs(at("pairs"), 0, COUNT);
    struct buf file = get(at("pairs"));
    for (size_t i = 0; i < 5; i++) {
        char *blocks = file.data + 64 * i;
        char block[64];
        memcpy(block, blocks, 64);
        memmove(blocks, blocks + 64, 64);
        memcpy(blocks + 64, block, 64);
        put(at("exchanged"), file.data, file.length);
        assert_true(damage_is_seen(at("exchanged")));
    }
    buf_free(&file);
}

static void failures(void **unused)
{
    (void)unused;
    struct pairs_writer *writer;
    struct pairs *pairs = NULL;
    put(at("there"), "x", 1);
    assert_int_equal(pairs_create(at("there"), &writer, NULL), SHUKACH_IO);
    assert_null(writer);
    assert_int_equal(pairs_append(&pairs, at("missing"), NULL),
                     SHUKACH_NOT_FOUND);
    assert_int_equal(pairs_append(&pairs, at("there"), NULL), SHUKACH_CORRUPT);
    assert_int_equal(pairs_count(pairs), 0);
    pairs_free(pairs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(round_trip),
        cmocka_unit_test(what_is_a_pair),
        cmocka_unit_test(every_flip_is_seen),
        cmocka_unit_test(every_truncation_is_seen),
        cmocka_unit_test(wrong_numbers_are_seen),
        cmocka_unit_test(exchanged_blocks_are_seen),
        cmocka_unit_test(failures),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
