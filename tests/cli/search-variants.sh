# Variants: built in, of the user's file, of --variants, and none.
cat >documents.jsonl <<'END'
{"id": "a", "text": "Над містом збили Шахед."}
{"id": "b", "text": "Над містом летів мопед."}
{"id": "c", "text": "Над містом збили Shahed-136."}
{"id": "d", "text": "Сапери Збройних сил України."}
END
shukach index --quiet documents.jsonl
shukach search --format trec ЗСУ
shukach search --format trec --no-variants ЗСУ || echo "exit $?"
mkdir -p "$HOME/.config/shukach"
echo 'Шахед > мопед' >"$HOME/.config/shukach/variants.txt"
shukach search --format trec Шахед
shukach search --format trec --no-variants --no-names Шахед
printf '# наше\nсапер = Шахед\n' >more.txt
shukach search --format trec --variants more.txt сапер
printf 'сапер = Шахед\nсапер\n' >bad.txt
shukach search --variants bad.txt сапер || echo "exit $?"
shukach search --variants none.txt сапер || echo "exit $?"
echo 'Шахед =' >"$HOME/.config/shukach/variants.txt"
shukach search Шахед || echo "exit $?"
