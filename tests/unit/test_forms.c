/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of word forms against a slow list; damage is seen everywhere. */
#include <unistd.h>

#include "scratch.h"
#include "store.h"

#define COUNT 3000
#define DOCUMENTS 40

/* A word of two to nine letters; neighbours share their beginnings. */
static size_t word_of(size_t i, char out[FORM_BYTES])
{
    static const char *const letters[] = {"а", "б", "в", "і", "ї", "є",
                                          "ґ", "я", "-", "'", "z", "ш"};
    uint64_t noise = hash64(&i, sizeof i);
    size_t length = 0;
    size_t count = 2 + noise % 8;
    for (size_t k = 0; k < count; k++) {
        noise /= 12;
        length += (size_t)snprintf(out + length, FORM_BYTES - length, "%s",
                                   letters[noise % 12]);
    }
    return length;
}

/* How many documents hold word `i`: the first so many. */
static size_t frequency_of(size_t i)
{
    return 1 + i % DOCUMENTS;
}

/* Documents [from, to) of them. */
static void write_part(const char *path, size_t count, size_t counted_max,
                       size_t from, size_t to)
{
    struct forms_writer *writer;
    char word[FORM_BYTES];
    assert_int_equal(file_remove(path, NULL), SHUKACH_OK);
    assert_int_equal(forms_create(path, counted_max, &writer, NULL),
                     SHUKACH_OK);
    for (size_t d = from; d < to; d++) {
        for (size_t i = 0; i < count; i++) {
            size_t length = word_of(i, word);
            for (size_t k = 0; d < frequency_of(i) && k < 1 + i % 3; k++) {
                forms_add(writer, word, length, (enum form_casing)(i % 4));
            }
        }
        assert_int_equal(forms_end_document(writer, NULL), SHUKACH_OK);
    }
    assert_int_equal(forms_finish(writer, NULL), SHUKACH_OK);
    forms_close(writer);
}

static void write_list(const char *path, size_t count, size_t counted_max)
{
    write_part(path, count, counted_max, 0, DOCUMENTS);
}

/* ---- Against a slow list --------------------------------------------------
 */

struct slow {
    struct form *items;
    size_t count;
};

static int by_text(const void *a, const void *b)
{
    const struct form *x = a;
    const struct form *y = b;
    return strcmp(x->text, y->text);
}

/* Words repeat in word_of: their frequencies are those of the most. */
static struct slow make_slow(size_t count)
{
    struct slow slow = {.items = calloc(count, sizeof *slow.items)};
    assert_non_null(slow.items);
    for (size_t i = 0; i < count; i++) {
        slow.items[i].length = word_of(i, slow.items[i].text);
        slow.items[i].frequency = (uint32_t)frequency_of(i);
    }
    qsort(slow.items, count, sizeof *slow.items, by_text);
    for (size_t i = 0; i < count; i++) {
        struct form *last = slow.count > 0 ? &slow.items[slow.count - 1] : NULL;
        if (last == NULL || strcmp(last->text, slow.items[i].text) != 0) {
            slow.items[slow.count++] = slow.items[i];
        } else if (slow.items[i].frequency > last->frequency) {
            last->frequency = slow.items[i].frequency;
        }
    }
    return slow;
}

struct seen {
    const struct slow *slow;
    const char *prefix;
    size_t at;
    size_t count;
};

static bool begins(const struct form *form, const char *prefix)
{
    return strncmp(form->text, prefix, strlen(prefix)) == 0;
}

static int on_each(const struct form *form, unsigned distance, void *payload)
{
    struct seen *seen = payload;
    assert_int_equal(distance, 0);
    while (!begins(&seen->slow->items[seen->at], seen->prefix)) {
        seen->at++;
    }
    assert_string_equal(form->text, seen->slow->items[seen->at].text);
    assert_int_equal(form->frequency, seen->slow->items[seen->at].frequency);
    seen->at++;
    seen->count++;
    return 0;
}

static int by_frequency(const void *a, const void *b)
{
    const struct form *x = a;
    const struct form *y = b;
    if (x->frequency != y->frequency) {
        return x->frequency < y->frequency ? 1 : -1;
    }
    return strcmp(x->text, y->text);
}

