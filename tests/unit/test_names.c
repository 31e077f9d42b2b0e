/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys of names: the table tests/cases/names.test, and what holds for any
 * form. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "analyser.h"
#include "words.h"

#define LINE_MAX_BYTES 4096
#define WORDS_MAX 32

/* The keys of a word after the analyser's folding; `casing`: capitals are
 * more than for the eye. */
static struct name_keys keys_of(const struct normaliser *normaliser,
                                const char *word, bool casing)
{
    static struct word folded;
    struct name_keys keys;
    char form[256] = "";
    size_t length = 0;
    bool capitals = casing;
    /* As the tokeniser does it, a part at a time. */
    for (const char *at = word; *at != '\0';) {
        size_t size = strcspn(at, "-0123456789");
        if (size > 0) {
            word_normalise(normaliser, at, size, &folded);
            capitals = capitals && folded.capitals;
            memcpy(form + length, folded.form, folded.length);
            length += folded.length;
        } else {
            form[length++] = *at;
            size = 1;
        }
        at += size;
    }
    names_keys(form, length, capitals, &keys);
    return keys;
}

static bool share(const struct name_keys *a, const struct name_keys *b)
{
    for (size_t i = 0; i < a->count; i++) {
        for (size_t k = 0; k < b->count; k++) {
            if (strcmp(a->keys[i], b->keys[k]) == 0) {
                return true;
            }
        }
    }
    return false;
}

static void describe(const struct name_keys *keys, char *out, size_t room)
{
    size_t length = 0;
    out[0] = '\0';
    for (size_t i = 0; i < keys->count && length < room; i++) {
        length +=
            (size_t)snprintf(out + length, room - length, " %s", keys->keys[i]);
    }
}

struct score {
    size_t line;
    size_t same;
    size_t apart;
    size_t failures;
};

static void pair(struct score *score, bool same, const char *a,
                 const struct name_keys *a_keys, const char *b,
                 const struct name_keys *b_keys)
{
    *(same ? &score->same : &score->apart) += 1;
    if (share(a_keys, b_keys) != same) {
        char a_text[512];
        char b_text[512];
        describe(a_keys, a_text, sizeof a_text);
        describe(b_keys, b_text, sizeof b_text);
        print_error("names.test:%zu: %s and %s %s:%s;%s\n", score->line, a, b,
                    same ? "share no key" : "share a key", a_text, b_text);
        score->failures++;
    }
}

static size_t cut(char *line, char *words[])
{
    size_t count = 0;
    char *rest = NULL;
    for (char *word = strtok_r(line, " ", &rest);
         word != NULL && count < WORDS_MAX; word = strtok_r(NULL, " ", &rest)) {
        words[count++] = word;
    }
    return count;
}

static void row(struct score *score, const struct normaliser *normaliser,
                char *line)
{
    static struct name_keys keys[WORDS_MAX];
    char *words[WORDS_MAX];
    bool casing = line[0] == '^';
    line += casing;
    bool same = line[0] == '=';
    assert_true(same || line[0] == '!');
    size_t count = cut(line + 1, words);
    assert_in_range(count, 2, WORDS_MAX - 1);
    for (size_t i = 0; i < count; i++) {
        keys[i] = keys_of(normaliser, words[i], casing);
    }
    for (size_t i = 0; i < (same ? count : 1); i++) {
        for (size_t k = i + 1; k < count; k++) {
            pair(score, same, words[i], &keys[i], words[k], &keys[k]);
        }
    }
}

static void test_table(void **state)
{
    (void)state;
    const char *source = getenv("SHUKACH_SOURCE");
    char path[4096];
    char line[LINE_MAX_BYTES];
    struct score score = {.line = 0};
    struct normaliser *normaliser = normaliser_new();
    snprintf(path, sizeof path, "%s/tests/cases/names.test",
             source != NULL ? source : ".");
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_non_null(normaliser);
    while (fgets(line, sizeof line, file) != NULL) {
        score.line++;
        line[strcspn(line, "\n")] = '\0';
        if (line[0] != '#' && line[0] != '\0') {
            row(&score, normaliser, line);
        }
    }
    fclose(file);
    normaliser_free(normaliser);
    print_message("%zu pairs that match, %zu that do not, %zu failures\n",
                  score.same, score.apart, score.failures);
    assert_true(score.same >= 600);
    assert_true(score.apart >= 300);
    assert_int_equal(score.failures, 0);
}

/* ---- Properties -------------------------------------------------------- */

