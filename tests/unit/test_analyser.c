/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What holds for the tokens of any text. The properties themselves are
 * those of the fuzz entry, which aborts where one fails; here it is fed
 * without a fuzzer. What tokens are right is said in tests/cases. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <locale.h>

#include "../fuzz/fuzz_analyser.c"

static void check(const char *text, size_t length)
{
    assert_int_equal(LLVMFuzzerTestOneInput((const uint8_t *)text, length), 0);
}

/* ---- Properties ------------------------------------------------------ */

/* Pieces of which random texts are put together: what the tokeniser treats
 * in a way of its own. */
static const char *const pieces[] = {
    " ",      "-",      ".",      ",",        ":",      "/",      "'",
    "’",      "–",      "@",      "#",        "%",      "1",      "300",
    "000",    "12",     "2026",   "05",       "٣",      "а",      "б",
    "С",      "C",      "Су",     "Шахедів",  "мм",     "ми",     "го",
    "р",      "HIMARS", "i",      "і",        "é",      "ґ",      "ы",
    "ё",      "Ѐ",      "слово",  "https://", "www.",   ".ua",    "a.b",
    "北",     "😀",      "ß",      "İ",        "ﬁ",      "\u0301", "\u0306",
    "\u00ad", "\u200b", "\u2060", "\u00a0",   "\u202f", "\u0378", "\U000e0001",
};

static uint64_t random_next(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static void random_texts(void **state)
{
    (void)state;
    uint64_t seed = 20260510;
    print_message("seed %llu\n", (unsigned long long)seed);
    for (size_t round = 0; round < 20000; round++) {
        char text[512];
        size_t length = 0;
        size_t count = random_next(&seed) % 24;
        for (size_t i = 0; i < count; i++) {
            const char *piece =
                pieces[random_next(&seed) % (sizeof pieces / sizeof *pieces)];
            memcpy(text + length, piece, strlen(piece));
            length += strlen(piece);
        }
        check(text, length);
    }
}

static void random_bytes(void **state)
{
    (void)state;
    uint64_t seed = 19910824;
    print_message("seed %llu\n", (unsigned long long)seed);
    for (size_t round = 0; round < 5000; round++) {
        char text[256];
        size_t length = random_next(&seed) % sizeof text;
        for (size_t i = 0; i < length; i++) {
            text[i] = (char)random_next(&seed);
        }
        check(text, length);
    }
}

/* Every character of the planes in use and some of the others, between
 * letters and alone. */
static void every_character(void **state)
{
    (void)state;
    for (uint32_t code = 1; code <= 0x10ffff; code++) {
        bool in_use = code < 0x32000 || code >> 12 == 0xe0;
        if ((code >= 0xd800 && code <= 0xdfff) || (!in_use && code % 61 != 0)) {
            continue;
        }
        char text[32] = "б";
        size_t length = strlen(text);
        length += utf8_encode(code, text + length);
        text[length++] = 'b';
        text[length++] = ' ';
        length += utf8_encode(code, text + length);
        length += utf8_encode(code, text + length);
        check(text, length);
    }
}

/* ---- Length ---------------------------------------------------------- */

static char *repeat(const char *piece, size_t bytes, size_t *length)
{
    size_t n = strlen(piece);
    *length = bytes / n * n;
    char *text = malloc(*length + 1);
    assert_non_null(text);
    for (size_t at = 0; at < *length; at += n) {
        memcpy(text + at, piece, n);
    }
    text[*length] = '\0';
    return text;
}

struct longest {
    size_t form;
    size_t stem;
    size_t count;
};

static int measure(const struct token *token, void *payload)
{
    struct longest *longest = payload;
    longest->count++;
    longest->form =
        token->form_length > longest->form ? token->form_length : longest->form;
    for (size_t i = 0; i < token->stem_count; i++) {
        size_t length = token->stems[i].length;
        longest->stem = length > longest->stem ? length : longest->stem;
    }
    return 0;
}

/* A megabyte of each, in linear time: at a quadratic one the test runs into
 * its time limit. */
static void megabytes(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "а",       "a",       "1",      "а-",      "a.",     "a@",
        "а'",      "\u00ad",  "1 ",     "000 ",    "1.",     "а\u0301",
        "а.",      "б1",      "北",     "😀",       "\u0378", "a.b-c",
        "http://", "www.",    "1,",     "я\u00ad", "%D0",    "а'\u00ad",
        "1\u2060", "x.ua/я.", "a.b@c.", "-",       "\u0306",
    };
    struct analyser *analyser;
    assert_int_equal(analyser_new(&analyser, NULL), SHUKACH_OK);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        size_t length;
        char *text = repeat(texts[i], 1 << 20, &length);
        struct longest longest = {0};
        assert_int_equal(analyser_run(analyser, ANALYSE_DOCUMENT, "uk", text,
                                      length, measure, &longest, NULL),
                         SHUKACH_OK);
        /* Eight words of 256 letters with hyphens. */
        assert_true(longest.form <= 8 * (256 * 4 + 1));
        assert_true(longest.stem <= 8 * (256 * 4 + 1));
        free(text);
    }
    analyser_free(analyser);
}

