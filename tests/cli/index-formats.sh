#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Text, HTML, a feed and JSON Lines, plain and gzip, in one directory.
mkdir in
printf 'Заголовок звіту\nТекст про ракетний удар.\n' >in/a.txt
cat >in/b.html <<'END'
<!doctype html><html lang="uk"><head><meta charset="utf-8"><title>Сайт</title>
<meta property="og:title" content="Удар по порту">
<meta property="article:published_time" content="2024-03-19T10:00:00Z">
<script>var удар = 1;</script></head><body><nav>Меню</nav>
<article><p>Увечері стався удар по&nbsp;порту.</p></article></body></html>
END
cat >in/c.xml <<'END'
<?xml version="1.0"?><rss version="2.0"><channel><title>Стрічка</title>
<item><guid>item-1</guid><title>Новина</title><link>https://a.ua/1</link>
<pubDate>Tue, 19 Mar 2024 10:00:00 +0200</pubDate>
<description>Опис про &lt;b&gt;удар&lt;/b&gt;.</description></item></channel></rss>
END
echo '{"id":"json","text":"Удар у рядку","date":"2024-01-02"}' >in/d.jsonl
gzip in/d.jsonl
mkdir in/.git && echo удар >in/.git/hidden.txt
shukach index --quiet in
shukach search --format=tsv --sort date удар | cut -f3- | sort
