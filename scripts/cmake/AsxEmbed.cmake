# asx_embed(<target> <symbol> [STEMS] FILES <file>...)
# Compiles files into <target>, byte for byte:
#
#   #include "<symbol>.h"
#   extern const struct asx_embedded_file <symbol>[];    {name, bytes, size}, ends with {NULL, NULL, 0}
#
# `name` is the file's name without its folder, with STEMS also without its last extension. `bytes` has a NUL behind it that `size` does not count,
# so that text may be used as a string. The C file is made anew whenever a file changes.
set(ASX_EMBED_SCRIPT ${CMAKE_CURRENT_LIST_DIR}/AsxEmbedFiles.cmake)

function(asx_embed target symbol)
  cmake_parse_arguments(E "STEMS" "" "FILES" ${ARGN})
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/${target}_embedded)
  set(files)
  foreach(file IN LISTS E_FILES)
    get_filename_component(path ${file} ABSOLUTE)
    list(APPEND files ${path})
  endforeach()
  list(JOIN files "|" joined)
  add_custom_command(
    OUTPUT ${folder}/${symbol}.c ${folder}/${symbol}.h
    COMMAND ${CMAKE_COMMAND} "-DFILES=${joined}" -DSYMBOL=${symbol} -DFOLDER=${folder}
            -DSTEMS=${E_STEMS}
            -P ${ASX_EMBED_SCRIPT}
    DEPENDS ${files} ${ASX_EMBED_SCRIPT}
    COMMENT "Embedding ${symbol}"
    VERBATIM)
  target_sources(${target} PRIVATE ${folder}/${symbol}.c ${folder}/${symbol}.h)
  target_include_directories(${target} PRIVATE ${folder})
endfunction()
