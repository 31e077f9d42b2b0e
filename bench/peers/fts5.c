/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * peer_fts5 index DATABASE DOCUMENTS
 * peer_fts5 search DATABASE QUERIES SECONDS: see peer.h.
 *
 * SQLite FTS5: one table with its content, tokenizer unicode61 (no stems),
 * no prefix indexes, one transaction, then 'optimize'. Date and source are not
 * indexed: a column of FTS5 has no other index.
 */
#include <sqlite3.h>

#include "peer.h"

static sqlite3 *database;

static void check(int status)
{
    if (status != SQLITE_OK && status != SQLITE_ROW && status != SQLITE_DONE) {
        peer_stop(sqlite3_errmsg(database), "fts5");
    }
}

static void run(const char *sql)
{
    check(sqlite3_exec(database, sql, NULL, NULL, NULL));
}

static sqlite3_stmt *prepare(const char *sql)
{
    sqlite3_stmt *statement;
    check(sqlite3_prepare_v2(database, sql, -1, &statement, NULL));
    return statement;
}

static void bind(sqlite3_stmt *statement, int place, const char *text)
{
    check(sqlite3_bind_text(statement, place, text, -1, SQLITE_STATIC));
}

static void add(const struct peer_document *document, void *payload)
{
    sqlite3_stmt *insert = payload;
    bind(insert, 1, document->id);
    bind(insert, 2, document->title);
    bind(insert, 3, document->text);
    bind(insert, 4, document->date);
    bind(insert, 5, document->source);
    check(sqlite3_step(insert));
    check(sqlite3_reset(insert));
}

static void index_documents(const char *documents)
{
    run("CREATE VIRTUAL TABLE news USING fts5(id UNINDEXED, title, text,"
        " date UNINDEXED, source UNINDEXED, tokenize='unicode61')");
    run("BEGIN");
    sqlite3_stmt *insert = prepare("INSERT INTO news VALUES (?, ?, ?, ?, ?)");
    peer_read_documents(documents, add, insert);
    sqlite3_finalize(insert);
    run("INSERT INTO news(news) VALUES ('optimize')");
    run("COMMIT");
}

#define HITS "SELECT id, title, text FROM news WHERE news MATCH ?1"
#define BEST " ORDER BY rank LIMIT 10"

/* For each option up to three statements; ?2 is the value. */
static const struct {
    const char *option;
    const char *sql[3];
} options[] = {
    {"", {HITS BEST}},
    {"month", {HITS " AND substr(date, 1, 7) = ?2" BEST}},
    {"source", {HITS " AND source = ?2" BEST}},
    {"newest", {HITS " ORDER BY date DESC LIMIT 10"}},
    {"facets",
     {HITS BEST,
      "SELECT source, count(*) FROM news WHERE news MATCH ?1 GROUP BY 1",
      "SELECT substr(date, 1, 7), count(*) FROM news WHERE news MATCH ?1"
      " GROUP BY 1"}},
    {"snippets",
     {"SELECT id, title, snippet(news, 2, '[', ']', '…', 40) FROM news"
      " WHERE news MATCH ?1" BEST}},
};

static int search_one(const char *sql, const struct peer_query *asked)
{
    sqlite3_stmt *select = prepare(sql);
    bind(select, 1, asked->text);
    if (sqlite3_bind_parameter_count(select) > 1) {
        bind(select, 2, asked->value);
    }
    int status;
    int count = 0;
    while ((status = sqlite3_step(select)) == SQLITE_ROW) {
        sqlite3_column_text(select, 2);
        count++;
    }
    check(status);
    sqlite3_finalize(select);
    return count;
}

static int search(const struct peer_query *asked, void *payload)
{
    (void)payload;
    int count = 0;
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        if (strcmp(options[i].option, asked->option) == 0) {
            count = search_one(options[i].sql[0], asked);
            for (int j = 1; j < 3 && options[i].sql[j] != NULL; j++) {
                search_one(options[i].sql[j], asked);
            }
        }
    }
    return count;
}

int main(int argc, char **argv)
{
    const char *verb = argc > 3 ? argv[1] : "";
    int indexing = strcmp(verb, "index") == 0;
    if (!indexing && (strcmp(verb, "search") != 0 || argc != 5)) {
        peer_stop("index DATABASE DOCUMENTS or search DATABASE QUERIES SECONDS",
                  argv[0]);
    }
    check(sqlite3_open(argv[2], &database));
    if (indexing) {
        index_documents(argv[3]);
    } else {
        peer_search_all(argv[3], argv[4], search, NULL);
    }
    check(sqlite3_close(database));
    return 0;
}