/* A host longer than any is no address; it was out of memory once. */
static void long_host(void **state)
{
    (void)state;
    size_t length;
    char *text = repeat("http://aaaa.bbbb.", 1 << 16, &length);
    memset(text + 7, 'a', length - 7);
    for (size_t i = 17; i < length; i += 9) {
        text[i] = '.';
    }
    check(text, length);
    free(text);
}

/* ---- Stopping, locales, languages ------------------------------------ */

static int stop_at_third(const struct token *token, void *payload)
{
    (void)token;
    size_t *count = payload;
    return ++*count == 3;
}

static void cancellation(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "раз два три чотири",
        "південно-східно-західний далі",
        "а.б.в далі",
        "mod.gov.ua далі",
        "a.b@mod.gov.ua",
        "С-300 155-мм",
        "北京市",
        "1-2-3-4",
        "Шахедів-136",
    };
    struct analyser *analyser;
    assert_int_equal(analyser_new(&analyser, NULL), SHUKACH_OK);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        size_t count = 0;
        struct shukach_error err;
        assert_int_equal(analyser_run(analyser, ANALYSE_DOCUMENT, "uk",
                                      texts[i], strlen(texts[i]), stop_at_third,
                                      &count, &err),
                         SHUKACH_CANCELLED);
        assert_int_equal(count, 3);
        /* The handle goes on as if nothing had been. */
        struct longest longest = {0};
        assert_int_equal(analyser_run(analyser, ANALYSE_DOCUMENT, "uk", "а б",
                                      5, measure, &longest, NULL),
                         SHUKACH_OK);
        assert_int_equal(longest.count, 2);
    }
    analyser_free(analyser);
}

static int hash_token(const struct token *token, void *payload)
{
    uint64_t *hash = payload;
    struct {
        uint64_t before, form, stem, from, rules;
    } parts = {*hash, hash64(token->form, token->form_length),
               hash64(token->stems[0].text, token->stems[0].length),
               token->from, token->rules};
    *hash = hash64(&parts, sizeof parts);
    return 0;
}

/* House style, 24: cron runs in the C locale, a terminal may be Turkish. */
static void locales(void **state)
{
    (void)state;
    static const char *const names[] = {
        "C",           "C.UTF-8",      "uk_UA.UTF-8",
        "tr_TR.UTF-8", "ru_RU.KOI8-R", "en_US.UTF-8"};
    static const char text[] = "ІЇЄҐ Iван KИЇВ TITLE İı ЗСУ 1,5 1.5 С-300";
    struct analyser *analyser;
    assert_int_equal(analyser_new(&analyser, NULL), SHUKACH_OK);
    uint64_t first = 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        /* One that is not installed leaves the one before. */
        setlocale(LC_ALL, names[i]);
        uint64_t hash = 0;
        assert_int_equal(analyser_run(analyser, ANALYSE_DOCUMENT, "uk", text,
                                      sizeof text - 1, hash_token, &hash, NULL),
                         SHUKACH_OK);
        first = i == 0 ? hash : first;
        assert_int_equal(hash, first);
    }
    setlocale(LC_ALL, "C");
    analyser_free(analyser);
}

/* The tokens at some positions, as one number. */
struct some_tokens {
    const bool *positions;
    size_t count;
    uint64_t hash;
    uint32_t end; /* after the last token */
};

