/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory, buffers, errors, UTF-8, files and hashing: nothing that knows
 * what a document is. Grouped by the file that implements it. */
#ifndef BASE_H
#define BASE_H

#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "shukach.h"

/* These have safer forms below or in libc; using one stops the build. The
 * headers that declare them are included above, since the ban holds from
 * here on. */
#pragma GCC poison strcpy strcat sprintf strtok atoi atol localtime gmtime

/* Marks a message for po/, where the function that takes it does not; the
 * library says all in English, and the program translates. */
#define N_(text) text

/* ---- error.c --------------------------------------------------------- */

/* Fills `err` (may be NULL) and returns `status`, so that a function can
 * say `return error_set(err, …)`. The message is cut at a character, and
 * what is no UTF-8 in it becomes question marks. */
enum shukach_status error_set(struct shukach_error *err,
                              enum shukach_status status, const char *format,
                              ...) __attribute__((format(printf, 3, 4)));

/* The same with the byte offset at fault. */
enum shukach_status error_at(struct shukach_error *err,
                             enum shukach_status status, uint64_t offset,
                             const char *format, ...)
    __attribute__((format(printf, 4, 5)));

enum shukach_status error_nomem(struct shukach_error *err);

/* From errno: NOT_FOUND, DISK_FULL, NOMEM or IO; "cannot VERB PATH: why". */
enum shukach_status error_io(struct shukach_error *err, const char *verb,
                             const char *path);

/* ---- arena.c --------------------------------------------------------- */

/* Bump allocation: everything is freed at once. Zero-initialise. */
struct arena {
    struct arena_block *head;
    size_t used;
};

/* Aligned for any type; NULL out of memory. */
void *arena_alloc(struct arena *arena, size_t size);
/* `count` zeroed objects; NULL out of memory or on overflow. */
void *arena_array(struct arena *arena, size_t count, size_t size);
/* A NUL-terminated copy; NULL out of memory. */
char *arena_copy(struct arena *arena, const char *text, size_t length);
/* Forgets everything but keeps one block for reuse. */
void arena_reset(struct arena *arena);
void arena_free(struct arena *arena);

/* ---- buf.c ----------------------------------------------------------- */

/* A growable byte buffer with a hard maximum and sticky failure: append
 * freely, check `failed` once. Data is NUL-terminated when not empty. */
struct buf {
    char *data;
    size_t length;
    size_t capacity;
    size_t max;
    enum shukach_status failed; /* OK, NOMEM or LIMIT */
};

