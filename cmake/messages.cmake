# SPDX-License-Identifier: GPL-3.0-or-later
# Messages in other languages: catalogues beside the program, as they are
# installed, and a table of the formats that the program looks for.
include(GNUInstallDirs)
set(message_formats "${PROJECT_BINARY_DIR}/message_formats.c")
add_custom_command(OUTPUT "${message_formats}"
  COMMAND awk -f "${PROJECT_SOURCE_DIR}/po/formats.awk"
    "${PROJECT_SOURCE_DIR}/po/uk.po" > "${message_formats}"
  DEPENDS po/formats.awk po/uk.po VERBATIM)
file(RELATIVE_PATH to_locale
  "${CMAKE_INSTALL_FULL_BINDIR}" "${CMAKE_INSTALL_FULL_LOCALEDIR}")
target_sources(shukach_program PRIVATE "${message_formats}")
target_compile_definitions(shukach_program PRIVATE
  PROGRAM_TO_LOCALE="${to_locale}")

find_program(MSGFMT msgfmt)
if(NOT MSGFMT)
  message(STATUS "msgfmt is not found: messages in English only")
  return()
endif()
set(catalogue "${PROJECT_BINARY_DIR}/locale/uk/LC_MESSAGES/shukach.mo")
add_custom_command(OUTPUT "${catalogue}"
  COMMAND ${CMAKE_COMMAND} -E make_directory
    "${PROJECT_BINARY_DIR}/locale/uk/LC_MESSAGES"
  COMMAND ${MSGFMT} --check -o "${catalogue}" "${PROJECT_SOURCE_DIR}/po/uk.po"
  DEPENDS po/uk.po VERBATIM)
add_custom_target(messages ALL DEPENDS "${catalogue}")
install(FILES "${catalogue}"
  DESTINATION "${CMAKE_INSTALL_LOCALEDIR}/uk/LC_MESSAGES")
