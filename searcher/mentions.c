/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of a stored document that may be names: those that stand there
 * with a capital and are mostly written so in this index, in runs with nothing
 * but a space between them. */
#include "mentions.h"

bool mention_add(struct mentions *mentions, uint32_t what, uint32_t document)
{
    if (!array_grow((void **)&mentions->items, &mentions->capacity,
                    mentions->count + 1, sizeof *mentions->items)) {
        return false;
    }
    mentions->items[mentions->count++] =
        (struct mention){.what = what, .document = document};
    return true;
}

static int by_what(const void *a, const void *b)
{
    const struct mention *x = a;
    const struct mention *y = b;
    if (x->what != y->what) {
        return x->what < y->what ? -1 : 1;
    }
    return x->document < y->document ? -1 : x->document > y->document;
}

void mentions_unique(struct mentions *mentions)
{
    size_t kept = 0;
    if (mentions->count > 0) {
        qsort(mentions->items, mentions->count, sizeof *mentions->items,
              by_what);
    }
    for (size_t i = 0; i < mentions->count; i++) {
        if (kept == 0 ||
            by_what(&mentions->items[kept - 1], &mentions->items[i]) != 0) {
            mentions->items[kept++] = mentions->items[i];
        }
    }
    mentions->count = kept;
}

/* ---- Runs ---------------------------------------------------------------- */

static void fail(struct name_reader *reader, enum shukach_status status)
{
    if (reader->status == SHUKACH_OK) {
        reader->status = status;
    }
}

/* Keeps the run; initials at its end belong to no name. */
static void end_run(struct name_reader *reader)
{
    size_t count = reader->run_count;
    reader->run_count = 0;
    while (count > 0 && reader->words[reader->run[count - 1]].initials) {
        count--;
    }
    if (count == 0) {
        return;
    }
    uint32_t run =
        intern_add(&reader->runs, reader->run, count * sizeof reader->run[0]);
    if (run == INTERN_NONE ||
        !mention_add(&reader->mentions, run, reader->documents)) {
        fail(reader, error_nomem(&reader->error));
    }
}

static void add_to_run(struct name_reader *reader, uint32_t word)
{
    if (reader->run_count == RUN_WORDS) {
        end_run(reader);
    }
    reader->run[reader->run_count++] = word;
}

/* ---- What stands between two words --------------------------------------- */

/* The length of one of the pieces that stands at `text`, or 0. */
static size_t piece_at(const char *text, size_t length,
                       const char *const *pieces, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t size = strlen(pieces[i]);
        if (size <= length && memcmp(text, pieces[i], size) == 0) {
            return size;
        }
    }
    return 0;
}

static const char *const spaces[] = {" ", "\u00a0", "\u202f"};
#define SPACES (sizeof spaces / sizeof *spaces)

static bool is_space(const char *text, size_t length)
{
    return length > 0 && piece_at(text, length, spaces, SPACES) == length;
}

/* Whether a sentence may begin behind this, so that a capital proves nothing:
 * everything but spaces, commas, dashes and a bracket that closes; a full stop
 * behind one letter (`м. Київ`) is no end. */
static bool sentence_begins(const char *gap, size_t length, bool single)
{
    static const char *const inside[] = {" ", "\u00a0", "\u202f", ",",
                                         ")", "-",      "–",      "—"};
    size_t at = single && length > 0 && gap[0] == '.' ? 1 : 0;
    while (at < length) {
        size_t size = piece_at(gap + at, length - at, inside,
                               sizeof inside / sizeof *inside);
        if (size == 0) {
            return true;
        }
        at += size;
    }
    return false;
}

/* ---- Words --------------------------------------------------------------- */

/* The number of a form, which is `fresh` the first time; NONE out of memory. */
static uint32_t word_number(struct name_reader *reader, const char *form,
                            size_t length, bool *fresh)
{
    size_t before = reader->forms.count;
    uint32_t number = intern_add(&reader->forms, form, length);
    *fresh = reader->forms.count > before;
    if (number == INTERN_NONE ||
        !array_grow((void **)&reader->words, &reader->word_capacity,
                    reader->forms.count, sizeof *reader->words)) {
        fail(reader, error_nomem(&reader->error));
        *fresh = false;
        return INTERN_NONE;
    }
    if (*fresh) {
        reader->words[number] = (struct name_word){
            .form = reader->forms.items[number].data, .last = UINT32_MAX};
    }
    return number;
}

/* Sets how a word is written. */
static void set_text(struct name_reader *reader, struct name_word *word,
                     enum form_casing casing)
{
    char *text = arena_alloc(&reader->arena, FORM_BYTES + 1);
    if (text == NULL) {
        fail(reader, error_nomem(&reader->error));
        return;
    }
    form_write(word->form, casing, text);
    word->text = text;
    word->name = true;
}

/* В. or В.О. in front of a surname: one letter and a full stop, or what the
 * analyser took for initials. They have the form of their first letter. */
