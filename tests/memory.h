/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory that fails on request, and is counted, for a program of one file:
 * malloc and its kin in the place of those of the C library. C++ takes its
 * memory from malloc too, unless a sanitizer has an operator new of its own. */
#ifndef MEMORY_H
#define MEMORY_H

#include <errno.h>
#include <execinfo.h>
#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/* Which allocation fails, counted from 1; 0 for none. Then it is that one
 * alone, or every one from there on. */
static long fail_at;
static bool fail_all;
static long allocations;

/* A sanitizer calls these before it is ready for code of its own making. */
#define PLAIN __attribute__((no_sanitize("address", "undefined", "thread")))

/* ---- What is live ---------------------------------------------------------
 */

/* Enough for all that is live at a time in a test. */
enum { BLOCKS = 1 << 17, BUCKETS = 1 << 16, CALLERS = 24 };

struct block {
    const void *at;
    struct block *next;
    int caller_count;
    void *callers[CALLERS]; /* the innermost first, while `tracing` */
};

static bool tracing;

static bool locked;
static struct block blocks[BLOCKS];
static struct block *buckets[BUCKETS];
static struct block *unused;
static size_t used;
static size_t live;

/* Without pthread: a sanitizer that begins has no mutexes yet. */
PLAIN static void lock(void)
{
    while (__atomic_exchange_n(&locked, true, __ATOMIC_ACQUIRE)) {
        sched_yield();
    }
}

PLAIN static void unlock(void)
{
    __atomic_store_n(&locked, false, __ATOMIC_RELEASE);
}

PLAIN static struct block **bucket_of(const void *at)
{
    return &buckets[(uintptr_t)at / 16 * 0x9e3779b97f4a7c15U >> 48];
}

PLAIN static void block_add(const void *at)
{
    struct block *block = unused;
    if (at == NULL || (block == NULL && used == BLOCKS)) {
        return;
    }
    if (block != NULL) {
        unused = block->next;
    } else {
        block = &blocks[used++];
    }
    struct block **bucket = bucket_of(at);
    block->at = at;
    block->next = *bucket;
    block->caller_count = tracing ? backtrace(block->callers, CALLERS) : 0;
    *bucket = block;
    live++;
}

/* Not all were added: some are older than this program. */
PLAIN static void block_remove(const void *at)
{
    for (struct block **link = bucket_of(at); *link != NULL;
         link = &(*link)->next) {
        struct block *block = *link;
        if (block->at == at) {
            *link = block->next;
            block->next = unused;
            unused = block;
            live--;
            return;
        }
    }
}

/* ---- In the place of ------------------------------------------------------
 */

/* What lies below: a sanitizer's, or the C library's. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define BELOW(name) __interceptor_##name
enum { POINTS = 20 }; /* how many failures a test can afford */
#else
#define BELOW(name) __libc_##name
enum { POINTS = 100 };
#endif

extern void *BELOW(malloc)(size_t size);
extern void *BELOW(calloc)(size_t count, size_t size);
extern void *BELOW(realloc)(void *old, size_t size);
extern void *BELOW(memalign)(size_t alignment, size_t size);
extern void BELOW(free)(void *old);

/* Seen by the libraries, although the build hides symbols. */
#define EXPORTED PLAIN __attribute__((visibility("default")))

/* Counts an allocation, under the lock; whether it is to fail. */
PLAIN static bool fails(void)
{
    allocations++;
    if (fail_at == 0 || allocations < fail_at ||
        (allocations > fail_at && !fail_all)) {
        return false;
    }
    errno = ENOMEM;
    return true;
}

EXPORTED void *malloc(size_t size)
{
    lock();
    void *made = fails() ? NULL : BELOW(malloc)(size);
    block_add(made);
    unlock();
    return made;
}

EXPORTED void *calloc(size_t count, size_t size)
{
    lock();
    void *made = fails() ? NULL : BELOW(calloc)(count, size);
    block_add(made);
    unlock();
    return made;
}

EXPORTED void *realloc(void *old, size_t size)
{
    lock();
    void *made = fails() ? NULL : BELOW(realloc)(old, size);
    if (made != NULL) {
        block_remove(old);
        block_add(made);
    }
    unlock();
    return made;
}

EXPORTED void *aligned_alloc(size_t alignment, size_t size)
{
    lock();
    void *made = fails() ? NULL : BELOW(memalign)(alignment, size);
    block_add(made);
    unlock();
    return made;
}

EXPORTED int posix_memalign(void **out, size_t alignment, size_t size)
{
    void *made = aligned_alloc(alignment, size);
    if (made == NULL) {
        return ENOMEM;
    }
    *out = made;
    return 0;
}

EXPORTED void free(void *old)
{
    if (old != NULL) {
        lock();
        block_remove(old);
        unlock();
        BELOW(free)(old);
    }
}

#endif
