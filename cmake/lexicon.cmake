# SPDX-License-Identifier: GPL-3.0-or-later
# The stemmer's lexicon: compile_lexicon turns hunspell-uk into C tables.
#
# Packagers may point SHUKACH_HUNSPELL_UK at a folder with uk_UA.aff and
# uk_UA.dic. With SHUKACH_NO_LEXICON neither is needed, and Ukrainian is stemmed
# by rules alone.
# A program for bench/stemming.sh; built when asked for.
add_executable(stem_words EXCLUDE_FROM_ALL stemmer/stem_words.c)
target_link_libraries(stem_words PRIVATE stemmer ${STEMMER_LIBRARY})

if(SHUKACH_NO_LEXICON)
  target_sources(stemmer PRIVATE stemmer/lexicon_none.c)
  return()
endif()

find_path(SHUKACH_HUNSPELL_UK uk_UA.dic
  PATHS ENV DICPATH
  PATH_SUFFIXES share/hunspell share/myspell hunspell
  DOC "Folder of uk_UA.aff and uk_UA.dic (Debian: hunspell-uk)")
if(NOT SHUKACH_HUNSPELL_UK)
  message(FATAL_ERROR "uk_UA.dic is not found. Install hunspell-uk, or set "
    "SHUKACH_HUNSPELL_UK to its folder, or SHUKACH_NO_LEXICON=ON.")
endif()

add_executable(compile_lexicon
  stemmer/bare.c stemmer/choose.c stemmer/compile_lexicon.c stemmer/expand.c
  stemmer/family.c stemmer/letters.c stemmer/lexemes.c stemmer/lists.c
  stemmer/merge.c stemmer/rules.c stemmer/strings.c stemmer/table.c)
# Optimised in every build: a debug build would wait for it otherwise. Leaks
# at exit are no concern of a program that runs for seconds, nor are threads.
target_compile_options(compile_lexicon PRIVATE -O2 -fno-sanitize=thread)

set(lexicon_tables "${PROJECT_BINARY_DIR}/lexicon_tables.c")
add_custom_command(OUTPUT "${lexicon_tables}"
  COMMAND compile_lexicon
    "${SHUKACH_HUNSPELL_UK}/uk_UA.aff" "${SHUKACH_HUNSPELL_UK}/uk_UA.dic"
    "${PROJECT_SOURCE_DIR}/stemmer/common_lemmas.txt"
    "${PROJECT_SOURCE_DIR}/stemmer/joins.txt" "${lexicon_tables}"
  DEPENDS compile_lexicon
    "${SHUKACH_HUNSPELL_UK}/uk_UA.aff" "${SHUKACH_HUNSPELL_UK}/uk_UA.dic"
    "${PROJECT_SOURCE_DIR}/stemmer/common_lemmas.txt"
    "${PROJECT_SOURCE_DIR}/stemmer/joins.txt"
  COMMENT "Compiling the Ukrainian lexicon"
  VERBATIM)
target_sources(stemmer PRIVATE stemmer/lexicon.c "${lexicon_tables}")
# Data of a few megabytes: debug information and sanitizers add nothing.
set_source_files_properties("${lexicon_tables}" PROPERTIES
  COMPILE_OPTIONS "-g0;-fno-sanitize=all")
