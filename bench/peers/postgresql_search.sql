-- SPDX-License-Identifier: GPL-3.0-or-later
-- Run by postgresql.sh; queries on standard input.
CREATE TEMP TABLE asked (
    place serial, number int, option text, value text, query text);
\copy asked (number, option, value, query) from pstdin

-- One query; length(text) is there to have the text read.
CREATE FUNCTION pg_temp.search(option text, value text, query text)
RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    count int;
    hits text := 'SELECT id, title, length(text) FROM news,'
        ' to_tsquery(''news_words'', $1) q WHERE words @@ q';
    best text := ' ORDER BY ts_rank(words, q) DESC LIMIT 10';
    counts text := 'SELECT %s, count(*) FROM news,'
        ' to_tsquery(''news_words'', $1) q WHERE words @@ q GROUP BY 1';
BEGIN
    CASE option
    WHEN 'month' THEN
        EXECUTE hits || ' AND date >= $2 AND date < $2 + interval ''1 month'''
            || best USING query, (value || '-01')::date;
    WHEN 'source' THEN
        EXECUTE hits || ' AND source = $2' || best USING query, value;
    WHEN 'newest' THEN
        EXECUTE hits || ' ORDER BY date DESC LIMIT 10' USING query;
    WHEN 'facets' THEN
        EXECUTE hits || best USING query;
        GET DIAGNOSTICS count = ROW_COUNT;
        EXECUTE format(counts, 'source') USING query;
        EXECUTE format(counts, 'to_char(date, ''YYYY-MM'')') USING query;
        RETURN count;
    WHEN 'snippets' THEN
        EXECUTE 'SELECT id, title, ts_headline(''news_words'', text, q) FROM ('
            || replace(hits, 'length(text)', 'text, q') || best || ') best'
            USING query;
    ELSE
        EXECUTE hits || best USING query;
    END CASE;
    GET DIAGNOSTICS count = ROW_COUNT;
    RETURN count;
END $$;

-- The rounds of peer.h.
CREATE FUNCTION pg_temp.search_all(seconds float)
RETURNS TABLE (number int, nanoseconds bigint, hits int) LANGUAGE plpgsql AS $$
DECLARE
    ending timestamptz := clock_timestamp() + seconds * interval '1 second';
    round timestamptz;
    begun timestamptz;
    took bigint;
    best bigint[];
    found int[];
    final int := 0;
    one record;
BEGIN
    FOR one IN SELECT * FROM asked ORDER BY place LOOP
        EXIT WHEN clock_timestamp() > ending - seconds / 2 * interval '1 second';
        PERFORM pg_temp.search(one.option, one.value, one.query);
        final := one.place;
    END LOOP;
    FOR i IN 1 .. 3 LOOP
        EXIT WHEN i > 1 AND
            clock_timestamp() + (clock_timestamp() - round) > ending;
        round := clock_timestamp();
        FOR one IN SELECT * FROM asked WHERE place <= final ORDER BY place LOOP
            begun := clock_timestamp();
            found[one.place] :=
                pg_temp.search(one.option, one.value, one.query);
            took := extract(epoch FROM clock_timestamp() - begun) * 1e9;
            best[one.place] := least(took, best[one.place]);
        END LOOP;
    END LOOP;
    RETURN QUERY SELECT a.number, best[place], found[place] FROM asked a
        WHERE place <= final ORDER BY place;
END $$;
SELECT * FROM pg_temp.search_all(:'seconds');
