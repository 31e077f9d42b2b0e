# SPDX-License-Identifier: GPL-3.0-or-later
# module(NAME SOURCES … USES … LIBRARIES …): one folder of the house.
#
# It becomes an object library that sees its own folder, include/, and the
# folders named in USES, and no other, so that a stray #include stops the
# build. LIBRARIES are third-party targets; only modules that name one see its
# headers. Objects, not archives: from an archive the linker drops public
# functions that nothing inside calls.
function(module NAME)
  cmake_parse_arguments(PARSE_ARGV 1 M "" "" "SOURCES;USES;LIBRARIES")
  list(TRANSFORM M_SOURCES PREPEND "${NAME}/")
  add_library(${NAME} OBJECT ${M_SOURCES})
  set(folders "${PROJECT_SOURCE_DIR}/${NAME}" "${PROJECT_SOURCE_DIR}/include")
  foreach(used IN LISTS M_USES)
    list(APPEND folders "${PROJECT_SOURCE_DIR}/${used}")
  endforeach()
  target_include_directories(${NAME} PRIVATE ${folders})
  target_link_libraries(${NAME} PRIVATE ${M_LIBRARIES})
  set_target_properties(${NAME} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  set_property(GLOBAL APPEND PROPERTY SHUKACH_MODULES ${NAME})
  set_property(GLOBAL APPEND PROPERTY SHUKACH_LIBRARIES ${M_LIBRARIES})
endfunction()