static int add_some(const struct token *token, void *payload)
{
    struct some_tokens *some = payload;
    some->end = token->position + 1;
    if (some->positions == NULL || some->positions[token->position]) {
        some->count++;
        assert_true(token->stem_count > 0);
        hash_token(token, &some->hash);
    }
    return 0;
}

static struct some_tokens run_some(struct analyser *analyser, const char *text,
                                   const bool *positions)
{
    struct some_tokens some = {.positions = positions};
    assert_int_equal(analyser_run(analyser, ANALYSE_DOCUMENT, "uk", text,
                                  strlen(text), add_some, &some, NULL),
                     SHUKACH_OK);
    return some;
}

/* Words that are wanted are the same without the others, whose positions count
 * all the same: in addresses and compounds, too. */
static void wanted_words(void **state)
{
    (void)state;
    static const char *const chunks[] = {"мова",
                                         "Київ",
                                         "ракета",
                                         "1,5",
                                         "С-300",
                                         "novyny.com",
                                         "У.С.А.",
                                         "північно-східний",
                                         "іван.петро@novyny.com",
                                         "f-16.com/шлях/тут",
                                         "війна",
                                         "12 км",
                                         "Zelenskyy",
                                         "—",
                                         "перемога.новини.укр"};
    enum { CHUNKS = sizeof chunks / sizeof *chunks, MOST = 400 };
    struct analyser *analyser;
    size_t wanted = 0;
    uint64_t seed = 991;
    assert_int_equal(analyser_new(&analyser, NULL), SHUKACH_OK);
    for (size_t round = 0; round < 2000; round++) {
        char text[2048] = "";
        size_t length = 0;
        bool positions[MOST] = {false};
        uint32_t list[MOST];
        size_t count = 0;
        for (size_t i = 1 + random_next(&seed) % 20; i > 0; i--) {
            length +=
                (size_t)snprintf(text + length, sizeof text - length, "%s ",
                                 chunks[random_next(&seed) % CHUNKS]);
        }
        struct some_tokens all = run_some(analyser, text, NULL);
        assert_true(all.end < MOST);
        for (uint32_t i = 0; i < all.end; i++) {
            positions[i] = random_next(&seed) % 4 == 0;
            if (positions[i]) {
                list[count++] = i;
            }
        }
        struct some_tokens some = run_some(analyser, text, positions);
        for (int others = 0; others < 2; others++) {
            analyser_want(analyser, list, count, others == 1);
            struct some_tokens alone = run_some(analyser, text, positions);
            assert_int_equal(alone.count, some.count);
            assert_true(alone.hash == some.hash);
            assert_true(others == 0 || alone.end == all.end);
        }
        wanted += some.count;
    }
    assert_true(wanted > 2000);
    analyser_free(analyser);
}

static int count_stems(const struct token *token, void *payload)
{
    size_t *counts = payload;
    for (size_t i = 0; i < token->stem_count; i++) {
        counts[token->stems[i].russian]++;
    }
    return 0;
}

/* A query does not know the language of the documents, so that a word whose
 * letters leave it open has a stem of either. */
static void languages(void **state)
{
    (void)state;
    static const struct {
        enum analyser_mode mode;
        const char *language;
        const char *text;
        size_t ukrainian;
        size_t russian;
    } rows[] = {
        {ANALYSE_DOCUMENT, "uk", "город", 1, 0},
        {ANALYSE_DOCUMENT, "ru", "город", 0, 1},
        {ANALYSE_DOCUMENT, "en", "город", 1, 0},
        {ANALYSE_QUERY, "uk", "город", 1, 1},
        {ANALYSE_QUERY, "ru", "город", 1, 1},
        {ANALYSE_QUERY, "uk", "місто", 1, 0},
        {ANALYSE_QUERY, "uk", "города-героя", 1, 1},
        {ANALYSE_QUERY, "uk", "выход", 0, 1},
        {ANALYSE_DOCUMENT, "uk", "выход", 0, 1},
        {ANALYSE_DOCUMENT, "ru", "місто", 1, 0},
        {ANALYSE_QUERY, "uk", "С-300", 1, 0},
    };
    struct analyser *analyser;
    assert_int_equal(analyser_new(&analyser, NULL), SHUKACH_OK);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t counts[2] = {0, 0};
        assert_int_equal(analyser_run(analyser, rows[i].mode, rows[i].language,
                                      rows[i].text, strlen(rows[i].text),
                                      count_stems, counts, NULL),
                         SHUKACH_OK);
        if (strchr(rows[i].text, '-') != NULL && rows[i].russian > 0) {
            /* The whole and its two parts. */
            assert_int_equal(counts[0], 3 * rows[i].ukrainian);
            assert_int_equal(counts[1], 3 * rows[i].russian);
            continue;
        }
        assert_int_equal(counts[0], rows[i].ukrainian);
        assert_int_equal(counts[1], rows[i].russian);
    }
    analyser_free(analyser);
}