static void check_prefix(const struct forms *forms, const struct slow *slow,
                         const char *prefix, size_t most)
{
    struct seen seen = {.slow = slow, .prefix = prefix};
    struct form *top;
    struct form *wanted = calloc(slow->count + 1, sizeof *wanted);
    struct arena arena = {0};
    size_t count;
    size_t all = 0;
    uint64_t total;
    for (size_t i = 0; i < slow->count; i++) {
        if (begins(&slow->items[i], prefix)) {
            wanted[all++] = slow->items[i];
        }
    }
    qsort(wanted, all, sizeof *wanted, by_frequency);
    assert_int_equal(
        forms_each(forms, prefix, strlen(prefix), on_each, &seen, NULL),
        SHUKACH_OK);
    assert_int_equal(seen.count, all);
    assert_int_equal(forms_top(forms, prefix, strlen(prefix), most, &arena,
                               &top, &count, &total, NULL),
                     SHUKACH_OK);
    assert_int_equal(total, most == 0 ? 0 : all);
    assert_int_equal(count, all < most ? all : most);
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(top[i].text, wanted[i].text);
        assert_int_equal(top[i].frequency, wanted[i].frequency);
    }
    free(wanted);
    arena_free(&arena);
}

/* One table of all distances, adjacent letters exchanged once. */
static unsigned slow_distance(const char *a, const char *b)
{
    uint32_t x[FORM_BYTES];
    uint32_t y[FORM_BYTES];
    static unsigned d[FORM_BYTES + 1][FORM_BYTES + 1];
    size_t n = 0;
    size_t m = 0;
    for (size_t at = 0; a[at] != '\0'; n++) {
        at += utf8_decode(a + at, strlen(a + at), &x[n]);
    }
    for (size_t at = 0; b[at] != '\0'; m++) {
        at += utf8_decode(b + at, strlen(b + at), &y[m]);
    }
    for (size_t i = 0; i <= n; i++) {
        for (size_t k = 0; k <= m; k++) {
            unsigned best = (unsigned)(i + k);
            if (i > 0 && k > 0) {
                best = d[i - 1][k - 1] + (x[i - 1] == y[k - 1] ? 0 : 1);
                best = d[i - 1][k] + 1 < best ? d[i - 1][k] + 1 : best;
                best = d[i][k - 1] + 1 < best ? d[i][k - 1] + 1 : best;
            }
            if (i > 1 && k > 1 && x[i - 1] == y[k - 2] &&
                x[i - 2] == y[k - 1] && d[i - 2][k - 2] + 1 < best) {
                best = d[i - 2][k - 2] + 1;
            }
            d[i][k] = best;
        }
    }
    return d[n][m];
}

struct near {
    const struct slow *slow;
    const char *word;
    unsigned most;
    size_t count;
};

static int on_near(const struct form *form, unsigned distance, void *payload)
{
    struct near *near = payload;
    assert_int_equal(distance, slow_distance(near->word, form->text));
    near->count++;
    return 0;
}

static void check_fuzzy(const struct forms *forms, const struct slow *slow,
                        const char *word, unsigned most)
{
    struct near near = {.slow = slow, .word = word, .most = most};
    size_t wanted = 0;
    for (size_t i = 0; i < slow->count; i++) {
        wanted += slow_distance(word, slow->items[i].text) <= most;
    }
    assert_int_equal(
        forms_fuzzy(forms, word, strlen(word), most, on_near, &near, NULL),
        SHUKACH_OK);
    assert_int_equal(near.count, wanted);
}

