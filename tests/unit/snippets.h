/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random documents and queries for the test of snippets. */
#ifndef SNIPPETS_H
#define SNIPPETS_H

#include "random.h"
#include "scratch.h"

#include "analyser.h"

#define DOCUMENTS 300
#define WORDS 24 /* of a query */

static const char *const vocabulary[] = {
    "удар",
    "удари",
    "ударів",
    "ракета",
    "ракетою",
    "ракетний",
    "ракетних",
    "місто",
    "міста",
    "місті",
    "порт",
    "портами",
    "Київ",
    "Києва",
    "президент",
    "президентові",
    "Раїсі",
    "Путіну",
    "розмова",
    "розмову",
    "зв’язок",
    "зв'язку",
    "об’єкт",
    "НАТО",
    "С-300",
    "F-16-ми",
    "Shahed-136",
    "155-мм",
    "прес-служба",
    "прес-служби",
    "північно-східний",
    "на",
    "про",
    "який",
    "mod.gov.ua",
    "объект",
    "strikes",
    "«Вагнер»",
    "(КНДР)",
    "Зеле́нський",
    "найнепередбачуванішими",
    "гідроелектростанціями",
    "рентгеноелектрокардіографічного",
    "12.05.2024",
    "20:30",
    "1,85",
};
#define VOCABULARY (sizeof vocabulary / sizeof *vocabulary)

/* ---- Words as the analyser sees them -------------------------------------
 */

struct word {
    size_t from;
    size_t to;
    char form[96];
    char stems[TOKEN_STEMS][96];
    size_t stem_count;
    bool exact;
    bool stop;
    uint32_t position;
    uint32_t width;
    enum token_kind kind;
};

struct words {
    struct word *items;
    size_t count;
    size_t capacity;
};

static int on_token(const struct token *token, void *payload)
{
    struct words *words = payload;
    assert_true(array_grow((void **)&words->items, &words->capacity,
                           words->count + 1, sizeof *words->items));
    struct word *word = &words->items[words->count++];
    *word = (struct word){.from = token->from,
                          .to = token->to,
                          .stem_count = token->stem_count,
                          .position = token->position,
                          .width = token->width,
                          .kind = token->kind,
                          .stop = (token->rules & RULE_STOP) != 0};
    snprintf(word->form, sizeof word->form, "%s", token->form);
    for (size_t i = 0; i < token->stem_count; i++) {
        snprintf(word->stems[i], sizeof word->stems[i], "%s%s",
                 token->stems[i].russian ? "ru:" : "", token->stems[i].text);
    }
    return 0;
}

static struct words read_words(struct analyser *analyser,
                               enum analyser_mode mode, const char *text,
                               size_t length)
{
    struct words words = {0};
    assert_int_equal(analyser_run(analyser, mode, "uk", text, length, on_token,
                                  &words, NULL),
                     SHUKACH_OK);
    return words;
}

static bool matches(const struct word *asked, const struct word *seen)
{
    if (asked->exact && strcmp(asked->form, seen->form) != 0) {
        return false;
    }
    for (size_t i = 0; i < asked->stem_count; i++) {
        for (size_t k = 0; k < seen->stem_count; k++) {
            if (strcmp(asked->stems[i], seen->stems[k]) == 0) {
                return true;
            }
        }
    }
    return false;
}

/* ---- Random text and queries ---------------------------------------------
 */

/* `sparse`: most words are such that no query asks for, the others differ. */
static void add_sentence(struct buf *text, size_t words, size_t *sparse)
{
    static const char *const others[] = {"лампа", "вікно", "озеро", "дерево"};
    static const char *const spaces[] = {" ", " ", " ",  " ",  " ",  " ",
                                         " ", " ", "\n", ", ", "  ", " — "};
    static const char *const ends[] = {". ", "! ", "… ", ".\n", ".\n\n", "? "};
    for (size_t w = 0; w < words; w++) {
        buf_add_text(text, w > 0 ? spaces[pick(12)] : "");
        if (sparse == NULL) {
            buf_add_text(text, vocabulary[pick(VOCABULARY)]);
        } else if (pick(4) > 0 || *sparse >= VOCABULARY) {
            buf_add_text(text, others[pick(4)]);
        } else {
            /* Seldom another form of the last one. */
            *sparse += 1 + pick(3);
            buf_add_text(text, vocabulary[(*sparse + 17) % VOCABULARY]);
        }
    }
    buf_add_text(text, ends[pick(6)]);
}

static void set(struct shukach_document *document, enum shukach_field field,
                const char *text)
{
    assert_int_equal(
        shukach_document_set(document, field, text, strlen(text), NULL),
        SHUKACH_OK);
}

