/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A signature is the document's token stream, 3 bytes a token: a 16-bit
 * hash of the stem and an 8-bit hash of the exact form. Each token stands
 * one position after the one before it, unless a mark says otherwise. Marks
 * are entries whose first 16 bits are no hash. A large segment has shorter
 * codes for frequent entries (signature_codes.c): */
#include "store.h"

enum {
    MARK_SAME = 0, /* the next token stands where the last one stood */
    MARK_TEXT = 1, /* the title ends here; the text follows after the gap */
    MARKS = 2
};

#define ENTRY 3

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

static bool is_asked(const uint64_t *asked, uint16_t stem)
{
    return asked == NULL || (asked[stem / 64] >> (stem % 64) & 1) != 0;
}

/* The next entry, which begins at `*at`; NULL if it is cut off or no code. */
static const unsigned char *next_entry(const struct signature_codes *codes,
                                       const unsigned char **at,
                                       const unsigned char *end)
{
    const unsigned char *entry = *at;
    size_t left = (size_t)(end - entry);
    size_t code = *entry;
    if (codes->count == 0) {
        *at += left < ENTRY ? left : ENTRY;
        return left < ENTRY ? NULL : entry;
    }
    if (code < SIGNATURE_SHORT) {
        *at += 1;
    } else if (code < 0xff && left >= 2) {
        code = SIGNATURE_SHORT + ((code - SIGNATURE_SHORT) << 8 | entry[1]);
        *at += 2;
    } else if (left >= 1 + ENTRY) {
        *at += 1 + ENTRY;
        return entry + 1;
    } else {
        return NULL;
    }
    return code < codes->count ? codes->entries + ENTRY * code : NULL;
}

enum shukach_status signature_decode(const struct signature *signature,
                                     const uint64_t *asked, struct arena *arena,
                                     struct signature_token **out,
                                     size_t *count, struct shukach_error *err)
{
    size_t least = signature->codes.count == 0 ? ENTRY : 1;
    size_t room;
    struct signature_token *tokens = NULL;
    if (size_mul(signature->length / least + 1, sizeof *tokens, &room)) {
        tokens = arena_alloc(arena, room);
    }
    if (tokens == NULL) {
        return error_nomem(err);
    }
    size_t n = 0;
    uint32_t next = 0;
    bool title = true;
    bool mark = false;
    bool any = false;
    bool whole = true;
    const unsigned char *end = signature->data + signature->length;
    for (const unsigned char *at = signature->data; at < end && whole;) {
        const unsigned char *entry = next_entry(&signature->codes, &at, end);
        if (entry == NULL) {
            whole = false;
            break;
        }
        uint16_t first = (uint16_t)(entry[0] | entry[1] << 8);
        if (first >= MARKS) {
            if (is_asked(asked, first)) {
                tokens[n++] = (struct signature_token){.stem = first,
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
        whole = !mark && (first == MARK_TEXT ? title : any);
        mark = true;
        if (first == MARK_SAME) {
            next--;
        } else {
            next += any ? SIGNATURE_GAP : 0;
            title = false;
        }
    }
    if (!whole || mark) {
        return error_set(err, SHUKACH_CORRUPT,
                         "a token signature is damaged; rebuild the index");
    }
    *out = tokens;
    *count = n;
    return SHUKACH_OK;
}