/* Everything that can be asked. */
static void check_forms(const struct forms *forms, const struct slow *slow)
{
    static const char *const prefixes[] = {
        "",  "а", "аб", "абв", "ї", "-",  "z", "\xd0", "щ",
        "ґ", "я", "яя", "ш",   "'", "аа", "~", "і-",   "\xff"};
    for (size_t i = 0; i < slow->count; i++) {
        struct form form;
        const struct form *wanted = &slow->items[i];
        assert_int_equal(
            forms_find(forms, wanted->text, wanted->length, &form, NULL),
            SHUKACH_OK);
        assert_int_equal(form.frequency, wanted->frequency);
        assert_int_equal(
            forms_find(forms, wanted->text, wanted->length - 1, &form, NULL),
            SHUKACH_OK);
        assert_true(form.length == 0 || form.length == wanted->length - 1);
    }
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        check_prefix(forms, slow, prefixes[i], 0);
        check_prefix(forms, slow, prefixes[i], 1);
        check_prefix(forms, slow, prefixes[i], 20);
        check_prefix(forms, slow, prefixes[i], COUNT);
    }
    for (size_t i = 0; i < 40; i++) {
        check_fuzzy(forms, slow, slow->items[i * 17].text, (unsigned)(i % 4));
    }
    check_fuzzy(forms, slow, "", 2);
    check_fuzzy(forms, slow, "ґґґґґґґґґґґґґґґґґґґґґґґґґґґґґґґ", 3);
}

static void equals_the_slow_list(void **state)
{
    (void)state;
    static const size_t maxima[] = {0, 100, 1000000};
    struct slow slow = make_slow(COUNT);
    for (size_t m = 0; m < 3; m++) {
        struct forms *forms;
        write_list(at("forms"), COUNT, maxima[m]);
        assert_int_equal(access(at("forms-0"), F_OK), -1);
        assert_int_equal(forms_open(at("forms"), &forms, NULL), SHUKACH_OK);
        assert_int_equal(forms_count(forms), slow.count);
        check_forms(forms, &slow);
        forms_free(forms);
    }
    free(slow.items);
}

/* The lists of several segments, an empty one among them, are as one. */
static void several_lists(void **state)
{
    (void)state;
    static const size_t ends[] = {7, 7, 8, 25, DOCUMENTS};
    struct slow slow = make_slow(COUNT);
    struct forms *forms = NULL;
    size_t from = 0;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        char path[300];
        snprintf(path, sizeof path, "%s-%zu", at("several"), i);
        write_part(path, COUNT, 0, from, ends[i]);
        from = ends[i];
        assert_int_equal(i == 0 ? forms_open(path, &forms, NULL)
                                : forms_append(forms, path, NULL),
                         SHUKACH_OK);
    }
    assert_true(forms_count(forms) >= slow.count);
    assert_int_equal(forms_append(forms, at("missing"), NULL),
                     SHUKACH_NOT_FOUND);
    put(at("bad"), "shukfrm1", 8);
    assert_int_equal(forms_append(forms, at("bad"), NULL), SHUKACH_CORRUPT);
    check_forms(forms, &slow);
    forms_free(forms);
    free(slow.items);
}

static void casing_is_the_commonest(void **state)
{
    (void)state;
    struct forms_writer *writer;
    struct forms *forms;
    struct form form;
    assert_int_equal(forms_create(at("casing"), 0, &writer, NULL), SHUKACH_OK);
    for (size_t i = 0; i < 200000; i++) {
        forms_add(writer, "він", 6, i % 3 == 0 ? FORM_CAPITAL : FORM_SMALL);
        forms_add(writer, "київ", 8, i % 3 == 0 ? FORM_SMALL : FORM_CAPITAL);
    }
    forms_add(writer, "нато", 8, FORM_CAPITALS);
    forms_add(writer, "", 0, FORM_CAPITALS);
    char longest[FORM_BYTES + 1];
    memset(longest, 'a', sizeof longest);
    forms_add(writer, longest, FORM_BYTES, FORM_SMALL);
    forms_add(writer, longest, FORM_BYTES + 1, FORM_SMALL);
    assert_int_equal(forms_finish(writer, NULL), SHUKACH_OK);
    forms_close(writer);
    assert_int_equal(forms_open(at("casing"), &forms, NULL), SHUKACH_OK);
    assert_int_equal(forms_count(forms), 4);
    assert_int_equal(forms_find(forms, "він", 6, &form, NULL), SHUKACH_OK);
    assert_int_equal(form.casing, FORM_SMALL);
    assert_int_equal(form.frequency, 1);
    assert_int_equal(forms_find(forms, "київ", 8, &form, NULL), SHUKACH_OK);
    assert_int_equal(form.casing, FORM_CAPITAL);
    assert_int_equal(forms_find(forms, "нато", 8, &form, NULL), SHUKACH_OK);
    assert_int_equal(form.casing, FORM_CAPITALS);
    assert_int_equal(forms_find(forms, longest, FORM_BYTES, &form, NULL),
                     SHUKACH_OK);
    assert_int_equal(form.length, FORM_BYTES);
    forms_free(forms);
}

