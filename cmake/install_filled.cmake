# SPDX-License-Identifier: GPL-3.0-or-later
# Run when installing: fills in a template and installs it below the prefix.
foreach(name bin lib include)
  string(TOUPPER CMAKE_INSTALL_${name}DIR variable)
  cmake_path(ABSOLUTE_PATH ${variable} BASE_DIRECTORY "${CMAKE_INSTALL_PREFIX}"
             OUTPUT_VARIABLE ${name}dir)
endforeach()
configure_file("${template}" "${output}" @ONLY)
cmake_path(ABSOLUTE_PATH folder BASE_DIRECTORY "${CMAKE_INSTALL_PREFIX}")
file(INSTALL DESTINATION "${folder}" TYPE FILE FILES "${output}")
