# SPDX-License-Identifier: GPL-3.0-or-later
# The analyser's tables: those of variants are embedded as they are, those of
# names compiled by compile_names, which stops the build at a wrong line.
file(GLOB tables CONFIGURE_DEPENDS analyser/variants/*.txt)
set(variants_text "${PROJECT_BINARY_DIR}/variants_text.c")
add_custom_command(OUTPUT "${variants_text}"
  COMMAND ${CMAKE_COMMAND} "-DFOLDER=${PROJECT_SOURCE_DIR}/analyser/variants"
    -DNAME=variants "-DOUTPUT=${variants_text}"
    -P "${PROJECT_SOURCE_DIR}/cmake/embed.cmake"
  DEPENDS cmake/embed.cmake ${tables} VERBATIM)

add_executable(compile_names
  analyser/compile_names.c analyser/endings.c analyser/latin.c
  analyser/latin_rules.c analyser/pinyin.c analyser/sounds.c base/utf8.c)
target_include_directories(compile_names PRIVATE analyser base include)
target_link_libraries(compile_names PRIVATE PkgConfig::ICU)

file(GLOB tables CONFIGURE_DEPENDS analyser/names/*.txt)
set(names_tables "${PROJECT_BINARY_DIR}/names_tables.c")
add_custom_command(OUTPUT "${names_tables}"
  COMMAND compile_names "${names_tables}" ${tables}
  DEPENDS compile_names ${tables}
  COMMENT "Compiling the tables of names"
  VERBATIM)
target_sources(analyser PRIVATE "${variants_text}" "${names_tables}")
