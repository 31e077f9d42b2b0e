#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Inputs made to hurt, each beside a good one. Each is named, the good
# ones are found, and half a gigabyte is enough. The inputs are made here.
mkdir -p in odd/sub
repeat() { yes "$1" | head -n "$2" | tr -d '\n'; }
twice() { cat "$1" "$1" >"$1.2" && mv "$1.2" "$1"; }
good() { echo "{\"id\":\"$1\",\"text\":\"добрий документ\"}"; }

# 10 GiB of gzip: of one page, of one line, of lines without end.
repeat a 10485760 | gzip >in/bomb.txt.gz
{ printf '{"id":"'; repeat a 10485760; } | gzip >in/bomb-line.jsonl.gz
yes '{}' | head -n 3495253 | gzip >in/bomb-lines.jsonl.gz
for i in 1 2 3 4 5 6 7 8 9 10; do
    twice in/bomb.txt.gz; twice in/bomb-line.jsonl.gz
    twice in/bomb-lines.jsonl.gz
done
{ good 1; printf '{"id":"long","text":"'; repeat 'слово ' 9000000; echo '"}'; good 2; } >in/line.jsonl
{ repeat '<div>' 1000000; echo текст; } >in/deep.html
{ good 3; printf '{"id":"deep","text":'; repeat '[' 1000000; echo; good 4; } >in/deep.jsonl
cat >in/laughs.rss <<'END'
<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ха"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">
<!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;"><!ENTITY f "&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;">
<!ENTITY g "&f;&f;&f;&f;&f;&f;&f;&f;&f;&f;"><!ENTITY h "&g;&g;&g;&g;&g;&g;&g;&g;&g;&g;">
<!ENTITY x SYSTEM "file:///etc/passwd">]>
<rss version="2.0"><channel><item><guid>laughs</guid><description>&h; &x; сміх</description></item></channel></rss>
END
# Invalid UTF-8 of every class: a lone byte, overlong, a surrogate, over
# U+10FFFF, cut off.
i=10
{
    for bytes in '\200' '\300\200' '\340\200\200' '\355\240\200' \
        '\364\220\200\200' '\370\210\200\200\200' '\377' '\320'; do
        printf "{\"id\":\"u$i\",\"text\":\"текст $bytes\"}\n"
        i=$((i + 1))
    done
    good 5
} >in/utf8.jsonl

# The tree itself.
for name in 'new
line.txt' 'two..dots.txt' "$(printf 'bad\320name.txt')" "$(printf '\033[31mred.txt')"; do
    echo 'добрий документ' >"odd/$name"
done
ln -s loop odd/loop
ln -s .. odd/sub/up
ln -s nowhere odd/dangling
ln -s /dev/zero odd/zero
ln -s /proc/self/mem odd/unreadable
mkfifo odd/fifo

if ! grep -qE '^SHUKACH_SANITIZE:[A-Z]+=(ON|thread)$' "$SHUKACH_BUILD/CMakeCache.txt"; then
    ulimit -v 600000 # of each process, in KiB
fi
shukach index --quiet --memory 512M --max-bytes 8M in odd odd/../odd/two..dots.txt 2>err || echo "exit $?"
grep -c 'bomb-lines.jsonl.gz:[0-9]*: bad field' err
grep -v 'bomb-lines.jsonl.gz:[0-9]*: bad field' err >&2
shukach search --format=ids добрий | sort
shukach search --format=ids nologin || echo "no file of the system was read"

# A file that grows and shrinks while it is read: whatever is read of it, the
# run ends well and the rest is there.
repeat 'слово ' 200000 >odd/changing.txt
while :; do
    repeat 'слово ' 100000 >>odd/changing.txt
    : >odd/changing.txt
done &
changing=$!
for i in 1 2 3; do
    shukach index --quiet odd 2>/dev/null || [ $? -eq 3 ]
    shukach search --format=ids добрий | wc -l
done
kill $changing
