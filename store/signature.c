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

/* Vectors of eight codes; what a comparison of such gives, -1 for each that is
 * true; and the same as two numbers. */
typedef uint16_t eight_codes __attribute__((vector_size(16)));
typedef int16_t eight_truths __attribute__((vector_size(16)));
typedef uint64_t two_halves __attribute__((vector_size(16)));
enum { EIGHT = 8 };

/* Codes one behind another: those whose distance from the first is less than
 * `count`. Distance and count are both LEAST too small here, `low` thus LEAST
 * more than the first, for SSE2 compares signed numbers in one instruction. */
#define LEAST 0x8000u
struct range {
    eight_codes low;
    eight_truths count;
};

/* With more ranges than this the table of what is alike is as fast. */
#define RANGES_MAX 16

/* What is alike in its low 12 bits is tested together: a query asks for few. */
#define ALIKE (1 << 12)

/* The codes of a segment that are asked for, as ranges, of which those after
 * RANGES_MAX are only counted, as a bit each, and what is like them; that of
 * MARK_TEXT always is. And what is like the stems asked for. */
struct signature_asked {
    const unsigned char *entries;
    struct signature_asked *next;
    struct range ranges[RANGES_MAX];
    size_t range_count;
    size_t end; /* of the last range */
    uint64_t codes[SIGNATURE_BITS];
    bool alike[ALIKE];
    bool alike_stems[ALIKE];
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

/* Codes come in their order, unless the file is damaged. */
static void ask_range(struct signature_asked *asked, size_t code)
{
    if (asked->range_count == 0 || asked->end != code) {
        asked->range_count++;
        if (asked->range_count <= RANGES_MAX) {
            asked->ranges[asked->range_count - 1] = (struct range){
                .low = (eight_codes){0} + (uint16_t)(code + LEAST),
                .count = (eight_truths){0} + INT16_MIN};
        }
    }
    asked->end = code + 1;
    if (asked->range_count <= RANGES_MAX) {
        asked->ranges[asked->range_count - 1].count += 1;
    }
}

static void ask_code(struct signature_asked *asked, size_t code)
{
    ask_range(asked, code);
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
            asked->alike_stems[(64 * i + bit) % ALIKE] = true;
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
static bool asks_rare(const struct stream *stream,
                      const struct signature_asked *asked,
                      const uint64_t *stems)
{
    bool found = false;
    for (const unsigned char *at = stream->rare; at < stream->end;
         at += ENTRY) {
        found |= asked->alike_stems[stem_of(at) % ALIKE];
    }
    for (const unsigned char *at = stream->rare; found && at < stream->end;
         at += ENTRY) {
        if (has_bit(stems, stem_of(at))) {
            return true;
        }
    }
    return false;
}

#define BIG_ENDIAN_CODES (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)

static eight_codes load(const unsigned char *at)
{
    eight_codes codes;
    memcpy(&codes, at, sizeof codes);
    return BIG_ENDIAN_CODES ? codes << 8 | codes >> 8 : codes;
}

static bool any_true(eight_truths truths)
{
    two_halves halves = (two_halves)truths;
    return (halves[0] | halves[1]) != 0;
}

/* Of eight numbers, whose sum is less than 2^16. */
static size_t sum(eight_codes numbers)
{
    two_halves halves = (two_halves)numbers;
    return (size_t)((halves[0] + halves[1]) * UINT64_C(0x0001000100010001) >>
                    48);
}

/* The place of the first; one there is. */
static int16_t first_true(eight_truths truths)
{
    const eight_codes bits = {1, 2, 4, 8, 16, 32, 64, 128};
    return (int16_t)__builtin_ctzll(sum((eight_codes)truths & bits));
}

/* So many codes the sum of their marks can tell. */
#define SUM_MAX ((size_t)EIGHT << 12)

/* Looks at codes eight by eight: how many there are before the first that is
 * asked for, or before the end, where less than eight are left. */
static size_t pass_ranges(const struct signature_asked *asked,
                          const unsigned char *at, size_t count, size_t *same)
{
    const eight_truths none = {0};
    const eight_truths places = {0, 1, 2, 3, 4, 5, 6, 7};
    eight_codes marks = {0};
    size_t i = 0;
    count = count < SUM_MAX ? count : SUM_MAX;
    for (; count - i >= EIGHT; i += EIGHT) {
        eight_codes codes = load(at + 2 * i);
        eight_truths is_mark = (eight_truths)codes == MARK_SAME;
        eight_truths found = none;
        for (size_t r = 0; r < asked->range_count; r++) {
            found |= (eight_truths)(codes - asked->ranges[r].low) <
                     asked->ranges[r].count;
        }
        if (any_true(found)) {
            int16_t first = first_true(found);
            marks -= (eight_codes)(is_mark & (places < none + first));
            i += (size_t)first;
            break;
        }
        marks -= (eight_codes)is_mark;
    }
    *same += sum(marks);
    return i;
}

/* How many of four codes are that of MARK_SAME, which is 0. */
static size_t count_same(uint64_t four)
{
    const uint64_t low = UINT64_C(0x7fff7fff7fff7fff);
    uint64_t zero = ~(((four & low) + low) | four | low);
    return (size_t)((zero >> 15) * UINT64_C(0x0001000100010001) >> 48);
}

/* The same four by four, before some that are like those asked for. */
static size_t pass_alike(const struct signature_asked *asked,
                         const unsigned char *at, size_t count, size_t *same)
{
    const bool *alike = asked->alike;
    size_t i = 0;
    for (; count - i >= 4; i += 4) {
        uint64_t four;
        memcpy(&four, at + 2 * i, sizeof four);
        four = BIG_ENDIAN_CODES ? __builtin_bswap64(four) : four;
        if (alike[four % ALIKE] | alike[(four >> 16) % ALIKE] |
            alike[(four >> 32) % ALIKE] | alike[(four >> 48) % ALIKE]) {
            break;
        }
        *same += count_same(four);
    }
    return i;
}

/* Skips entries from `*i` on that are not asked for, and marks of the same
 * place, to `end` at most: how many positions. Most signatures are skipped
 * through to their end. */
static uint32_t skip(const struct stream *stream,
                     const struct signature_asked *asked, size_t end, size_t *i)
{
    bool few = asked->range_count <= RANGES_MAX;
    size_t from = *i;
    size_t at = from;
    size_t same = 0;
    bool found = false;
    while (at < end && !found) {
        const unsigned char *codes = stream->at + 2 * at;
        at += few ? pass_ranges(asked, codes, end - at, &same)
                  : pass_alike(asked, codes, end - at, &same);
        for (int k = 0; k < EIGHT && at < end; k++, at++) {
            size_t code = stem_of(stream->at + 2 * at);
            if (has_bit(asked->codes, code)) {
                found = true;
                break;
            }
            same += code == MARK_SAME;
        }
    }
    *i = at;
    /* A mark is no token, and takes the one after it back. */
    return (uint32_t)(at - from - 2 * same);
}

/* Passes `*count` rare codes from `i` on: where the next one stands, or the
 * end, and then `*count` is how many were missing. */
static size_t find_rare(const struct stream *stream, size_t i, size_t *count)
{
    for (; stream->count - i >= EIGHT; i += EIGHT) {
        eight_truths codes = (eight_truths)load(stream->at + 2 * i);
        size_t here = sum(-(eight_codes)(codes == (int16_t)CODE_RARE));
        if (here > *count) {
            break;
        }
        *count -= here;
    }
    for (; i < stream->count; i++) {
        if (stem_of(stream->at + 2 * i) != CODE_RARE) {
            continue;
        }
        if (*count == 0) {
            break;
        }
        --*count;
    }
    return i;
}

/* Where the first rare entry stands that is asked for or a mark, with the rare
 * entries before and the codes from `*i` on passed. False if there are not as
 * many codes as entries. */
static bool next_rare(struct stream *stream, const uint64_t *stems, size_t *i)
{
    size_t count = 0;
    while (stream->rare < stream->end) {
        uint16_t stem = stem_of(stream->rare);
        if (stem < MARKS || has_bit(stems, stem)) {
            break;
        }
        count++;
        stream->rare += ENTRY;
    }
    *i = find_rare(stream, *i, &count);
    return count == 0 && (*i == stream->count) == (stream->rare == stream->end);
}

/* Tokens being read. */
struct reading {
    struct signature_token *out;
    size_t count;
    uint32_t next;
    bool title;
    bool mark; /* the last entry was one */
    bool any;  /* before */
};

/* False if it is a mark where none can be. */
static bool take(struct reading *reading, const unsigned char *entry,
                 bool wanted)
{
    uint16_t stem = stem_of(entry);
    if (stem >= MARKS) {
        if (wanted) {
            reading->out[reading->count++] =
                (struct signature_token){.stem = stem,
                                         .form = entry[2],
                                         .title = reading->title,
                                         .position = reading->next};
        }
        reading->next++;
        reading->any = true;
        reading->mark = false;
        return true;
    }
    /* A mark says something of the token after it, once. */
    if (reading->mark ||
        (stem == MARK_TEXT ? !reading->title : !reading->any)) {
        return false;
    }
    reading->mark = true;
    if (stem == MARK_SAME) {
        reading->next--;
    } else {
        reading->next += reading->any ? SIGNATURE_GAP : 0;
        reading->title = false;
    }
    return true;
}

/* All tokens of a stream, or those of some stems. How many, or SIZE_MAX if it
 * is damaged. */
static size_t decode(struct stream *stream, const uint64_t *stems,
                     struct signature_token *out)
{
    struct reading reading = {.out = out, .title = true};
    for (size_t i = 0; i < stream->count; i++) {
        const unsigned char *entry = stream_entry(stream, i);
        if (entry == NULL ||
            !take(&reading, entry,
                  stems == NULL || has_bit(stems, stem_of(entry)))) {
            return SIZE_MAX;
        }
    }
    return reading.mark || stream->rare != stream->end ? SIZE_MAX
                                                       : reading.count;
}

/* The same for a stream of codes, by what is asked of them. */
static size_t decode_asked(struct stream *stream,
                           const struct signature_asked *asked,
                           const uint64_t *stems, struct signature_token *out)
{
    struct reading reading = {.out = out, .title = true};
    const unsigned char *entries = stream->signature->codes.entries;
    bool any_rare = asks_rare(stream, asked, stems);
    size_t rare = any_rare ? 0 : stream->count;
    bool valid = !any_rare || next_rare(stream, stems, &rare);
    for (size_t i = 0; valid; i++) {
        size_t from = i;
        reading.next += skip(stream, asked, rare, &i);
        reading.any = reading.any || i > from;
        reading.mark = reading.mark && i == from;
        if (i == stream->count) {
            break;
        }
        if (i < rare) {
            size_t code = stem_of(stream->at + 2 * i);
            valid = take(&reading, entries + ENTRY * code, true);
            continue;
        }
        valid = take(&reading, stream->rare, true);
        stream->rare += ENTRY;
        rare++;
        valid = valid && next_rare(stream, stems, &rare);
    }
    return !valid || reading.mark ? SIZE_MAX : reading.count;
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
        n = asked != NULL
                ? decode_asked(&stream, asked, filter->stems, tokens)
                : decode(&stream, filter == NULL ? NULL : filter->stems,
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
