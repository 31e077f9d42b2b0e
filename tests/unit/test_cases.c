/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs the language tables of tests/cases through the stemmer and the
 * analyser. The head of each table says how to read it; in all of them #
 * begins a comment and \u{301} stands for a character that does not show. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glob.h>

#include "analyser.h"
#include "stemmer.h"

/* ---- Tables ---------------------------------------------------------- */

#define LINE_MAX_BYTES 8192
#define WORDS_MAX 64

struct table {
    const char *name;
    size_t line;
    size_t rows;
    size_t failures;
    struct analyser *analyser;
    struct stemmer *stemmer;
    struct arena arena;
    struct token_list *open; /* the tokens not yet expected by a line */
    size_t next;
};

static void fail_row(struct table *table, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void fail_row(struct table *table, const char *format, ...)
{
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    print_error("%s:%zu: %s\n", table->name, table->line, text);
    table->failures++;
}

/* Replaces \u{…} and "\_", a space, in place. */
static void unescape(char *text)
{
    char *out = text;
    for (const char *at = text; *at != '\0';) {
        if (strncmp(at, "\\u{", 3) == 0) {
            char *end;
            out += utf8_encode((uint32_t)strtoul(at + 3, &end, 16), out);
            at = end + 1;
        } else if (strncmp(at, "\\_", 2) == 0) {
            *out++ = ' ';
            at += 2;
        } else {
            *out++ = *at++;
        }
    }
    *out = '\0';
}

/* Cuts `text` at `separator`; the parts, unescaped. */
static size_t cut(char *text, char separator, char *parts[], size_t room)
{
    size_t count = 0;
    while (text != NULL && count < room) {
        char *end = strchr(text, separator);
        if (end != NULL) {
            *end++ = '\0';
        }
        if (*text != '\0') {
            unescape(text);
            parts[count++] = text;
        }
        text = end;
    }
    return count;
}

/* ---- Tokens ---------------------------------------------------------- */

#define TOKENS_MAX 256

/* A token kept beyond its callback. */
struct kept {
    struct token token;
    bool covered; /* stands below a whole */
};

struct token_list {
    struct table *table;
    struct kept items[TOKENS_MAX];
    size_t count;
    uint32_t covered;
    const char *text;
};

static int keep(const struct token *token, void *payload)
{
    struct token_list *list = payload;
    struct arena *arena = &list->table->arena;
    assert_true(list->count < TOKENS_MAX);
    struct kept *kept = &list->items[list->count++];
    kept->token = *token;
    kept->token.form = arena_copy(arena, token->form, token->form_length);
    for (size_t i = 0; i < token->stem_count; i++) {
        kept->token.stems[i].text =
            arena_copy(arena, token->stems[i].text, token->stems[i].length);
    }
    kept->covered = token->position < list->covered;
    if (!kept->covered && token->kind == TOKEN_WHOLE) {
        list->covered = token->position + token->width;
    }
    return 0;
}

static struct token_list *analyse(struct table *table, enum analyser_mode mode,
                                  const char *text)
{
    struct token_list *list = arena_array(&table->arena, 1, sizeof *list);
    assert_non_null(list);
    list->table = table;
    list->text = text;
    assert_int_equal(analyser_run(table->analyser, mode, "uk", text,
                                  strlen(text), keep, list, NULL),
                     SHUKACH_OK);
    return list;
}

/* ---- tokens.test ----------------------------------------------------- */

static void end_group(struct table *table)
{
    if (table->open != NULL && table->next < table->open->count) {
        fail_row(table, "the token \"%s\" is not expected",
                 table->open->items[table->next].token.form);
    }
    table->open = NULL;
}

static void describe_stems(const struct token *token, char *out, size_t room)
{
    size_t length = 0;
    out[0] = '\0';
    for (size_t i = 0; i < token->stem_count && length < room; i++) {
        length += (size_t)snprintf(
            out + length, room - length, "%s%s%s", i > 0 ? "|" : "",
            token->stems[i].russian ? "ru:" : "", token->stems[i].text);
    }
}

static void compare(struct table *table, const char *what, const char *found,
                    const char *expected)
{
    if (strcmp(expected, "*") != 0 && strcmp(found, expected) != 0) {
        fail_row(table, "%s \"%s\", expected \"%s\"", what, found, expected);
    }
}

static void expect_token(struct table *table, char *line)
{
    char *parts[5];
    size_t count = cut(line, '\t', parts, 5);
    if (table->open == NULL || table->next >= table->open->count || count < 4) {
        fail_row(table, "there is no token here, or a column is missing");
        return;
    }
    const struct token *token = &table->open->items[table->next++].token;
    char stems[1024];
    char position[32];
    char rules[RULES_TEXT];
    describe_stems(token, stems, sizeof stems);
    snprintf(position, sizeof position, token->width > 1 ? "%u+%u" : "%u",
             token->position, token->width);
    analyser_rules(token->rules, rules);
    compare(table, "form", token->form, parts[0]);
    compare(table, "stems", stems, parts[1]);
    compare(table, "position", position, parts[2]);
    compare(table, "rules", rules[0] != '\0' ? rules : "-", parts[3]);
    if (count == 5) {
        char written[LINE_MAX_BYTES];
        snprintf(written, sizeof written, "%.*s",
                 (int)(token->to - token->from),
                 table->open->text + token->from);
        compare(table, "written", written, parts[4]);
    }
}

static void tokens_row(struct table *table, char *line)
{
    if (line[0] == '>' || line[0] == '?') {
        end_group(table);
        arena_reset(&table->arena);
        char *text = arena_copy(&table->arena, line + 2, strlen(line + 2));
        unescape(text);
        table->open = analyse(
            table, line[0] == '>' ? ANALYSE_DOCUMENT : ANALYSE_QUERY, text);
        table->next = 0;
    } else if (line[0] == '\0') {
        end_group(table);
    } else {
        expect_token(table, line);
    }
}

/* ---- normalise.test -------------------------------------------------- */

static bool same_stem(const struct token *a, const struct token *b)
{
    for (size_t i = 0; i < a->stem_count; i++) {
        for (size_t j = 0; j < b->stem_count; j++) {
            if (a->stems[i].russian == b->stems[j].russian &&
                strcmp(a->stems[i].text, b->stems[j].text) == 0) {
                return true;
            }
        }
    }
    return false;
}

/* How many words of the query the document has, and of how many. */
static size_t found_words(struct table *table, const char *document,
                          const char *query, size_t *count)
{
    const struct token_list *in = analyse(table, ANALYSE_DOCUMENT, document);
    const struct token_list *words = analyse(table, ANALYSE_QUERY, query);
    size_t found = 0;
    *count = 0;
    for (size_t i = 0; i < words->count; i++) {
        bool one = false;
        for (size_t j = 0; j < in->count && !words->items[i].covered; j++) {
            one = one || same_stem(&words->items[i].token, &in->items[j].token);
        }
        found += one;
        *count += !words->items[i].covered;
    }
    arena_reset(&table->arena);
    return found;
}

static void normalise_row(struct table *table, char *line)
{
    char *words[WORDS_MAX];
    char sign = line[0];
    if (sign == '\0') {
        return;
    }
    size_t count = cut(line + 1, ' ', words, WORDS_MAX);
    if (count < 2 || strchr("=!<", sign) == NULL) {
        fail_row(table, "this is no row: %s", line);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < count; j++) {
            size_t all;
            if (i == j || (sign == '<' && (i != 0))) {
                continue;
            }
            size_t found = found_words(table, words[i], words[j], &all);
            if (sign == '!' ? found > 0 : found < all || all == 0) {
                fail_row(table, "\"%s\" %s the query \"%s\"", words[i],
                         sign == '!' ? "is found by" : "is not found by",
                         words[j]);
            }
        }
    }
}

