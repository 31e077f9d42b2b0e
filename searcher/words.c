/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "searcher.h"

struct collector {
    struct words_reader *reader;
    const char *text;
    enum words_mode mode;
    struct query_word *words;
    size_t count;
    size_t capacity;
    uint32_t covered; /* positions below it belong to a whole */
    enum shukach_status status;
};

static bool copy_stems(struct collector *collector, const struct token *token,
                       struct query_word *word)
{
    struct arena *arena = collector->reader->arena;
    for (size_t i = 0; i < token->stem_count; i++) {
        const struct token_stem *stem = &token->stems[i];
        char *text = arena_copy(arena, stem->text, stem->length);
        if (text == NULL) {
            return false;
        }
        word->stems[i] = (struct query_stem){
            .text = text,
            .length = stem->length,
            .russian = stem->russian,
            .hash = signature_stem(text, stem->length, stem->russian)};
    }
    word->stem_count = token->stem_count;
    word->form = arena_copy(arena, token->form, token->form_length);
    word->form_hash = hash64(token->form, token->form_length);
    word->rules = token->rules;
    word->stop = (token->rules & RULE_STOP) != 0;
    word->name = names_may_be(token, collector->text);
    word->from = token->from;
    word->to = token->to;
    return word->form != NULL;
}

/* Whether the token is left to others: a part in favour of its whole, or a
 * whole in favour of its parts. */
static bool left_out(struct collector *collector, const struct token *token)
{
    if (collector->mode == WORDS_PARTS) {
        return token->kind == TOKEN_WHOLE;
    }
    if (token->position < collector->covered) {
        return true;
    }
    if (token->kind == TOKEN_WHOLE) {
        collector->covered = token->position + token->width;
    }
    return false;
}

static int on_token(const struct token *token, void *payload)
{
    struct collector *collector = payload;
    if (left_out(collector, token)) {
        return 0;
    }
    if (++collector->reader->terms > QUERY_TERMS) {
        collector->status = SHUKACH_LIMIT;
        return 1;
    }
    if (collector->count == collector->capacity) {
        size_t grown = collector->capacity == 0 ? 8 : collector->capacity * 2;
        struct query_word *words =
            arena_array(collector->reader->arena, grown, sizeof *words);
        if (words == NULL) {
            collector->status = SHUKACH_NOMEM;
            return 1;
        }
        if (collector->count > 0) {
            memcpy(words, collector->words, collector->count * sizeof *words);
        }
        collector->words = words;
        collector->capacity = grown;
    }
    if (!copy_stems(collector, token, &collector->words[collector->count])) {
        collector->status = SHUKACH_NOMEM;
        return 1;
    }
    collector->count++;
    return 0;
}

enum shukach_status words_read(struct words_reader *reader,
                               enum words_mode mode, const char *text,
                               size_t length, struct query_word **out,
                               size_t *count, struct shukach_error *err)
{
    struct collector collector = {.reader = reader, .text = text, .mode = mode};
    enum shukach_status status =
        analyser_run(reader->analyser, ANALYSE_QUERY, "uk", text, length,
                     on_token, &collector, err);
    if (collector.status == SHUKACH_LIMIT) {
        return error_at(err, SHUKACH_LIMIT, 0,
                        "the query has more than %d words; shorten it",
                        QUERY_TERMS);
    }
    if (collector.status != SHUKACH_OK) {
        return error_nomem(err);
    }
    *out = collector.words;
    *count = collector.count;
    return status;
}
