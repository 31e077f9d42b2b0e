/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "cli.h"
#include "pipe.h"

#define SPACE ((size_t)256 * 1024)

/* Texts of a record by kind: how many, and the longest. */
static const struct {
    size_t texts;
    size_t longest[2];
} kinds[] = {
    [PIPE_ARGUMENT] = {0, {0, 0}},
    [PIPE_INPUT] = {1, {PIPE_NAME_MAX, 0}},
    [PIPE_FILE] = {1, {PIPE_NAME_MAX, 0}},
    [PIPE_NOTICE] = {2, {PIPE_NAME_MAX, PIPE_DETAIL_MAX}},
    [PIPE_DOCUMENT] = {SHUKACH_FIELDS, {SIZE_MAX, SIZE_MAX}},
    [PIPE_END] = {2, {PIPE_NAME_MAX, PIPE_DETAIL_MAX}},
};

#define KINDS (sizeof kinds / sizeof *kinds)

/* ---- The writing end ----------------------------------------------------- */

bool pipe_write(int fd, const struct pipe_record *record)
{
    struct iovec parts[1 + 2 * SHUKACH_FIELDS];
    struct pipe_head head = record->head;
    char nul = '\0'; /* a text may have been cut, and have none itself */
    int count = 0;
    int at = 0;
    parts[count++] = (struct iovec){&head, sizeof head};
    for (size_t i = 0; i < kinds[head.kind].texts; i++) {
        /* writev takes a plain pointer although it does not write there. */
        parts[count++] = (struct iovec){(void *)(uintptr_t)record->texts[i],
                                        head.lengths[i]};
        parts[count++] = (struct iovec){&nul, 1};
    }
    while (at < count) {
        ssize_t put = writev(fd, parts + at, count - at);
        if (put < 0 && errno != EINTR) {
            return false;
        }
        size_t left = put > 0 ? (size_t)put : 0;
        while (at < count && left >= parts[at].iov_len) {
            left -= parts[at++].iov_len;
        }
        if (at < count) {
            parts[at].iov_base = (char *)parts[at].iov_base + left;
            parts[at].iov_len -= left;
        }
    }
    return true;
}

/* ---- The reading end ----------------------------------------------------- */

unsigned char *pipe_space(struct pipe_in *in, size_t *size)
{
    if (in->from == in->to) {
        in->from = 0;
        in->to = 0;
    } else if (in->from > 0) {
        memmove(in->data, in->data + in->from, in->to - in->from);
        in->to -= in->from;
        in->from = 0;
    }
    /* Grows as bytes come, not by what the other end says will come. */
    if (in->capacity - in->to < SPACE / 2) {
        size_t wanted = in->to + in->to / 2 + SPACE;
        unsigned char *data = realloc(in->data, wanted);
        if (data == NULL) {
            return NULL;
        }
        in->data = data;
        in->capacity = wanted;
    }
    *size = in->capacity - in->to;
    return in->data + in->to;
}

/* The bytes of a record of this head; 0 if there is none such. */
static size_t record_size(const struct pipe_head *head, size_t max)
{
    if (head->kind == 0 || head->kind >= KINDS) {
        return 0;
    }
    size_t texts = kinds[head->kind].texts;
    size_t size = sizeof *head;
    for (size_t i = 0; i < SHUKACH_FIELDS; i++) {
        size_t longest =
            i >= texts ? 0 : kinds[head->kind].longest[i < 2 ? i : 1];
        if (head->lengths[i] > longest) {
            return 0;
        }
        /* Eight numbers of 32 bits do not overflow a size. */
        size += i < texts ? (size_t)head->lengths[i] + 1 : 0;
    }
    return size <= max ? size : 0;
}

/* Whether a text of a record that is no document is as it should be. */
static bool is_sound(size_t place, const char *text, size_t length)
{
    if (memchr(text, '\0', length) != NULL) {
        return false;
    }
    for (size_t at = 0; place == PIPE_DETAIL && at < length;) {
        size_t n = character_length(text + at, length - at);
        if (n == 0) {
            return false;
        }
        at += n;
    }
    return true;
}

enum pipe_state pipe_next(struct pipe_in *in, struct pipe_record *out)
{
    size_t left = in->to - in->from;
    if (left < sizeof out->head) {
        return PIPE_MORE;
    }
    memcpy(&out->head, in->data + in->from, sizeof out->head);
    size_t size = record_size(&out->head, in->max);
    if (size == 0) {
        return PIPE_BAD;
    }
    if (left < size) {
        return PIPE_MORE;
    }
    const char *at = (const char *)in->data + in->from + sizeof out->head;
    for (size_t i = 0; i < SHUKACH_FIELDS; i++) {
        out->texts[i] = "";
        if (i < kinds[out->head.kind].texts) {
            out->texts[i] = at;
            at += out->head.lengths[i] + 1;
            if (at[-1] != '\0' ||
                (out->head.kind != PIPE_DOCUMENT &&
                 !is_sound(i, out->texts[i], out->head.lengths[i]))) {
                return PIPE_BAD;
            }
        }
    }
    in->from += size;
    return PIPE_RECORD;
}

void pipe_free(struct pipe_in *in)
{
    free(in->data);
    *in = (struct pipe_in){0};
}
