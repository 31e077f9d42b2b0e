/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scratch.h"
#include "store.h"

struct word {
    const char *stem;
    uint32_t position;
    bool title;
};

static struct signature_token token_of(const struct word *word)
{
    struct signature_token token = signature_of(
        word->stem, strlen(word->stem), false, word->stem, strlen(word->stem));
    token.position = word->position;
    token.title = word->title;
    return token;
}

static void round_trip(const struct word *words, size_t count, size_t bytes)
{
    struct buf buf;
    struct signature_token before = {0};
    buf_init(&buf, 10000);
    for (size_t i = 0; i < count; i++) {
        struct signature_token token = token_of(&words[i]);
        signature_add(&buf, &token, i > 0 ? &before : NULL);
        before = token;
    }
    assert_int_equal(buf.length, bytes);
    struct arena arena = {0};
    struct signature_token *got;
    size_t got_count;
    const struct signature signature = {
        .data = (const unsigned char *)buf_text(&buf), .length = buf.length};
    assert_int_equal(
        signature_decode(&signature, NULL, &arena, &got, &got_count, NULL),
        SHUKACH_OK);
    assert_int_equal(got_count, count);
    for (size_t i = 0; i < count; i++) {
        struct signature_token token = token_of(&words[i]);
        assert_int_equal(got[i].stem, token.stem);
        assert_int_equal(got[i].form, token.form);
        assert_int_equal(got[i].position, token.position);
        assert_int_equal(got[i].title, token.title);
    }
    arena_free(&arena);
    buf_free(&buf);
}

static void title_and_text(void **state)
{
    (void)state;
    /* Two stems at one position, at both ends of both fields. */
    static const struct word words[] = {
        {"день", 0, true},   {"дня", 0, true},      {"київ", 1, true},
        {"рік", 2, true},    {"рок", 2, true},      {"мати", 103, false},
        {"мат", 103, false}, {"мати", 103, false},  {"слово", 104, false},
        {"три", 105, false}, {"терти", 105, false},
    };
    /* 11 tokens, 5 marks of the same place, 1 of the text. */
    round_trip(words, 11, 17 * 3);
}

static void title_alone(void **state)
{
    (void)state;
    static const struct word words[] = {{"день", 0, true}, {"ніч", 1, true}};
    round_trip(words, 2, 2 * 3);
}

static void text_alone(void **state)
{
    (void)state;
    static const struct word words[] = {
        {"день", 0, false}, {"дня", 0, false}, {"ніч", 1, false}};
    round_trip(words, 3, 5 * 3);
}

static void nothing(void **state)
{
    (void)state;
    round_trip(NULL, 0, 0);
}

static void hashes_are_no_marks(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 0x10000; i++) {
        assert_true(signature_short(i) >= 2);
    }
    struct signature_token ours = signature_of("мир", 6, false, "миру", 8);
    struct signature_token russian = signature_of("мир", 6, true, "миру", 8);
    assert_int_not_equal(ours.stem, russian.stem);
    assert_int_equal(ours.form, russian.form);
    assert_true(ours.stem == signature_short(signature_stem("мир", 6, false)));
}

static void length_is_checked(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct signature_token *got;
    size_t count;
    static const unsigned char data[] = {5, 5, 5, 6, 6, 6};
    for (size_t length = 0; length <= sizeof data; length++) {
        struct shukach_error err = {0};
        const struct signature signature = {.data = data, .length = length};
        enum shukach_status status =
            signature_decode(&signature, NULL, &arena, &got, &count, &err);
        if (length % 3 == 0) {
            assert_int_equal(status, SHUKACH_OK);
            assert_int_equal(count, length / 3);
        } else {
            assert_int_equal(status, SHUKACH_CORRUPT);
            assert_non_null(strstr(err.message, "rebuild"));
        }
    }
    const struct signature huge = {.data = data,
                                   .length = SIZE_MAX - SIZE_MAX % 3};
    assert_int_equal(signature_decode(&huge, NULL, &arena, &got, &count, NULL),
                     SHUKACH_NOMEM);
    arena_free(&arena);
}

/* Asking for some stems, of every `step`-th token and of no token, gives what
 * all of them give, less the others. */
static void assert_asked_by(const struct signature *signature,
                            struct arena *arena,
                            const struct signature_token *all, size_t all_count,
                            size_t step)
{
    struct signature_filter asked = {.arena = arena};
    struct signature_token *got;
    size_t count;
    size_t n = 0;
    for (size_t i = step / 2; i < all_count; i += step) {
        signature_ask(&asked, all[i].stem);
    }
    signature_ask(&asked, 12345);
    assert_int_equal(
        signature_decode(signature, &asked, arena, &got, &count, NULL),
        SHUKACH_OK);
    for (size_t i = 0; i < all_count; i++) {
        if ((asked.stems[all[i].stem / 64] >> (all[i].stem % 64) & 1) != 0) {
            assert_true(n < count);
            assert_int_equal(got[n].stem, all[i].stem);
            assert_int_equal(got[n].form, all[i].form);
            assert_int_equal(got[n].position, all[i].position);
            assert_int_equal(got[n].title, all[i].title);
            n++;
        }
    }
    assert_int_equal(n, count);
}

