# SPDX-License-Identifier: GPL-3.0-or-later
# What `cmake --install` installs, and where. Every place is below the prefix,
# which may be named when installing; DESTDIR goes before it.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(SHUKACH_BASH_COMPLETIONS_DIR
  "${CMAKE_INSTALL_DATADIR}/bash-completion/completions" CACHE STRING
  "Where bash looks for completions")
set(SHUKACH_ZSH_COMPLETIONS_DIR "${CMAKE_INSTALL_DATADIR}/zsh/site-functions"
  CACHE STRING "Where zsh looks for completions")
set(SHUKACH_FISH_COMPLETIONS_DIR
  "${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d" CACHE STRING
  "Where fish looks for completions")
set(SHUKACH_UNIT_DIR "lib/systemd/system" CACHE STRING
  "Where systemd looks for units")

# ---- Library, header, program ----------------------------------------------
# The archive holds one object: all modules, linked, with what is not exported
# made local, so that our names cannot meet those of the program it goes into.
set(archived "${PROJECT_BINARY_DIR}/shukach_archived.o")
add_custom_command(OUTPUT "${archived}"
  COMMAND ${CMAKE_LINKER} -r -o "${archived}" ${objects}
  COMMAND ${CMAKE_OBJCOPY} --localize-hidden "${archived}"
  DEPENDS ${objects} COMMAND_EXPAND_LISTS VERBATIM)
add_library(shukach_static STATIC "${archived}")
set_target_properties(shukach_static PROPERTIES
  OUTPUT_NAME shukach LINKER_LANGUAGE C)

# Below /usr the loader finds the library by itself. Elsewhere the program says
# where it is, seen from its own folder, so that the tree may be moved.
if(NOT CMAKE_INSTALL_PREFIX STREQUAL "/usr")
  file(RELATIVE_PATH to_library
    "${CMAKE_INSTALL_FULL_BINDIR}" "${CMAKE_INSTALL_FULL_LIBDIR}")
  set_target_properties(shukach_program PROPERTIES
    INSTALL_RPATH "$ORIGIN/${to_library}")
endif()

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/shukach")
set_target_properties(shukach PROPERTIES
  PUBLIC_HEADER "include/shukach.h;include/shukach.hpp")
target_include_directories(shukach INTERFACE
  $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
install(TARGETS shukach EXPORT shukach)
install(TARGETS shukach_static shukach_program)
install(EXPORT shukach NAMESPACE shukach::
  FILE shukachConfig.cmake DESTINATION "${package_dir}")
write_basic_package_version_file(
  "${PROJECT_BINARY_DIR}/shukachConfigVersion.cmake"
  COMPATIBILITY SameMajorVersion)
install(FILES "${PROJECT_BINARY_DIR}/shukachConfigVersion.cmake"
  DESTINATION "${package_dir}")

# The archive needs the libraries of others; named one by one, since pkg-config
# would want the packages in Requires.private even from those who do not need
# them.
set(private_libraries)
foreach(name IN ITEMS XAPIAN ICU XML JANSSON ZSTD ZLIB)
  list(APPEND private_libraries ${${name}_LIBRARIES})
endforeach()
list(APPEND private_libraries stemmer stdc++ m)
list(REMOVE_DUPLICATES private_libraries)
list(TRANSFORM private_libraries PREPEND "-l")
list(JOIN private_libraries " " private_libraries)

# These name the prefix, which is known only when installing.
function(install_filled TEMPLATE NAME FOLDER)
  foreach(name PROJECT_VERSION PROJECT_DESCRIPTION CMAKE_INSTALL_BINDIR
               CMAKE_INSTALL_LIBDIR CMAKE_INSTALL_INCLUDEDIR private_libraries)
    install(CODE "set(${name} \"${${name}}\")")
  endforeach()
  install(CODE "
    set(template \"${PROJECT_SOURCE_DIR}/${TEMPLATE}\")
    set(output \"${PROJECT_BINARY_DIR}/installed/${NAME}\")
    set(folder \"${FOLDER}\")")
  install(SCRIPT "${PROJECT_SOURCE_DIR}/cmake/install_filled.cmake")
endfunction()
install_filled(packaging/shukach.pc.in shukach.pc
  "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
install_filled(packaging/shukach-index.service.in shukach-index.service
  "${SHUKACH_UNIT_DIR}")
install(FILES packaging/shukach-index.timer DESTINATION "${SHUKACH_UNIT_DIR}")

# ---- Completions -----------------------------------------------------------
set(completions "${PROJECT_BINARY_DIR}/completions")
set(completion_outputs "${completions}/shukach" "${completions}/_shukach"
                       "${completions}/shukach.fish")
add_custom_command(OUTPUT ${completion_outputs}
  COMMAND sh "${PROJECT_SOURCE_DIR}/packaging/completions.sh" "${completions}"
  DEPENDS packaging/completions.sh packaging/completions.awk
          packaging/completions.tsv
  VERBATIM)
add_custom_target(completions ALL DEPENDS ${completion_outputs})
install(FILES "${completions}/shukach"
  DESTINATION "${SHUKACH_BASH_COMPLETIONS_DIR}")
install(FILES "${completions}/_shukach"
  DESTINATION "${SHUKACH_ZSH_COMPLETIONS_DIR}")
install(FILES "${completions}/shukach.fish"
  DESTINATION "${SHUKACH_FISH_COMPLETIONS_DIR}")

# ---- Manual pages ----------------------------------------------------------
find_program(SCDOC scdoc)
if(NOT SCDOC)
  message(STATUS "scdoc is not found: no manual pages")
  return()
endif()
set(man_folder "${PROJECT_BINARY_DIR}/man")
file(GLOB man_sources CONFIGURE_DEPENDS docs/*.scd)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
  packaging/completions.tsv)
file(STRINGS packaging/completions.tsv commands REGEX "^[a-z]+\t-\t")
set(man_pages shukach.1 shukach.3 shukach-query.7 uk/shukach-query.7
              shukach-index-format.5)
foreach(row IN LISTS commands)
  string(REGEX REPLACE "\t.*" "" command "${row}")
  if(NOT command STREQUAL "help")
    list(APPEND man_pages "shukach-${command}.1")
  endif()
endforeach()
list(TRANSFORM man_pages PREPEND "${man_folder}/" OUTPUT_VARIABLE man_outputs)
add_custom_command(OUTPUT ${man_outputs}
  COMMAND sh "${PROJECT_SOURCE_DIR}/docs/manpages.sh" "${man_folder}"
  DEPENDS docs/manpages.sh docs/manpage.sh docs/subpage.sh docs/header.awk
          docs/markdown.awk docs/index-format.md include/shukach.h
          packaging/completions.tsv ${man_sources}
  COMMENT "Making manual pages" VERBATIM)
add_custom_target(man ALL DEPENDS ${man_outputs})
foreach(page IN LISTS man_pages)
  string(REGEX REPLACE ".*\\.([0-9])$" "man\\1" folder "${page}")
  if(page MATCHES "^(uk)/")
    set(folder "uk/${folder}")
  endif()
  install(FILES "${man_folder}/${page}"
    DESTINATION "${CMAKE_INSTALL_MANDIR}/${folder}")
endforeach()
