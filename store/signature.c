/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A signature is the document's token stream, an entry a token. Each token
 * stands one position after the one before it, unless a mark says otherwise.
 * A large segment has shorter codes for frequent entries
 * (signature_codes.c). */
#include "signature.h"

uint64_t signature_stem(const char *stem, size_t length, bool russian)
{
    uint64_t hash = hash64(stem, length);
    return russian ? ~hash : hash;
}

uint16_t signature_short(uint64_t stem)
{
    uint16_t hash = (uint16_t)stem;
    return hash < MARKS ? (uint16_t)(hash + MARKS) : hash;
}

struct signature_token signature_of(const char *stem, size_t stem_length,
                                    bool russian, const char *form,
                                    size_t form_length)
{
    return (struct signature_token){
        .stem = signature_short(signature_stem(stem, stem_length, russian)),
        .form = (uint8_t)hash64(form, form_length),
    };
}

static void add_entry(struct buf *out, uint16_t first, uint8_t last)
{
    const char entry[ENTRY] = {(char)(first & 0xff), (char)(first >> 8),
                               (char)last};
    buf_add(out, entry, sizeof entry);
}

void signature_add(struct buf *out, const struct signature_token *token,
                   const struct signature_token *previous)
{
    if (!token->title && (previous == NULL || previous->title)) {
        add_entry(out, MARK_TEXT, 0);
    } else if (previous != NULL && token->position == previous->position) {
        add_entry(out, MARK_SAME, 0);
    }
    add_entry(out, token->stem, token->form);
}

/* ---- Asking -------------------------------------------------------------- */

/* Codes that are alike in their low 12 bits are tested together: a query asks
 * for few of them. */
#define ALIKE (1 << 12)

/* The codes of a segment that are asked for, a bit each, and what is like them;
 * that of MARK_TEXT always is. */
struct signature_asked {
    const unsigned char *entries;
    struct signature_asked *next;
    uint64_t codes[SIGNATURE_BITS];
    bool alike[ALIKE];
};

static uint16_t stem_of(const unsigned char *entry)
{
    return (uint16_t)(entry[0] | entry[1] << 8);
}

static void set_bit(uint64_t *bits, size_t bit)
{
    bits[bit / 64] |= (uint64_t)1 << (bit % 64);
}

static bool has_bit(const uint64_t *bits, size_t bit)
{
    return (bits[bit / 64] >> (bit % 64) & 1) != 0;
}

void signature_ask(struct signature_filter *filter, uint64_t stem)
{
    set_bit(filter->stems, signature_short(stem));
}