/* ---- Damage ----------------------------------------------------------------
 */

static int count_form(const struct form *form, unsigned distance, void *payload)
{
    size_t *count = payload;
    (void)distance;
    assert_true(utf8_valid(form->text, form->length, NULL));
    (*count)++;
    return 0;
}

/* Opens and reads everything. Whether damage was seen. */
static bool damage_is_seen(const char *path)
{
    struct forms *forms;
    struct shukach_error err = {0};
    size_t count = 0;
    enum shukach_status status = forms_open(path, &forms, &err);
    if (status == SHUKACH_OK) {
        struct arena arena = {0};
        struct form form;
        struct form *top;
        size_t most;
        uint64_t all;
        status = forms_each(forms, "", 0, count_form, &count, &err);
        enum shukach_status others[] = {
            forms_fuzzy(forms, "абв", 6, 2, count_form, &count, NULL),
            forms_find(forms, "абв", 6, &form, NULL),
            forms_top(forms, "", 0, 5, &arena, &top, &most, &all, NULL),
        };
        for (size_t i = 0; i < 3; i++) {
            assert_true(others[i] == SHUKACH_OK || others[i] == status);
        }
        arena_free(&arena);
        forms_free(forms);
    }
    if (status != SHUKACH_OK) {
        assert_int_equal(status, SHUKACH_CORRUPT);
        assert_non_null(strstr(err.message, "rebuild"));
    }
    return status != SHUKACH_OK;
}

static void every_flip_and_cut_is_seen(void **state)
{
    (void)state;
    write_list(at("forms"), 70, 0);
    assert_false(damage_is_seen(at("forms")));
    struct buf file = get(at("forms"));
    for (size_t i = 0; i < file.length; i++) {
        static const unsigned char flips[] = {0x01, 0x80, 0xff};
        for (size_t k = 0; k < sizeof flips; k++) {
            file.data[i] = (char)(file.data[i] ^ flips[k]);
            put(at("flipped"), file.data, file.length);
            if (!damage_is_seen(at("flipped"))) {
                fail_msg("byte %zu of %zu", i, file.length);
            }
            file.data[i] = (char)(file.data[i] ^ flips[k]);
        }
        put(at("cut"), file.data, i);
        assert_true(damage_is_seen(at("cut")));
    }
    buf_free(&file);
}

static void an_empty_list(void **state)
{
    (void)state;
    struct forms *forms;
    struct slow slow = {0};
    struct form form;
    write_list(at("none"), 0, 0);
    assert_int_equal(forms_open(at("none"), &forms, NULL), SHUKACH_OK);
    assert_int_equal(forms_count(forms), 0);
    check_prefix(forms, &slow, "", 10);
    check_fuzzy(forms, &slow, "слово", 2);
    assert_int_equal(forms_find(forms, "а", 2, &form, NULL), SHUKACH_OK);
    assert_int_equal(form.frequency, 0);
    forms_free(forms);
    forms_free(NULL);
    forms_close(NULL);
    struct forms_writer *writer;
    assert_int_equal(forms_create(at("none"), 0, &writer, NULL), SHUKACH_OK);
    assert_int_equal(forms_finish(writer, NULL), SHUKACH_IO);
    forms_close(writer);
    assert_int_equal(forms_open(at("missing"), &forms, NULL),
                     SHUKACH_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equals_the_slow_list),
        cmocka_unit_test(several_lists),
        cmocka_unit_test(casing_is_the_commonest),
        cmocka_unit_test(every_flip_and_cut_is_seen),
        cmocka_unit_test(an_empty_list),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