static void assert_asked(const struct signature *signature, struct arena *arena,
                         const struct signature_token *all, size_t all_count)
{
    /* From all stems down to one. */
    for (size_t step = 1; step <= 2 * all_count + 2; step = 2 * step + 1) {
        assert_asked_by(signature, arena, all, all_count, step);
    }
}

static void any_bytes_can_be_decoded(void **state)
{
    (void)state;
    uint64_t random = 20240319; /* the seed */
    size_t decoded = 0;
    struct arena arena = {0};
    for (int round = 0; round < 2000; round++) {
        unsigned char data[300];
        for (size_t i = 0; i < sizeof data; i++) {
            random = random * UINT64_C(6364136223846793005) + 1;
            /* Many marks. */
            data[i] = (unsigned char)(random >> 40);
            data[i] = random >> 61 < 5 ? data[i] & 1 : data[i];
        }
        struct signature_token *got;
        size_t count;
        /* Every other time with codes, of entries that are themselves odd. */
        const struct signature signature = {
            .data = data,
            .length = (size_t)(random >> 33) % sizeof data,
            .codes = {.entries = data, .count = round % 2 == 0 ? 0 : 100}};
        enum shukach_status status =
            signature_decode(&signature, NULL, &arena, &got, &count, NULL);
        assert_true(status == SHUKACH_OK || status == SHUKACH_CORRUPT);
        for (size_t i = 1; status == SHUKACH_OK && i < count; i++) {
            assert_true(got[i].position >= got[i - 1].position);
            assert_true(got[i].title <= got[i - 1].title);
        }
        if (status == SHUKACH_OK) {
            assert_asked(&signature, &arena, got, count);
            decoded++;
        }
        arena_reset(&arena);
    }
    assert_true(decoded > 10);
    arena_free(&arena);
}

/* ---- Codes --------------------------------------------------------------- */

/* `count` tokens of so many kinds, the first of them the most frequent. */
static void add_words(struct buf *out, size_t count, uint32_t kinds,
                      uint64_t *random)
{
    struct signature_token last = {0};
    for (size_t i = 0; i < count; i++) {
        *random = *random * UINT64_C(6364136223846793005) + 1;
        uint32_t kind = (uint32_t)(*random >> 33) % kinds;
        kind = kind % (1 + (uint32_t)(*random >> 40) % kinds);
        struct signature_token token = {
            .stem = signature_short(kind * 40503U),
            .form = (uint8_t)kind,
            .position = last.position + (i > 0 && kind % 7 != 0 ? 1 : 0)};
        signature_add(out, &token, i > 0 ? &last : NULL);
        last = token;
    }
}

static void codes_change_nothing(void **state)
{
    (void)state;
    static const uint32_t kinds[] = {1, 2, 100, 128, 129, 5000, 200000};
    uint64_t random = 7; /* the seed */
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct buf learned;
        struct buf plain;
        struct buf rare;
        struct buf coded;
        struct signature_coder *coder;
        buf_init(&learned, SIZE_MAX / 2);
        buf_init(&rare, SIZE_MAX / 2);
        buf_init(&plain, SIZE_MAX / 2);
        buf_init(&coded, SIZE_MAX / 2);
        add_words(&learned, 100000, kinds[i], &random);
        add_words(&plain, 10000, (kinds[i] > 100 ? 2 : 1) * kinds[i], &random);
        assert_int_equal(signature_coder_new(&learned, &coder, NULL),
                         SHUKACH_OK);
        signature_encode(coder, plain.data, plain.length, &rare, &coded);
        const struct signature before = {
            .data = (const unsigned char *)plain.data, .length = plain.length};
        const struct signature after = {.data =
                                            (const unsigned char *)coded.data,
                                        .length = coded.length,
                                        .codes = signature_coder_codes(coder)};
        struct arena arena = {0};
        struct signature_token *wanted;
        struct signature_token *got;
        size_t wanted_count;
        size_t count;
        assert_int_equal(signature_decode(&before, NULL, &arena, &wanted,
                                          &wanted_count, NULL),
                         SHUKACH_OK);
        assert_int_equal(
            signature_decode(&after, NULL, &arena, &got, &count, NULL),
            SHUKACH_OK);
        assert_int_equal(count, wanted_count);
        for (size_t j = 0; j < count; j++) {
            assert_int_equal(got[j].stem, wanted[j].stem);
            assert_int_equal(got[j].form, wanted[j].form);
            assert_int_equal(got[j].position, wanted[j].position);
        }
        assert_asked(&after, &arena, got, count);
        /* Where all are known each takes two bytes. */
        assert_true(kinds[i] > 100 ||
                    after.length <= 3 + before.length / 3 * 2);
        arena_free(&arena);
        signature_coder_free(coder);
        buf_free(&learned);
        buf_free(&plain);
        buf_free(&rare);
        buf_free(&coded);
    }
}