/* The first code of a stem, or of one after it. */
static size_t first_code(const struct signature_codes *codes, uint16_t stem)
{
    size_t low = 0;
    size_t high = codes->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (stem_of(codes->entries + ENTRY * middle) < stem) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static void ask_code(struct signature_asked *asked, size_t code)
{
    set_bit(asked->codes, code);
    asked->alike[code % ALIKE] = true;
}

static void ask_codes(const struct signature_codes *codes, uint16_t stem,
                      struct signature_asked *out)
{
    for (size_t i = first_code(codes, stem);
         i < codes->count && stem_of(codes->entries + ENTRY * i) == stem; i++) {
        ask_code(out, i);
    }
}

/* The codes asked for in a segment; NULL out of memory. */
static const struct signature_asked *
codes_asked(struct signature_filter *filter,
            const struct signature_codes *codes)
{
    struct signature_asked *asked = filter->asked;
    while (asked != NULL && asked->entries != codes->entries) {
        asked = asked->next;
    }
    if (asked != NULL) {
        return asked;
    }
    asked = arena_array(filter->arena, 1, sizeof *asked);
    if (asked == NULL) {
        return NULL;
    }
    asked->entries = codes->entries;
    asked->next = filter->asked;
    filter->asked = asked;
    ask_codes(codes, MARK_TEXT, asked);
    for (size_t i = 0; i < SIGNATURE_BITS; i++) {
        for (uint64_t left = filter->stems[i]; left != 0; left &= left - 1) {
            size_t bit = (size_t)__builtin_ctzll(left);
            ask_codes(codes, (uint16_t)(64 * i + bit), asked);
        }
    }
    return asked;
}

/* ---- Decoding ------------------------------------------------------------ */

/* A signature being read: entries, or codes and rare entries. */
struct stream {
    const struct signature *signature;
    const unsigned char *at; /* of entries, or of codes */
    size_t count;            /* entries */
    const unsigned char *rare;
    const unsigned char *end;
};

static bool stream_begin(const struct signature *signature, struct stream *out)
{
    const unsigned char *at = signature->data;
    const unsigned char *end = at + signature->length;
    *out = (struct stream){.signature = signature,
                           .at = at,
                           .count = signature->length / ENTRY,
                           .rare = end,
                           .end = end};
    if (signature->codes.count == 0) {
        return signature->length % ENTRY == 0;
    }
    uint64_t count;
    if (!varint_read(&at, end, &count) || count > (size_t)(end - at) / 2) {
        return false;
    }
    out->at = at;
    out->count = (size_t)count;
    out->rare = at + 2 * count;
    return (size_t)(end - out->rare) % ENTRY == 0;
}

/* Entry `i`, of which the rare ones are read in turn; NULL if there is none. */
static const unsigned char *stream_entry(struct stream *stream, size_t i)
{
    const struct signature_codes *codes = &stream->signature->codes;
    if (codes->count == 0) {
        return stream->at + ENTRY * i;
    }
    size_t code = stem_of(stream->at + 2 * i);
    if (code < codes->count) {
        return codes->entries + ENTRY * code;
    }
    const unsigned char *entry = stream->rare;
    if (code != CODE_RARE || entry == stream->end) {
        return NULL;
    }
    stream->rare += ENTRY;
    return entry;
}

/* Whether one of the rare entries is asked for. */
static bool asks_rare(const struct stream *stream, const uint64_t *stems)
{
    bool found = false;
    for (const unsigned char *at = stream->rare; at < stream->end;
         at += ENTRY) {
        found |= has_bit(stems, stem_of(at));
    }
    return found;
}

/* How many of four codes are that of MARK_SAME, which is 0. */
static size_t count_same(uint64_t four)
{
    const uint64_t low = UINT64_C(0x7fff7fff7fff7fff);
    uint64_t zero = ~(((four & low) + low) | four | low);
    return (size_t)((zero >> 15) * UINT64_C(0x0001000100010001) >> 48);
}

/* Skips entries from `*i` on that are not asked for, rare ones among them
 * unless `rare` says that one is, and marks of the same place: how many
 * positions. Most signatures are skipped through to their end. */
static uint32_t skip(const struct stream *stream,
                     const struct signature_asked *asked, bool rare, size_t *i)
{
    const unsigned char *at = stream->at + 2 * *i;
    const unsigned char *from = at;
    const unsigned char *end = stream->at + 2 * stream->count;
    const bool *alike = asked->alike;
    size_t same = 0;
    while (at < end) {
        uint64_t four;
        while (!rare && end - at >= 8) {
            memcpy(&four, at, sizeof four);
            if (alike[four % ALIKE] | alike[(four >> 16) % ALIKE] |
                alike[(four >> 32) % ALIKE] | alike[(four >> 48) % ALIKE]) {
                break;
            }
            same += count_same(four);
            at += sizeof four;
        }
        for (int k = 0; k < 4 && at < end; k++, at += 2) {
            size_t code = stem_of(at);
            if (has_bit(asked->codes, code) || (rare && code == CODE_RARE)) {
                end = at;
                break;
            }
            same += code == MARK_SAME;
        }
    }
    *i += (size_t)(at - from) / 2;
    /* A mark is no token, and takes the one after it back. */
    return (uint32_t)((size_t)(at - from) / 2 - 2 * same);
}

/* The tokens of a stream, `asked` of its codes if that is not NULL. How many,
 * or SIZE_MAX if it is damaged. */
static size_t decode(struct stream *stream, const struct signature_asked *asked,
                     const uint64_t *stems, struct signature_token *out)
{
    size_t n = 0;
    uint32_t next = 0;
    bool title = true;
    bool mark = false;
    bool any = false;
    bool rare = asked == NULL || asks_rare(stream, stems);
    for (size_t i = 0; i < stream->count; i++) {
        size_t from = i;
        next += asked == NULL ? 0 : skip(stream, asked, rare, &i);
        any = any || i > from;
        mark = mark && i == from;
        if (i == stream->count) {
            break;
        }
        const unsigned char *entry = stream_entry(stream, i);
        if (entry == NULL) {
            return SIZE_MAX;
        }
        uint16_t stem = stem_of(entry);
        if (stem >= MARKS) {
            if (stems == NULL || has_bit(stems, stem)) {
                out[n++] = (struct signature_token){.stem = stem,
                                                    .form = entry[2],
                                                    .title = title,
                                                    .position = next};
            }
            next++;
            any = true;
            mark = false;
            continue;
        }
        /* A mark says something of the token after it, once. */
        if (mark || (stem == MARK_TEXT ? !title : !any)) {
            return SIZE_MAX;
        }
        mark = true;
        if (stem == MARK_SAME) {
            next--;
        } else {
            next += any ? SIGNATURE_GAP : 0;
            title = false;
        }
    }
    return mark || (rare && stream->rare != stream->end) ? SIZE_MAX : n;
}

enum shukach_status signature_decode(const struct signature *signature,
                                     struct signature_filter *filter,
                                     struct arena *arena,
                                     struct signature_token **out,
                                     size_t *count, struct shukach_error *err)
{
    struct stream stream;
    const struct signature_asked *asked = NULL;
    size_t n = SIZE_MAX;
    if (stream_begin(signature, &stream)) {
        size_t room;
        struct signature_token *tokens = NULL;
        if (size_mul(stream.count + 1, sizeof *tokens, &room)) {
            tokens = arena_alloc(arena, room);
        }
        if (filter != NULL && signature->codes.count > 0) {
            asked = codes_asked(filter, &signature->codes);
        }
        if (tokens == NULL ||
            (asked == NULL && filter != NULL && signature->codes.count > 0)) {
            return error_nomem(err);
        }
        n = decode(&stream, asked, filter == NULL ? NULL : filter->stems,
                   tokens);
        *out = tokens;
    }
    if (n == SIZE_MAX) {
        return error_set(err, SHUKACH_CORRUPT,
                         "a token signature is damaged; rebuild the index");
    }
    *count = n;
    return SHUKACH_OK;
}
