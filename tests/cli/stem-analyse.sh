#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A word a line in, a line out; a JSON object a token.
printf 'Путіним\nм’яч\n\nдва слова\nС-300-ми\n' | shukach stem
shukach stem --lang ru городами
shukach stem --lang xx слово || echo "exit $?"
printf 'ok\n\377\n' | shukach stem || echo "exit $?"
shukach analyse 'Kиїв, Т-72Б3 і "НАТО"'
shukach analyse 'Зеленського Zelenskyy Раїсі С-300 розмова mod.gov.ua 12.05.2026'
printf 'a\377' | shukach analyse || echo "exit $?"