static void make_index(const char *dir)
{
    struct shukach_indexer *indexer;
    struct shukach_document *document;
    assert_int_equal(shukach_indexer_open(dir, &indexer, NULL), SHUKACH_OK);
    assert_int_equal(shukach_document_new(&document, NULL), SHUKACH_OK);
    set(document, SHUKACH_LANG, "uk");
    for (size_t d = 0; d < DOCUMENTS; d++) {
        struct buf text;
        char id[16];
        buf_init(&text, 1 << 20);
        snprintf(id, sizeof id, "%zu", d);
        set(document, SHUKACH_ID, id);
        for (size_t w = pick(6); w > 0; w--) {
            buf_format(&text, "%s ", vocabulary[pick(VOCABULARY)]);
        }
        set(document, SHUKACH_TITLE, buf_text(&text));
        buf_reset(&text);
        size_t next = 0;
        for (size_t s = 1 + pick(20); s > 0; s--) {
            add_sentence(&text, 1 + pick(15), d % 2 == 0 ? &next : NULL);
        }
        set(document, SHUKACH_TEXT, buf_text(&text));
        assert_int_equal(shukach_indexer_add(indexer, document, NULL),
                         SHUKACH_OK);
        buf_free(&text);
    }
    assert_int_equal(shukach_indexer_publish(indexer, NULL), SHUKACH_OK);
    shukach_document_free(document);
    shukach_indexer_close(indexer);
}

struct query {
    struct buf text;
    struct word words[WORDS];
    size_t count;
    bool phrase; /* nothing but one phrase */
};

/* Adds a part of the query, and the words that it asks for: those of a
 * phrase one by one, others as a whole. */
static void add_part(struct analyser *analyser, struct query *query,
                     const char *before, const char *part, bool phrase)
{
    bool exact = before[0] != '\0' && before[strlen(before) - 1] == '=';
    buf_format(&query->text, "%s%s%s%s", before, phrase ? "\"" : "", part,
               phrase ? "\"" : "");
    struct words words =
        read_words(analyser, ANALYSE_QUERY, part, strlen(part));
    uint32_t covered = 0;
    for (size_t i = 0; i < words.count; i++) {
        struct word *word = &words.items[i];
        bool whole = word->kind == TOKEN_WHOLE;
        bool skip = phrase ? whole : word->position < covered;
        if (!phrase && !skip && whole) {
            covered = word->position + word->width;
        }
        if (!skip && query->count < WORDS) {
            word->exact = exact;
            /* Left out beside other words, if nothing binds it. */
            word->stop =
                word->stop && !phrase && strspn(before, " ") == strlen(before);
            query->words[query->count++] = *word;
        }
    }
    free(words.items);
}

/* Stop words that stand alone stay, others are not asked for. */
static void drop_stop_words(struct query *query)
{
    size_t kept = 0;
    for (size_t i = 0; i < query->count; i++) {
        if (!query->words[i].stop) {
            query->words[kept++] = query->words[i];
        }
    }
    query->count = kept > 0 ? kept : query->count;
}

static void make_query(struct analyser *analyser, struct query *query)
{
    /* Signs in front of the first and of the other parts. */
    static const char *const signs[][2] = {{"", " "},
                                           {"", " "},
                                           {"+", " "},
                                           {"", " І "},
                                           {"", " АБО "},
                                           {"=", " "},
                                           {"=", " ="},
                                           {"", " NEAR/5 "},
                                           {"+=", " OR "},
                                           {"", " NEAR/20 "},
                                           {
                                               "+",
                                               " =",
                                           }};
    *query = (struct query){0};
    buf_init(&query->text, 1 << 16);
    const char *const *sign = signs[pick(sizeof signs / sizeof *signs)];
    const size_t all = 1 + pick(4);
    for (size_t parts = all; parts > 0; parts--) {
        char part[512];
        const char *one = vocabulary[pick(VOCABULARY)];
        bool phrase = pick(4) == 0;
        /* A quote or a bracket would end the word. */
        while (one[0] == '(' || (unsigned char)one[0] == 0xc2) {
            one = vocabulary[pick(VOCABULARY)];
        }
        if (phrase) {
            snprintf(part, sizeof part, "%s %s", one,
                     vocabulary[pick(VOCABULARY - 9)]);
        } else {
            snprintf(part, sizeof part, "%s", one);
        }
        add_part(analyser, query, query->text.length > 0 ? sign[1] : sign[0],
                 part, phrase);
        query->phrase = phrase && all == 1;
    }
    if (sign[1][0] == ' ' && sign[1][1] == '\0') {
        drop_stop_words(query);
    }
}

#endif