/* ---- Asking -------------------------------------------------------------- */

/* A signature with codes: sixty stems of two forms each, so that those of
 * stems beside each other follow one another. */
#define STEMS 60

static void make_codes(unsigned char *entries)
{
    memset(entries, 0, 6);
    entries[3] = 1; /* the text begins */
    for (int i = 0; i < 2 * STEMS; i++) {
        unsigned char *entry = entries + 6 + 3 * i;
        /* Those of the second half are far away. */
        entry[0] = (unsigned char)(10 + i / 2);
        entry[1] = i / 2 < STEMS / 2 ? 0 : 0x90;
        entry[2] = (unsigned char)(i % 2);
    }
}

struct coded {
    struct buf codes;
    struct buf rare;
    size_t count;
};

static void add_code(struct coded *out, uint32_t code)
{
    buf_add_char(&out->codes, (char)(code & 0xff));
    buf_add_char(&out->codes, (char)(code >> 8));
    out->count++;
}

static void add_rare(struct coded *out, uint32_t stem)
{
    add_code(out, 0xffff);
    buf_add_char(&out->rare, (char)(stem & 0xff));
    buf_add_char(&out->rare, (char)(stem >> 8));
    buf_add_char(&out->rare, 7);
}

/* So many tokens, the text after a third of them; some stand where the one
 * before does, and some, whose stems may be the codes' too, are rare. */
static void make_coded(struct coded *out, size_t tokens, uint64_t *random)
{
    buf_init(&out->codes, SIZE_MAX / 2);
    buf_init(&out->rare, SIZE_MAX / 2);
    out->count = 0;
    for (size_t i = 0; i < tokens; i++) {
        *random = *random * UINT64_C(6364136223846793005) + 1;
        uint32_t value = (uint32_t)(*random >> 33);
        if (i == tokens / 3) {
            add_code(out, 1);
        } else if (value % 4 == 0 && i > 0) {
            add_code(out, 0);
        }
        if (value % 5 == 0) {
            add_rare(out, 5 + value / 64 % 90);
        } else {
            add_code(out, 2 + value / 64 % (2 * STEMS));
        }
    }
}

/* As it is stored, after some bytes. */
static void add_coded(const struct coded *coded, size_t before, struct buf *out)
{
    for (size_t i = 0; i < before; i++) {
        buf_add_char(out, 'x');
    }
    buf_add_varint(out, coded->count);
    buf_add(out, buf_text(&coded->codes), coded->codes.length);
    buf_add(out, buf_text(&coded->rare), coded->rare.length);
}

static void assert_coded(const struct coded *coded, size_t before)
{
    unsigned char entries[6 + 6 * STEMS];
    struct arena arena = {0};
    struct signature_token *all;
    size_t count;
    struct buf stored;
    buf_init(&stored, SIZE_MAX / 2);
    make_codes(entries);
    add_coded(coded, before, &stored);
    const struct signature signature = {
        .data = (const unsigned char *)stored.data + before,
        .length = stored.length - before,
        .codes = {.entries = entries, .count = 2 + 2 * STEMS}};
    assert_int_equal(
        signature_decode(&signature, NULL, &arena, &all, &count, NULL),
        SHUKACH_OK);
    assert_asked(&signature, &arena, all, count);
    arena_free(&arena);
    buf_free(&stored);
}

static void asked_at_every_place(void **state)
{
    (void)state;
    uint64_t random = 99; /* the seed */
    for (size_t tokens = 0; tokens < 100; tokens++) {
        struct coded coded;
        make_coded(&coded, tokens, &random);
        for (size_t before = 0; before < 16; before++) {
            assert_coded(&coded, before);
        }
        buf_free(&coded.codes);
        buf_free(&coded.rare);
    }
}

/* Far more than a vector can count: pairs of tokens at one place each, and
 * then the only one that is asked for. */
