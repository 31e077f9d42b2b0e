#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# packaging/completions.tsv lists every command and option of the program, and
# no other; bash completes by it; zsh and fish, where they are, can read theirs.
set -eu
command -v bash >/dev/null || { echo "skipped: no bash"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0
say() { echo "$*"; status=1; }
table=$SHUKACH_SOURCE/packaging/completions.tsv

# ---- The table --------------------------------------------------------------
# Options as "COMMAND --NAME VALUE", where VALUE is 0 none, 1 required, 2
# optional. Some come from a macro, so the preprocessor is asked.
for command in index search names export suggest stem info verify; do
    gcc -E -P -D_GNU_SOURCE -I"$SHUKACH_SOURCE/include" -I"$SHUKACH_SOURCE/cli" \
        "$SHUKACH_SOURCE/cli/$command.c" |
        grep -oE '\{"[a-z-]+", [012], \(\(void ?\*\)0\),' |
        sed "s/{\"\([a-z-]*\)\", \(.\).*/$command --\1 \2/"
done | grep -v -e ' --help ' | sort >"$work/options"
awk -F '\t' '/^[a-z]/ && $1 != "analyse" && $2 ~ /^--/ {
    print $1, $2, ($3 == "-" ? 0 : $3 ~ /^\?/ ? 2 : 1)
}' "$table" | sort >"$work/listed"
diff -u "$work/options" "$work/listed" ||
    say "completions.tsv has other options than cli/*.c"
[ "$(wc -l <"$work/options")" -gt 40 ] || say "found no options in cli/*.c"

"$SHUKACH_BUILD/shukach" help | sed -n 's/^  \([a-z]*\) .*/\1/p' |
    sort >"$work/commands"
awk -F '\t' '$2 == "-" { print $1 }' "$table" | sort >"$work/listed"
diff -u "$work/commands" "$work/listed" ||
    say "completions.tsv has other commands than the program"

# The program takes every option; those of one letter too.
awk -F '\t' '/^[a-z]/ && $2 != "-" {
    value = $2 == "--memory" ? "1G" : $3 == "-" ? "" : 1
    if ($3 ~ /,/) value = substr($3, 1, index($3, ",") - 1)
    print $1, $2, value
}' "$table" | while read -r command option value; do
    # shellcheck disable=SC2086 # a word or none
    "$SHUKACH_BUILD/shukach" "$command" "$option" $value --help \
        >"$work/said" 2>&1 </dev/null || true
    grep -q "^usage: shukach $command" "$work/said" ||
        { echo "shukach $command $option: $(cat "$work/said")"; echo bad >"$work/bad"; }
done
[ ! -e "$work/bad" ] || status=1

# ---- The shells -------------------------------------------------------------
sh "$SHUKACH_SOURCE/packaging/completions.sh" "$work/made"
mkdir "$work/cwd"
cd "$work/cwd"
: >"a file.txt"
mkdir folder
cat >"$work/ask.bash" <<'BASH'
source "$1"
shift
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_shukach
printf '%s\n' "${COMPREPLY[@]}" | tr '\n' '|'
BASH
ask() { # EXPECTED WORD…
    expected=$1
    shift
    answer=$(bash "$work/ask.bash" "$work/made/shukach" shukach "$@")
    [ "$answer" = "$expected" ] || say "bash completes \"$*\" as $answer"
}
ask 'search|suggest|stem|' s
ask '--sort|--since|--snippet|--snippets|' search --s
ask 'json|jsonl|' search --format js
ask 'json|jsonl|' search --format = js
ask 'relevance|date|-date|' search --sort ''
ask 'folder|' info --index ''
ask 'a file.txt|' index 'a'
ask '|' search --limit ''
ask 'verify|' help v
ask '--lang|' analyse --l
bash -n "$work/made/shukach" || say "bash cannot read its completions"
for shell in zsh fish; do
    name=_shukach
    [ $shell = zsh ] || name=shukach.fish
    if ! command -v $shell >/dev/null; then
        echo "skipped: no $shell"
    elif ! $shell -n "$work/made/$name"; then
        say "$shell cannot read its completions"
    fi
done
if command -v fish >/dev/null; then
    answer=$(fish -c "source $work/made/shukach.fish
        complete -C 'shukach search --format js' | cut -f 1" | tr '\n' '|')
    [ "$answer" = 'json|jsonl|' ] || say "fish completes --format as $answer"
fi
exit $status