void buf_init(struct buf *buf, size_t max);
void buf_add(struct buf *buf, const void *data, size_t length);
void buf_add_text(struct buf *buf, const char *text);
void buf_add_char(struct buf *buf, char c);
void buf_format(struct buf *buf, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The low bytes of a number, the lowest first. */
void buf_add_fixed(struct buf *buf, uint64_t value, size_t bytes);
/* LEB128. */
void buf_add_varint(struct buf *buf, uint64_t value);
/* Makes room for `length` more bytes without adding them; the place to
 * write them, or NULL after failure. */
char *buf_reserve(struct buf *buf, size_t length);
/* The text, "" when empty. */
const char *buf_text(const struct buf *buf);
void buf_reset(struct buf *buf);
void buf_free(struct buf *buf);
/* Reads what buf_add_varint wrote and moves `*at` on; false at the end of
 * the data or for a number over 64 bits. */
bool varint_read(const unsigned char **at, const unsigned char *end,
                 uint64_t *value);

/* Grows an array of `size`-byte items to hold `need` of them; false out of
 * memory, and then `*items` is unchanged. */
bool array_grow(void **items, size_t *capacity, size_t need, size_t size);

/* As memcmp, and what is a beginning of the other comes first. */
int bytes_compare(const void *a, size_t a_length, const void *b,
                  size_t b_length);

/* ---- utf8.c ---------------------------------------------------------- */

/* Decodes one code point at `text`; its length in bytes, or 0 where the
 * bytes are no valid UTF-8 (overlong, surrogate, cut, over U+10FFFF). */
size_t utf8_decode(const char *text, size_t left, uint32_t *code);
/* Writes up to 4 bytes; how many. */
size_t utf8_encode(uint32_t code, char *out);
/* Whether all is valid; if not, `*bad` is the offset of the first byte. */
bool utf8_valid(const char *text, size_t length, size_t *bad);
/* The largest offset <= `at` that begins a character of valid text. */
size_t utf8_floor(const char *text, size_t at);

/* ---- file.c ---------------------------------------------------------- */

/* A file of the disk, mapped for reading. */
struct mapping {
    const unsigned char *data;
    size_t length;
};

/* Opens a file for reading; the caller closes `*out`. NOT_FOUND, IO (also
 * what is no regular file). */
enum shukach_status file_open(const char *path, int *out,
                              struct shukach_error *err);
/* NOT_FOUND, IO, NOMEM. */
enum shukach_status file_map(const char *path, struct mapping *out,
                             struct shukach_error *err);
void file_unmap(struct mapping *mapping);
/* Gives the pages between `*held` and `at` back, where they are many; `*held`
 * moves on. What is read there again comes from the file again. For whoever
 * reads a large file from its beginning to its end. */
void file_release(const unsigned char **held, const unsigned char *at);
/* The whole file into `out`. NOT_FOUND, IO, LIMIT (over the buffer's max). */
enum shukach_status file_read(const char *path, struct buf *out,
                              struct shukach_error *err);
/* Its size in bytes. NOT_FOUND, IO. */
enum shukach_status file_size(const char *path, uint64_t *out,
                              struct shukach_error *err);
/* Writes and fsyncs a new file. IO, DISK_FULL. */
enum shukach_status file_write(const char *path, const void *data,
                               size_t length, struct shukach_error *err);
/* A second name of a file, or a copy where the file system has no hard
 * links. `to` must not exist. NOT_FOUND, IO, DISK_FULL. */
enum shukach_status file_share(const char *from, const char *to,
                               struct shukach_error *err);
/* All bytes to a descriptor, in spite of short writes; false: errno. */
bool file_write_all(int fd, const void *data, size_t length);
/* Writes what waits in a buffer and empties it; `path` is that of the
 * descriptor. NOMEM (the buffer failed), IO, DISK_FULL. */
enum shukach_status file_write_pending(int fd, const char *path,
                                       struct buf *pending,
                                       struct shukach_error *err);
/* Makes a directory and its missing parents, durably. IO, DISK_FULL,
 * NOT_FOUND (an empty path). */
enum shukach_status file_make_dirs(const char *path, struct shukach_error *err);
/* fsync of a file or of a directory's entries. */
enum shukach_status file_sync(const char *path, struct shukach_error *err);
/* Removes a file or a whole directory; links are removed, not followed. A
 * path that is not there is fine. */
enum shukach_status file_remove(const char *path, struct shukach_error *err);

/* ---- date.c ---------------------------------------------------------- */

/* What is not given is 0; a day then means the month or the year. */
struct date {
    unsigned year;
    unsigned month;
    unsigned day;
    unsigned hour;
    unsigned minute;
    unsigned second;
};

/* 2024, 2024-03, 2024-03-19, 20240319, the last two also with a time;
 * false for anything else and for days that do not exist. */
bool date_parse(const char *text, size_t length, struct date *out);

/* ---- hash.c ---------------------------------------------------------- */

/* XXH3: fast, well mixed, not meant against an attacker. */
uint64_t hash64(const void *data, size_t length);

struct hash128 {
    uint64_t low;
    uint64_t high;
};
struct hash128 hash_wide(const void *data, size_t length);
/* The same of a file, read and not mapped. NOT_FOUND, IO. */
enum shukach_status file_hash(const char *path, struct hash128 *out,
                              struct shukach_error *err);

static inline bool hash_same(struct hash128 a, struct hash128 b)
{
    return a.low == b.low && a.high == b.high;
}

/* ---- intern.c -------------------------------------------------------- */

struct interned {
    const void *data; /* a copy, aligned for any type, NUL behind it */
    size_t length;
};

/* Numbers for strings of bytes, from 0 in the order they come.
 * Zero-initialise. */
struct intern {
    struct arena arena;
    struct interned *items;
    size_t count;
    size_t capacity;
    uint32_t *slots; /* number + 1, or 0 */
    size_t slot_count;
};

#define INTERN_NONE UINT32_MAX
/* The number of a string, NONE if it has none. */
uint32_t intern_find(const struct intern *intern, const void *data,
                     size_t length);
/* Likewise, but gives it one; NONE out of memory. */
uint32_t intern_add(struct intern *intern, const void *data, size_t length);
void intern_free(struct intern *intern);

/* ---- thread.c -------------------------------------------------------- */

/* A thread that blocks all signals, which are for the threads of the user.
 * False if there can be none. */
bool thread_start(pthread_t *thread, void *(*work)(void *), void *payload);

/* ---- overflow (inline) ----------------------------------------------- */

static inline bool size_add(size_t a, size_t b, size_t *sum)
{
    return !__builtin_add_overflow(a, b, sum);
}

static inline bool size_mul(size_t a, size_t b, size_t *product)
{
    return !__builtin_mul_overflow(a, b, product);
}

#endif