static void asked_after_many_marks(void **state)
{
    (void)state;
    const size_t pairs = 300000;
    for (uint32_t stems = 1; stems < 40; stems += 38) {
        struct coded coded = {0};
        struct buf stored;
        struct arena arena = {0};
        struct signature_filter asked = {.arena = &arena};
        unsigned char entries[3 * 1000] = {0, 0, 0, 1, 0, 0};
        for (uint32_t i = 2; i < 1000; i++) {
            entries[3 * i] = (unsigned char)i;
            entries[3 * i + 1] = (unsigned char)(i >> 8);
        }
        buf_init(&coded.codes, SIZE_MAX / 2);
        buf_init(&coded.rare, SIZE_MAX / 2);
        buf_init(&stored, SIZE_MAX / 2);
        for (size_t i = 0; i < pairs; i++) {
            add_code(&coded, 2);
            add_code(&coded, 0);
            add_code(&coded, 3);
        }
        add_code(&coded, 500);
        add_coded(&coded, 0, &stored);
        /* Every other stem: ranges of one code. */
        for (uint32_t i = 0; i < stems; i++) {
            signature_ask(&asked, 500 + 2 * i);
        }
        const struct signature signature = {
            .data = (const unsigned char *)stored.data,
            .length = stored.length,
            .codes = {.entries = entries, .count = 1000}};
        struct signature_token *got;
        size_t count;
        assert_int_equal(
            signature_decode(&signature, &asked, &arena, &got, &count, NULL),
            SHUKACH_OK);
        assert_int_equal(count, 1);
        assert_int_equal(got[0].position, pairs);
        arena_free(&arena);
        buf_free(&coded.codes);
        buf_free(&coded.rare);
        buf_free(&stored);
    }
}

/* Rare entries are counted where one of them is asked for. */
static void rare_entries_are_counted(void **state)
{
    (void)state;
    static const struct {
        uint32_t asked;
        size_t codes;
        size_t entries;
        enum shukach_status status;
    } rows[] = {
        {2000, 3, 3, SHUKACH_OK},        {2000, 3, 2, SHUKACH_CORRUPT},
        {2000, 2, 3, SHUKACH_CORRUPT},   {2002, 2, 3, SHUKACH_CORRUPT},
        {2002, 20, 20, SHUKACH_OK},      {2002, 20, 19, SHUKACH_CORRUPT},
        {2002, 19, 20, SHUKACH_CORRUPT}, {2002, 3, 0, SHUKACH_OK},
        {1999, 3, 2, SHUKACH_OK},
    };
    unsigned char entries[6 + 6 * STEMS];
    make_codes(entries);
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        struct coded coded = {0};
        struct buf stored;
        struct arena arena = {0};
        struct signature_filter asked = {.arena = &arena};
        struct signature_token *got;
        size_t count;
        buf_init(&coded.codes, 1000);
        buf_init(&coded.rare, 1000);
        buf_init(&stored, 1000);
        for (size_t i = 0; i < rows[r].codes; i++) {
            add_code(&coded, 0xffff);
            add_code(&coded, 5);
        }
        for (size_t i = 0; i < rows[r].entries; i++) {
            buf_add_char(&coded.rare, (char)(2000 + i));
            buf_add_char(&coded.rare, (char)((2000 + i) >> 8));
            buf_add_char(&coded.rare, 0);
        }
        add_coded(&coded, 0, &stored);
        signature_ask(&asked, rows[r].asked);
        const struct signature signature = {
            .data = (const unsigned char *)stored.data,
            .length = stored.length,
            .codes = {.entries = entries, .count = 2 + 2 * STEMS}};
        assert_int_equal(
            signature_decode(&signature, &asked, &arena, &got, &count, NULL),
            rows[r].status);
        arena_free(&arena);
        buf_free(&coded.codes);
        buf_free(&coded.rare);
        buf_free(&stored);
    }
}

static void codes_of_nothing(void **state)
{
    (void)state;
    struct buf none;
    struct buf coded;
    struct signature_coder *coder;
    buf_init(&none, 10);
    buf_init(&coded, 10);
    assert_int_equal(signature_coder_new(&none, &coder, NULL), SHUKACH_OK);
    /* The marks have theirs. */
    assert_int_equal(signature_coder_codes(coder).count, 2);
    signature_coder_free(coder);
    signature_coder_free(NULL);
    signature_encode(NULL, "abcdef", 6, NULL, &coded);
    assert_int_equal(coded.length, 6);
    assert_memory_equal(coded.data, "abcdef", 6);
    buf_free(&coded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(title_and_text),
        cmocka_unit_test(title_alone),
        cmocka_unit_test(text_alone),
        cmocka_unit_test(nothing),
        cmocka_unit_test(hashes_are_no_marks),
        cmocka_unit_test(length_is_checked),
        cmocka_unit_test(any_bytes_can_be_decoded),
        cmocka_unit_test(codes_change_nothing),
        cmocka_unit_test(codes_of_nothing),
        cmocka_unit_test(asked_at_every_place),
        cmocka_unit_test(asked_after_many_marks),
        cmocka_unit_test(rare_entries_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
