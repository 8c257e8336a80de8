# The build step of AsxEmbed.cmake: cmake -DFILES=a|b -DSYMBOL=s -DFOLDER=f -DSTEMS=OFF -P AsxEmbedFiles.cmake
cmake_minimum_required(VERSION 3.22)
string(REPLACE "|" ";" files "${FILES}")
set(header "/* Made by AsxEmbed.cmake. */
#ifndef ASX_EMBEDDED_FILE
#define ASX_EMBEDDED_FILE
#include <stddef.h>
struct asx_embedded_file {
    const char *name;
    const unsigned char *bytes;
    size_t size;
};
#endif
extern const struct asx_embedded_file ${SYMBOL}[];
")
set(source "/* Made by AsxEmbed.cmake. */\n#include \"${SYMBOL}.h\"\n")
set(table "")
set(index 0)
foreach(file IN LISTS files)
  if(STEMS)
    get_filename_component(name ${file} NAME_WLE)
  else()
    get_filename_component(name ${file} NAME)
  endif()
  file(SIZE ${file} size)
  file(READ ${file} hex HEX)
  # 32 bytes a line
  string(REGEX REPLACE "(................................................................)" "\\1\n" hex "${hex}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," hex "${hex}")
  string(APPEND source "static const unsigned char file_${index}[] = {\n${hex}0x00};\n")
  string(APPEND table "    {\"${name}\", file_${index}, ${size}},\n")
  math(EXPR index "${index} + 1")
endforeach()
string(APPEND source
  "const struct asx_embedded_file ${SYMBOL}[] = {\n${table}    {NULL, NULL, 0},\n};\n")
file(MAKE_DIRECTORY ${FOLDER})
file(WRITE ${FOLDER}/${SYMBOL}.h "${header}")
file(WRITE ${FOLDER}/${SYMBOL}.c "${source}")