static void check_casing(const char *form, size_t length, bool capitals)
{
    struct name_keys keys;
    names_keys(form, length, capitals, &keys);
    assert_true(keys.count <= NAME_KEYS);
    for (size_t i = 0; i < keys.count; i++) {
        size_t size = strlen(keys.keys[i]);
        assert_in_range(size, 1, NAME_BYTES - 1);
        for (size_t k = 0; k < i; k++) {
            assert_string_not_equal(keys.keys[i], keys.keys[k]);
        }
    }
}

static void check(const char *form, size_t length)
{
    check_casing(form, length, false);
    check_casing(form, length, true);
}

static void test_any_bytes(void **state)
{
    static const char letters[] = "абвгієїґ'-ьйоabceghikoyzžâ09\xff\xd0";
    uint32_t random = 20220224;
    (void)state;
    for (size_t round = 0; round < 20000; round++) {
        char form[96];
        size_t length = round % sizeof form;
        for (size_t i = 0; i < length; i++) {
            random = random * 1664525 + 1013904223;
            form[i] = letters[(random >> 16) % (sizeof letters - 1)];
        }
        check(form, length);
    }
    check("", 0);
    /* Keys that are cut before they differ. */
    static const char *const cut[] = {
        "щукащукащукащукащука-раїсі",
        "щукащукащукащукащукащукащуко",
        "zhzhzhzhzhzhzhzhzhzhzhzhzhzhzhzhzhzhzhzhia",
    };
    for (size_t i = 0; i < sizeof cut / sizeof *cut; i++) {
        check(cut[i], strlen(cut[i]));
    }
}

/* A key written as a word has itself for a key. */
static void test_key_of_key(void **state)
{
    static const char *const forms[] = {
        "зеленський", "путіна",  "харків",   "київ",      "раїса",
        "хаменеї",    "щорс",    "кличко",   "чернівці",  "цзіньпін",
        "байден",     "джонсон", "калініна", "запоріжжя", "erdoğan",
        "zhytomyr",   "scholz",  "шахедами", "білорусь",  "микола",
    };
    (void)state;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        struct name_keys keys;
        names_keys(forms[i], strlen(forms[i]), false, &keys);
        assert_true(keys.count > 0);
        struct name_keys again;
        names_keys(keys.keys[0], strlen(keys.keys[0]), false, &again);
        bool found = false;
        for (size_t k = 0; k < again.count; k++) {
            found = found || strcmp(again.keys[k], keys.keys[0]) == 0;
        }
        if (!found) {
            fail_msg("the key %s of %s is none of its own", keys.keys[0],
                     forms[i]);
        }
    }
}

/* What is too long, of too many parts, or of another script has no keys. */
static void test_no_keys(void **state)
{
    static const char *const forms[] = {
        "",          "-",
        "北京",      "αθήνα",
        "kиїв", /* both scripts */
        "а-б-в-г-д", "дуждуждуждуждуждуждуждуждуждуждуждуждуждуждуждуждуж",
        "\xd0",
    };
    (void)state;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        struct name_keys keys;
        names_keys(forms[i], strlen(forms[i]), false, &keys);
        if (keys.count != 0) {
            fail_msg("\"%s\" has the key %s", forms[i], keys.keys[0]);
        }
    }
}

/* Many readings are cut, the table's and the likeliest kept. */
static void test_bounded(void **state)
{
    struct name_keys keys;
    (void)state;
    names_keys("âûâûchouckyô", strlen("âûâûchouckyô"), false, &keys);
    assert_int_equal(keys.count, NAME_KEYS);
    names_keys("олександрі", strlen("олександрі"), false, &keys);
    assert_string_equal(keys.keys[0], "oleksandr");
}

/* A short word in capitals is marked, a longer one, a compound and what is in
 * a table are not. */
static void test_capitals(void **state)
{
    static const struct {
        const char *form;
        const char *key;
    } rows[] = {
        {"нато", "nat!"},       {"nato", "nat!"},
        {"беркут", "berkut!"},  {"щщщщщщ", "shchshchshchshchshchshch!"},
        {"хаймарс", "gaimars"}, {"himars", "gaimars"},
        {"нато-с", "nat-s"},    {"кобзарю", "kobzariu"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct name_keys keys;
        names_keys(rows[i].form, strlen(rows[i].form), true, &keys);
        assert_true(keys.count > 0);
        assert_string_equal(keys.keys[0], rows[i].key);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),      cmocka_unit_test(test_any_bytes),
        cmocka_unit_test(test_key_of_key), cmocka_unit_test(test_no_keys),
        cmocka_unit_test(test_bounded),    cmocka_unit_test(test_capitals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
