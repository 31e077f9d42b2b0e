/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names that documents themselves hold: found in their text (mentions.c), cut
 * and joined (joining.c), and listed (listing.c). */
#ifndef MENTIONS_H
#define MENTIONS_H

#include "index.h"

/* Words of a name. */
#define RUN_WORDS 4

/* A word or initials that may belong to a name, each once. */
struct name_word {
    const char *text; /* as the index mostly writes it */
    const char *form;
    bool name;       /* a word that is mostly written so, or initials */
    bool initials;   /* В., В.О. */
    bool inside;     /* stands with a capital where no sentence begins */
    bool nominative; /* is the name of its key, not inflected */
    bool capitals;   /* НАТО */
    uint32_t documents;
    uint32_t last; /* the last of them */
    uint32_t key;
};

/* A run of words, or what became of it, in a document. */
struct mention {
    uint32_t what;
    uint32_t document;
};

struct mentions {
    struct mention *items;
    size_t count;
    size_t capacity;
};

/* What is known of the names of some documents; zero-initialise but for the
 * index. */
struct name_reader {
    struct shukach_index *index;
    struct arena arena;
    struct intern forms; /* by their numbers: */
    struct name_word *words;
    size_t word_capacity;
    struct intern runs;       /* numbers of words */
    struct mentions mentions; /* of runs, by document */
    uint32_t documents;

    /* The text at work. */
    const char *text;
    size_t end;       /* of the word before */
    bool single;      /* that is one letter */
    uint32_t covered; /* positions below it belong to a whole */
    uint32_t run[RUN_WORDS];
    size_t run_count;
    enum shukach_status status; /* sticky */
    struct shukach_error error; /* of it */
};

/* ---- mentions.c ---------------------------------------------------------- */

/* False out of memory. */
bool mention_add(struct mentions *mentions, uint32_t what, uint32_t document);
/* Sorts them and drops those that are there twice. */
void mentions_unique(struct mentions *mentions);
/* The runs of title and text of one more document. NOMEM, CORRUPT. */
enum shukach_status names_read(struct name_reader *reader,
                               const char *const fields[SHUKACH_FIELDS],
                               const size_t lengths[SHUKACH_FIELDS],
                               struct shukach_error *err);
void name_reader_free(struct name_reader *reader);

/* ---- joining.c ----------------------------------------------------------- */

/* A name as it was written: numbers of words. */
struct name_piece {
    const uint32_t *words;
    size_t count;
    uint32_t documents;
    uint32_t name; /* which it belongs to by its keys */
};

/* What is written differently, but has the same keys. */
struct joined_name {
    const uint32_t *keys;
    size_t count;
    size_t full; /* but for the initial, which may be the first */
    uint32_t documents;
    uint32_t whole; /* the longer name that it is joined to, or itself */
    uint32_t shown; /* the piece that stands for it */
};

struct joined_names {
    struct intern keys;        /* of words */
    struct intern piece_table; /* by their numbers: */
    struct name_piece *pieces;
    struct intern name_table; /* by their numbers: */
    struct joined_name *names;
    struct mentions mentions; /* of pieces, sorted */
};

/* Cuts the runs into names and joins these. NOMEM. */
enum shukach_status names_join(struct name_reader *reader,
                               struct joined_names *out,
                               struct shukach_error *err);
/* A name as it was written, in the arena; NULL out of memory. */
const char *piece_text(const struct name_reader *reader,
                       const struct name_piece *piece, struct arena *arena);
void joined_names_free(struct joined_names *joined);

#endif
