/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A tree of HTML elements to plain text, without recursion. */
#include <stdlib.h>

#include <libxml/tree.h>

#include "format.h"

/* What an element does to the text around and in it. */
enum effect {
    INLINE,
    SPACE, /* a cell: its text does not run into the next */
    BLOCK, /* begins and ends a line */
    GONE,  /* is left out with all in it */
    FRAME  /* is left out unless it belongs to an article */
};

/* What stands between the text so far and the text to come. */
enum gap { GAP_NONE, GAP_SPACE, GAP_LINE };

struct flow {
    struct buf *out;
    size_t start;    /* where our part of `out` begins */
    size_t articles; /* how many article and main elements are open */
    enum gap gap;
};

static int compare_rows(const void *key, const void *row)
{
    return strcmp(key, *(const char *const *)row);
}

static enum effect effect_of(const struct _xmlNode *node)
{
    /* In byte order of the names, for bsearch. */
    static const struct {
        const char *name;
        enum effect effect;
    } rows[] = {
        {"address", BLOCK},    {"article", BLOCK},    {"aside", FRAME},
        {"audio", GONE},       {"blockquote", BLOCK}, {"body", BLOCK},
        {"br", BLOCK},         {"button", GONE},      {"canvas", GONE},
        {"center", BLOCK},     {"datalist", GONE},    {"dd", BLOCK},
        {"details", BLOCK},    {"dialog", GONE},      {"div", BLOCK},
        {"dl", BLOCK},         {"dt", BLOCK},         {"fieldset", BLOCK},
        {"figcaption", BLOCK}, {"figure", BLOCK},     {"footer", FRAME},
        {"form", GONE},        {"h1", BLOCK},         {"h2", BLOCK},
        {"h3", BLOCK},         {"h4", BLOCK},         {"h5", BLOCK},
        {"h6", BLOCK},         {"head", GONE},        {"header", FRAME},
        {"hr", BLOCK},         {"iframe", GONE},      {"input", GONE},
        {"li", BLOCK},         {"main", BLOCK},       {"nav", GONE},
        {"noscript", GONE},    {"object", GONE},      {"ol", BLOCK},
        {"option", SPACE},     {"p", BLOCK},          {"pre", BLOCK},
        {"script", GONE},      {"section", BLOCK},    {"select", GONE},
        {"style", GONE},       {"summary", BLOCK},    {"svg", GONE},
        {"table", BLOCK},      {"tbody", BLOCK},      {"td", SPACE},
        {"template", GONE},    {"textarea", GONE},    {"tfoot", BLOCK},
        {"th", SPACE},         {"thead", BLOCK},      {"title", GONE},
        {"tr", BLOCK},         {"ul", BLOCK},         {"video", GONE},
    };
    const void *row = bsearch(node->name, rows, sizeof rows / sizeof *rows,
                              sizeof *rows, compare_rows);
    return row != NULL ? rows[((const char *)row - (const char *)rows) /
                              (ptrdiff_t)sizeof *rows]
                             .effect
                       : INLINE;
}

static void widen(struct flow *flow, enum gap gap)
{
    if (gap > flow->gap) {
        flow->gap = gap;
    }
}

/* Adds text, white space collapsed. */
static void add_text(struct flow *flow, const char *text)
{
    size_t left = strlen(text);
    while (left > 0) {
        size_t n = text_space(text, left);
        if (n > 0) {
            widen(flow, GAP_SPACE);
            text += n;
            left -= n;
            continue;
        }
        while (n < left && text_space(text + n, left - n) == 0) {
            n++;
        }
        if (flow->gap != GAP_NONE && flow->out->length > flow->start) {
            buf_add_char(flow->out, flow->gap == GAP_LINE ? '\n' : ' ');
        }
        flow->gap = GAP_NONE;
        buf_add(flow->out, text, n);
        text += n;
        left -= n;
    }
}

bool flatten_is(const struct _xmlNode *node, const char *name)
{
    return node->type == XML_ELEMENT_NODE &&
           strcmp((const char *)node->name, name) == 0;
}

static bool is_article(const struct _xmlNode *node)
{
    return flatten_is(node, "article") || flatten_is(node, "main");
}

/* Both ends of an element; `step` is 1 at its beginning and -1 at its end. */
static void pass_edge(struct flow *flow, const struct _xmlNode *node, int step)
{
    static const enum gap gaps[] = {[INLINE] = GAP_NONE,
                                    [SPACE] = GAP_SPACE,
                                    [BLOCK] = GAP_LINE,
                                    [GONE] = GAP_SPACE,
                                    [FRAME] = GAP_LINE};
    if (node->type != XML_ELEMENT_NODE) {
        return;
    }
    widen(flow, gaps[effect_of(node)]);
    if (is_article(node)) {
        flow->articles += (size_t)step;
    }
}

/* Takes in a node; whether its children are to be visited. */
static bool enter(struct flow *flow, const struct _xmlNode *node)
{
    if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE) {
        if (node->content != NULL) {
            add_text(flow, (const char *)node->content);
        }
        return false;
    }
    if (node->type != XML_ELEMENT_NODE) {
        return false;
    }
    pass_edge(flow, node, 1);
    enum effect effect = effect_of(node);
    return effect != GONE && (effect != FRAME || flow->articles > 0);
}

const struct _xmlNode *flatten_next(const struct _xmlNode *node,
                                    const struct _xmlNode *root, bool descend)
{
    if (descend && node->type == XML_ELEMENT_NODE && node->children != NULL) {
        return node->children;
    }
    while (node != root && node->next == NULL) {
        node = node->parent;
    }
    return node == root ? NULL : node->next;
}

void flatten_node(const struct _xmlNode *root, struct buf *out)
{
    struct flow flow = {.out = out, .start = out->length};
    flow.articles = is_article(root);
    const struct _xmlNode *node = root->children;
    while (node != NULL && out->failed == SHUKACH_OK) {
        if (enter(&flow, node) && node->children != NULL) {
            node = node->children;
            continue;
        }
        pass_edge(&flow, node, -1);
        while (node->next == NULL && node->parent != root) {
            node = node->parent;
            pass_edge(&flow, node, -1);
        }
        node = node->next;
    }
}