/* ---- stemmer.test ---------------------------------------------------- */

static const char *stem_of(struct table *table, const char *word)
{
    const char *stem = stemmer_stem(table->stemmer, word, strlen(word));
    assert_non_null(stem);
    return arena_copy(&table->arena, stem, strlen(stem));
}

static void stemmer_row(struct table *table, char *line)
{
    char *words[WORDS_MAX];
    if (line[0] == '\0') {
        return;
    }
    if (line[0] != '=' && line[0] != '!') {
        if (cut(line, '\t', words, 2) != 2) {
            fail_row(table, "this is no row: %s", line);
            return;
        }
        const char *stem = stem_of(table, words[0]);
        if (strcmp(stem, words[1]) != 0) {
            fail_row(table, "%s has the stem \"%s\", expected \"%s\"", words[0],
                     stem, words[1]);
        }
        arena_reset(&table->arena);
        return;
    }
    bool same = line[0] == '=';
    size_t count = cut(line + 1, ' ', words, WORDS_MAX);
    for (size_t i = 0; i < count; i++) {
        for (size_t j = i + 1; j < count; j++) {
            const char *one = stem_of(table, words[i]);
            const char *other = stem_of(table, words[j]);
            if ((strcmp(one, other) == 0) != same) {
                fail_row(table, "%s has the stem \"%s\", %s has \"%s\"",
                         words[i], one, words[j], other);
            }
            /* One failure a word, not one a pair. */
            j = same ? count : j;
        }
    }
    arena_reset(&table->arena);
}

/* ---- Running --------------------------------------------------------- */

static void run_table(const char *path,
                      void (*row)(struct table *table, char *line))
{
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    bool rules = strstr(path, "stemmer_rules") != NULL;
    struct table table = {.name = path,
                          .stemmer = stemmer_new(rules ? "uk-rules" : "uk")};
    assert_non_null(table.stemmer);
    assert_int_equal(analyser_new(&table.analyser, NULL), SHUKACH_OK);
    char line[LINE_MAX_BYTES];
    while (fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        table.line++;
        if (line[0] != '#') {
            table.rows += line[0] != '\0';
            row(&table, line);
        }
    }
    end_group(&table);
    fclose(file);
    analyser_free(table.analyser);
    stemmer_delete(table.stemmer);
    arena_free(&table.arena);
    print_message("%s: %zu rows, %zu failures\n", path, table.rows,
                  table.failures);
    assert_true(table.rows > 0);
    assert_int_equal(table.failures, 0);
}

/* All tables whose name begins with `name`. */
static void run_tables(const char *name,
                       void (*row)(struct table *table, char *line))
{
    const char *source = getenv("SHUKACH_SOURCE");
    char pattern[4096];
    snprintf(pattern, sizeof pattern, "%s/tests/cases/%s*.test",
             source != NULL ? source : ".", name);
    glob_t found;
    assert_int_equal(glob(pattern, 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        run_table(found.gl_pathv[i], row);
    }
    globfree(&found);
}

static void tokens(void **state)
{
    (void)state;
    run_tables("tokens", tokens_row);
}

static void normalise(void **state)
{
    (void)state;
    run_tables("normalise", normalise_row);
}

static void stemming(void **state)
{
    (void)state;
    run_tables("stemmer", stemmer_row);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tokens),
        cmocka_unit_test(normalise),
        cmocka_unit_test(stemming),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