static uint32_t initials_number(struct name_reader *reader,
                                const struct token *token)
{
    char form[8];
    uint32_t code;
    bool fresh;
    size_t length = utf8_decode(token->form, token->form_length, &code);
    memcpy(form, token->form, length);
    form[length] = '.';
    uint32_t number = word_number(reader, form, length + 1, &fresh);
    if (fresh) {
        reader->words[number].initials = true;
        set_text(reader, &reader->words[number], FORM_CAPITAL);
    }
    return number;
}

/* What the list of forms knows of a new word. */
static void look_up(struct name_reader *reader, struct name_word *word,
                    size_t length)
{
    struct form known;
    if (length > FORM_BYTES) {
        return;
    }
    enum shukach_status status =
        forms_find(reader->index->store->forms, word->form, length, &known,
                   &reader->error);
    if (status != SHUKACH_OK) {
        fail(reader, status);
    } else if (known.length > 0 && known.casing != FORM_SMALL) {
        word->capitals = known.casing == FORM_CAPITALS;
        set_text(reader, word, known.casing);
    }
}

static bool is_letter(const struct token *token)
{
    uint32_t code;
    return utf8_decode(token->form, token->form_length, &code) ==
           token->form_length;
}

/* The number of a word of a name; NONE for any other. */
static uint32_t name_number(struct name_reader *reader,
                            const struct token *token)
{
    bool fresh;
    if (!names_capital(token, reader->text)) {
        return INTERN_NONE;
    }
    if ((token->rules & RULE_INITIALS) != 0 ||
        (is_letter(token) && reader->text[token->to] == '.')) {
        return initials_number(reader, token);
    }
    if (!names_may_be(token, reader->text) || is_letter(token) ||
        (token->rules & (RULE_STOP | RULE_DESIGNATOR)) != 0) {
        return INTERN_NONE;
    }
    uint32_t number =
        word_number(reader, token->form, token->form_length, &fresh);
    if (fresh) {
        look_up(reader, &reader->words[number], token->form_length);
    }
    return number != INTERN_NONE && reader->words[number].name ? number
                                                               : INTERN_NONE;
}

static int on_token(const struct token *token, void *payload)
{
    struct name_reader *reader = payload;
    if (token->position < reader->covered) {
        return 0;
    }
    reader->covered =
        token->kind == TOKEN_WHOLE ? token->position + token->width : 0;
    const char *gap = reader->text + reader->end;
    size_t length = token->from - reader->end;
    bool first = reader->end == 0;
    bool begins = first || sentence_begins(gap, length, reader->single);
    uint32_t number = name_number(reader, token);
    bool initials = number != INTERN_NONE && reader->words[number].initials;
    bool behind = reader->run_count > 0 &&
                  reader->words[reader->run[reader->run_count - 1]].initials;
    if (number == INTERN_NONE ||
        !(is_space(gap, length) || (behind && length == 0))) {
        end_run(reader);
    }
    if (number != INTERN_NONE) {
        struct name_word *word = &reader->words[number];
        add_to_run(reader, number);
        word->inside = word->inside || !begins;
        word->documents += word->last != reader->documents;
        word->last = reader->documents;
    }
    reader->end = token->to;
    reader->end += initials && reader->text[token->to] == '.';
    reader->single = is_letter(token);
    return reader->status != SHUKACH_OK;
}

static enum shukach_status read_text(struct name_reader *reader,
                                     const char *language, const char *text,
                                     size_t length, struct shukach_error *err)
{
    reader->text = text;
    reader->end = 0;
    reader->single = false;
    reader->covered = 0;
    reader->run_count = 0;
    enum shukach_status status =
        analyser_run(reader->index->analyser, ANALYSE_DOCUMENT, language, text,
                     length, on_token, reader, err);
    end_run(reader);
    return reader->status != SHUKACH_OK ? reader->status : status;
}

enum shukach_status names_read(struct name_reader *reader,
                               const char *const fields[SHUKACH_FIELDS],
                               const size_t lengths[SHUKACH_FIELDS],
                               struct shukach_error *err)
{
    enum shukach_status status =
        read_text(reader, fields[SHUKACH_LANG], fields[SHUKACH_TITLE],
                  lengths[SHUKACH_TITLE], err);
    if (status == SHUKACH_OK) {
        status = read_text(reader, fields[SHUKACH_LANG], fields[SHUKACH_TEXT],
                           lengths[SHUKACH_TEXT], err);
    }
    if (reader->status != SHUKACH_OK && err != NULL) {
        *err = reader->error; /* not that the analyser was stopped */
    }
    reader->documents++;
    return status;
}

void name_reader_free(struct name_reader *reader)
{
    intern_free(&reader->forms);
    intern_free(&reader->runs);
    arena_free(&reader->arena);
    free(reader->words);
    free(reader->mentions.items);
}
