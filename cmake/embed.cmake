# SPDX-License-Identifier: GPL-3.0-or-later
# cmake -DFOLDER=… -DNAME=… -DOUTPUT=… -P embed.cmake: the text files of a
# folder, in the order of their names, as one constant of C, NAME_text. No tool
# but CMake is needed.
file(GLOB files "${FOLDER}/*.txt")
list(SORT files)
set(bytes "")
foreach(path IN LISTS files)
  file(READ "${path}" hex HEX)
  string(APPEND bytes "${hex}")
endforeach()
string(REGEX REPLACE "(................................)" "\\1\n" bytes
       "${bytes}")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
file(WRITE "${OUTPUT}"
  "/* Made by cmake/embed.cmake. */\n#include \"words.h\"\n\n"
  "const unsigned char ${NAME}_text[] = {\n${bytes}};\n"
  "const size_t ${NAME}_text_length = sizeof ${NAME}_text;\n")
