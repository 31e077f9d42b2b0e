-- SPDX-License-Identifier: GPL-3.0-or-later
-- Run by postgresql.sh; documents on standard input.
SELECT :'configuration' = 'hunspell' AS hunspell \gset
CREATE TEXT SEARCH CONFIGURATION news_words (COPY = simple);
\if :hunspell
CREATE TEXT SEARCH DICTIONARY ukrainian
    (TEMPLATE = ispell, DictFile = uk_ua, AffFile = uk_ua);
ALTER TEXT SEARCH CONFIGURATION news_words
    ALTER MAPPING FOR word, hword, hword_part WITH ukrainian, simple;
\endif
BEGIN;
CREATE TABLE news (
    id text, title text, text text, date date, source text,
    words tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('news_words', title), 'A') ||
        to_tsvector('news_words', text)) STORED);
\copy news (id, title, text, date, source) from pstdin
CREATE INDEX ON news USING gin (words);
CREATE INDEX ON news (date);
CREATE INDEX ON news (source);
COMMIT;
ANALYZE news;
SELECT 'bytes', pg_total_relation_size('news');
