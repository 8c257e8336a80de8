# Flags every target of ours gets, and nothing outside does.
add_library(asx_flags INTERFACE)
target_compile_options(asx_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wvla
  -Wundef
  # the same numbers from every compiler and processor
  -ffp-contract=off
  $<$<BOOL:${ASX_WERROR}>:-Werror>)
target_compile_definitions(asx_flags INTERFACE _POSIX_C_SOURCE=200809L)
if(ASX_SANITIZE)
  target_compile_options(asx_flags INTERFACE
    -fsanitize=${ASX_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(asx_flags INTERFACE -fsanitize=${ASX_SANITIZE})
endif()

# asx_add_module(<name> SOURCES <files> DEPENDS <asx modules> PRIVATE_DEPENDS <foreign libraries>)
# A module's public headers are include/<name>/*.h; nothing else of it can be included from outside.
function(asx_add_module name)
  cmake_parse_arguments(M "" "" "SOURCES;DEPENDS;PRIVATE_DEPENDS" ${ARGN})
  add_library(asx_${name} ${M_SOURCES})
  add_library(asx::${name} ALIAS asx_${name})
  target_include_directories(asx_${name}
    PUBLIC $<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}/include>
           $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/asx>
    PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
  target_link_libraries(asx_${name}
    PUBLIC ${M_DEPENDS}
    PRIVATE ${M_PRIVATE_DEPENDS} $<BUILD_INTERFACE:asx_flags>)
  if(BUILD_SHARED_LIBS)
    target_link_options(asx_${name} PRIVATE -Wl,--no-undefined)
  endif()
  set_target_properties(asx_${name} PROPERTIES EXPORT_NAME ${name})
  install(TARGETS asx_${name} EXPORT asx-targets)
  install(DIRECTORY include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/asx)
endfunction()
