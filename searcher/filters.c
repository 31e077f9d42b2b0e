/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Filters of a query: a field and its value. */
#include <strings.h>

#include "parser.h"

/* Copies a value; but for ids in lower ASCII. */
static bool copy_value(struct parser *p, struct node *node, const char *text)
{
    char *value = arena_copy(p->arena, text, node->value_length);
    if (value == NULL) {
        p->status = error_nomem(p->err);
        return false;
    }
    for (size_t i = 0; node->field != FIELD_ID && i < node->value_length; i++) {
        if (value[i] >= 'A' && value[i] <= 'Z') {
            value[i] = (char)(value[i] + 32);
        }
    }
    node->value = value;
    return true;
}

/* Cuts an address down to its host, as the index has it: site:mod.gov.ua for
 * site:https://www.mod.gov.ua/news. A host stands for what lies below it, so
 * that www. would only keep others out. */
static size_t find_host(const char **text, size_t length)
{
    const char *at = *text;
    const char *end = at + length;
    const char *scheme = memmem(at, length, "://", 3);
    at = scheme != NULL ? scheme + 3 : at;
    for (const char *c = at; c < end; c++) {
        if (strchr("/?#", *c) != NULL) {
            end = c;
        }
    }
    const char *user = memrchr(at, '@', (size_t)(end - at));
    at = user != NULL ? user + 1 : at;
    const char *port = memchr(at, ':', (size_t)(end - at));
    end = port != NULL ? port : end;
    size_t size = (size_t)(end - at);
    bool www = size > 4 && strncasecmp(at, "www.", 4) == 0 &&
               memchr(at + 4, '.', size - 4) != NULL;
    *text = www ? at + 4 : at;
    return www ? size - 4 : size;
}

/* A date that is none. */
static struct node *bad_date(struct parser *p, const struct lexeme *field)
{
    const struct lexeme *value = field + 1;
    size_t next = parser_peek(p)->at;
    struct buf date;
    buf_init(&date, QUERY_BYTES);
    if (date_correct(p->text + value->from, value->to - value->from, &date)) {
        correct_put(p->fix, value->at, value->end, "%s", buf_text(&date));
    } else if (strchr("<>=", p->text[value->to - 1]) != NULL &&
               next > value->end && next < p->length && p->text[next] >= '0' &&
               p->text[next] <= '9') {
        correct_cut(p->fix, value->end, next); /* date:> 2024 */
    } else {
        correct_cut(p->fix, field->at, value->end);
    }
    buf_free(&date);
    return parser_fail(p, value->at,
                       "this is not a date; write 2024, 2024-03, 2024-03-19 "
                       "or a range like 2024-03..2024-05");
}

struct node *parse_filter(struct parser *p, const struct lexeme *field)
{
    struct node *node = parser_node(p, NODE_FILTER, field->at);
    const struct lexeme *value = parser_peek(p);
    if (node == NULL) {
        return NULL;
    }
    if (value->kind != LEX_WORD && value->kind != LEX_PHRASE) {
        correct_cut(p->fix, field->at, field->end);
        return parser_fail(
            p, field->end,
            "a field needs a value directly after its colon, like "
            "lang:uk or source:\"НАТО\"");
    }
    p->at++;
    node->field = (enum query_field)field->number;
    const char *text = p->text + value->from;
    node->value_length = value->to - value->from;
    switch (node->field) {
    case FIELD_DATE:
        return date_range(p, node, text, node->value_length)
                   ? node
                   : bad_date(p, field);
    case FIELD_SITE:
        node->value_length = find_host(&text, node->value_length);
        /* fall through */
    case FIELD_LANG:
    case FIELD_ID:
        if (!copy_value(p, node, text)) {
            return NULL;
        }
        break;
    default:
        if (!parser_words(p, WORDS_PARTS, value->from, value->to, &node->words,
                          &node->word_count)) {
            return NULL;
        }
        break;
    }
    if (node->word_count > 0 ||
        (node->value != NULL && node->value_length > 0)) {
        return node;
    }
    correct_cut(p->fix, field->at, value->end);
    return parser_fail(p, value->at, "this value holds no word");
}

bool node_is_filter(const struct node *node)
{
    if (node->kind != NODE_ANY) {
        return node->kind == NODE_FILTER;
    }
    for (const struct node *child = node->first; child != NULL;
         child = child->next) {
        if (child->must_not || !node_is_filter(child)) {
            return false;
        }
    }
    return true;
}

struct node *group_filters(struct parser *p, struct node *list)
{
    struct node **link = &list->first;
    struct node *groups = NULL;
    while (*link != NULL) {
        struct node *item = *link;
        bool joined =
            item->or_before || (item->next != NULL && item->next->or_before);
        bool alone = node_is_filter(item) && !joined;
        /* date:>=2024 date:<2025 are both to hold. */
        bool open = item->field == FIELD_DATE &&
                    (item->value == NULL || item->value_to == NULL);
        bool one_field = item->kind == NODE_FILTER && alone && !open;
        bool chain = node_is_filter(item) && !item->or_before && joined;
        struct node *end = item->next;
        while (chain && end != NULL && end->or_before) {
            chain = node_is_filter(end);
            end = end->next;
        }
        if (item->must || item->must_not || (!alone && !chain)) {
            link = &item->next;
            continue;
        }
        struct node *group = one_field ? groups : NULL;
        while (group != NULL && group->field != item->field) {
            group = group->next;
        }
        if (group == NULL) {
            group = parser_node(p, NODE_ANY, item->at);
            if (group == NULL) {
                return NULL;
            }
            /* title is no filter, so that nothing else joins the group. */
            group->field = one_field ? item->field : FIELD_TITLE;
            group->must = true;
            group->next = groups;
            groups = group;
        }
        /* Cut [item, end) out and put it in front of the group. */
        struct node *last = item;
        while (last->next != end) {
            last = last->next;
        }
        *link = end;
        last->next = group->first;
        group->first = item;
    }
    *link = groups;
    return list;
}