/* ---- shukach_stemmer_* ----------------------------------------------- */

static void single_words(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"C-300", "s300"},
        {"12.05.2026", "2026-05-12"},
        {"Mod.gov.ua", "mod.gov.ua"},
        {"Два Слова", "два слова"},
        {"м’яч, А", "м'яч а"},
        {"…", ""},
        {"", ""},
    };
    struct shukach_stemmer *stemmer;
    struct shukach_error err;
    const char *stem;
    size_t length;
    assert_int_equal(shukach_stemmer_new("uk", &stemmer, &err), SHUKACH_OK);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(shukach_stemmer_stem(stemmer, rows[i][0],
                                              strlen(rows[i][0]), &stem,
                                              &length, &err),
                         SHUKACH_OK);
        assert_string_equal(stem, rows[i][1]);
        assert_int_equal(length, strlen(rows[i][1]));
    }
    assert_int_equal(
        shukach_stemmer_stem(stemmer, "а\xff", 3, &stem, &length, &err),
        SHUKACH_ENCODING);
    assert_int_equal(err.offset, 2);
    char *text = repeat("а", 4098, &length);
    assert_int_equal(
        shukach_stemmer_stem(stemmer, text, 4098, &stem, &length, &err),
        SHUKACH_LIMIT);
    free(text);
    text = repeat("北", 4096, &length);
    assert_int_equal(
        shukach_stemmer_stem(stemmer, text, length, &stem, &length, &err),
        SHUKACH_OK);
    free(text);
    shukach_stemmer_free(stemmer);
    shukach_stemmer_free(NULL);
    assert_int_equal(shukach_stemmer_new("de", &stemmer, &err),
                     SHUKACH_INVALID);
    assert_int_equal(shukach_stemmer_new(NULL, &stemmer, NULL),
                     SHUKACH_INVALID);
}

static int first_rule(const struct shukach_token *token, void *payload)
{
    const char **rule = payload;
    assert_ptr_equal(token->stem, token->stems[0]);
    *rule = strcmp(token->rules, "look-alike") == 0 ? "yes" : token->rules;
    return 1;
}

static void public_analysis(void **state)
{
    (void)state;
    struct shukach_stemmer *stemmer;
    const char *rule = NULL;
    struct shukach_error err;
    assert_int_equal(shukach_stemmer_new("uk", &stemmer, NULL), SHUKACH_OK);
    assert_int_equal(
        shukach_stemmer_analyse(stemmer, "Kиїв", 7, first_rule, &rule, NULL),
        SHUKACH_CANCELLED);
    assert_string_equal(rule, "yes");
    assert_int_equal(
        shukach_stemmer_analyse(stemmer, "\xd0", 1, first_rule, &rule, &err),
        SHUKACH_ENCODING);
    assert_int_equal(
        shukach_stemmer_analyse(stemmer, "", 0, first_rule, &rule, &err),
        SHUKACH_OK);
    shukach_stemmer_free(stemmer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_texts),    cmocka_unit_test(random_bytes),
        cmocka_unit_test(every_character), cmocka_unit_test(megabytes),
        cmocka_unit_test(long_host),       cmocka_unit_test(cancellation),
        cmocka_unit_test(locales),         cmocka_unit_test(wanted_words),
        cmocka_unit_test(languages),       cmocka_unit_test(single_words),
        cmocka_unit_test(public_analysis),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
