/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lists of forms of all segments, gone through as one. */
#include "forms.h"

void forms_add_up(struct form *form, const struct form *other)
{
    if (other->frequency > form->frequency) {
        form->casing = other->casing;
    }
    if (__builtin_add_overflow(form->frequency, other->frequency,
                               &form->frequency)) {
        form->frequency = UINT32_MAX;
    }
}

/* Reads the next form of a list; `*more` is false at its end. */
static enum shukach_status advance(struct forms_head *head, bool *more,
                                   struct shukach_error *err)
{
    enum shukach_status status = SHUKACH_OK;
    *more = head->left > 0 || head->block <= head->last;
    if (*more && head->left == 0) {
        status = forms_block(head->list, head->block, &head->cursor, err);
        head->left = forms_in_block(head->list, head->block++);
    }
    if (*more && status == SHUKACH_OK) {
        head->left--;
        status = forms_next(&head->cursor, err);
    }
    return status;
}

/* Puts the head at `order[at]`, which has read a form, in its place among
 * those behind it. */
static void settle(struct forms_walk *walk, size_t at)
{
    struct forms_head **order = walk->order;
    for (; at + 1 < walk->count; at++) {
        const struct form *next = &order[at + 1]->cursor.form;
        if (forms_compare(&order[at]->cursor.form, next->text, next->length,
                          false) <= 0) {
            return;
        }
        struct forms_head *kept = order[at];
        order[at] = order[at + 1];
        order[at + 1] = kept;
    }
}

/* Moves the first head on, or out at the end of its list. */
static enum shukach_status move_first(struct forms_walk *walk,
                                      struct shukach_error *err)
{
    bool more;
    enum shukach_status status = advance(walk->order[0], &more, err);
    if (status == SHUKACH_OK && more) {
        settle(walk, 0);
    } else {
        walk->count--;
        memmove(walk->order, walk->order + 1,
                walk->count * sizeof *walk->order);
    }
    return status;
}

enum shukach_status forms_walk_begin(const struct forms *forms,
                                     const char *prefix, size_t length,
                                     struct forms_walk *out,
                                     struct shukach_error *err)
{
    *out = (struct forms_walk){.prefix = prefix, .length = length};
    out->heads = calloc(forms->count + 1, sizeof *out->heads);
    out->order = calloc(forms->count + 1, sizeof(struct forms_head *));
    enum shukach_status status = out->heads == NULL || out->order == NULL
                                     ? error_nomem(err)
                                     : SHUKACH_OK;
    for (size_t i = forms->count; i-- > 0 && status == SHUKACH_OK;) {
        struct forms_head *head = &out->heads[i];
        bool more = false;
        head->list = &forms->lists[i];
        if (head->list->count > 0) {
            status = forms_range(head->list, prefix, length, &head->block,
                                 &head->last, err);
            if (status == SHUKACH_OK) {
                status = advance(head, &more, err);
            }
        }
        while (status == SHUKACH_OK && more &&
               forms_compare(&head->cursor.form, prefix, length, true) < 0) {
            status = advance(head, &more, err);
        }
        if (status == SHUKACH_OK && more) {
            memmove(out->order + 1, out->order,
                    out->count * sizeof *out->order);
            out->order[0] = head;
            out->count++;
            settle(out, 0);
        }
    }
    return status;
}

enum shukach_status forms_walk_next(struct forms_walk *walk, struct form *out,
                                    struct shukach_error *err)
{
    out->length = 0;
    if (walk->count == 0 ||
        forms_compare(&walk->order[0]->cursor.form, walk->prefix, walk->length,
                      true) != 0) {
        return SHUKACH_OK;
    }
    *out = walk->order[0]->cursor.form;
    enum shukach_status status = move_first(walk, err);
    while (status == SHUKACH_OK && walk->count > 0 &&
           forms_compare(&walk->order[0]->cursor.form, out->text, out->length,
                         false) == 0) {
        forms_add_up(out, &walk->order[0]->cursor.form);
        status = move_first(walk, err);
    }
    return status;
}

void forms_walk_end(struct forms_walk *walk)
{
    free(walk->heads);
    free(walk->order);
    *walk = (struct forms_walk){0};
}
