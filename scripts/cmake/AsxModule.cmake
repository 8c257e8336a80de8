# Modules, the parts that they are made of, and the walls between them.

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

if(NOT ASX_LAYERS) # there the parts link each other's private functions
  set(CMAKE_C_VISIBILITY_PRESET hidden) # but for ASX_API
endif()

# asx_add_module(<module> [DEPENDS <asx modules>])
# A library asx::<module>, made of parts, below. Its public headers are include/<module>/*.h; nothing else of it can be
# included from outside, nor linked where it is a shared library. Under ASX_LAYERS it is only the sum of its parts.
function(asx_add_module module)
  cmake_parse_arguments(M "" "" "DEPENDS" ${ARGN})
  set(target asx_${module})
  if(ASX_LAYERS)
    set(kind INTERFACE)
    add_library(${target} INTERFACE)
  else()
    set(kind PUBLIC)
    add_library(${target})
    target_link_libraries(${target} PRIVATE $<BUILD_INTERFACE:asx_flags>)
    if(BUILD_SHARED_LIBS)
      target_link_options(${target} PRIVATE -Wl,--no-undefined)
    endif()
    install(TARGETS ${target} EXPORT asx-targets)
    install(DIRECTORY include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/asx)
  endif()
  add_library(asx::${module} ALIAS ${target})
  set_property(GLOBAL APPEND PROPERTY ASX_MODULES ${module})
  target_include_directories(${target} ${kind}
    $<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/asx>)
  target_link_libraries(${target} ${kind} ${M_DEPENDS})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${module} ASX_FOLDER ${CMAKE_CURRENT_SOURCE_DIR})
  set_property(TARGET ${target} PROPERTY ASX_DEPENDS ${M_DEPENDS})
endfunction()

# asx_add_part(<module> <part> SOURCES <files> [USES <parts>] [LIBS <foreign libraries>])
# A part of a module: the files of one folder, which see the private headers of that folder and of the parts named in
# USES, by bare name, and nothing else. So an undeclared include fails to compile in every build. With ASX_LAYERS a
# part is a shared library that must link with what it declares, so that an undeclared call fails too. The parts that
# are used must be there before the one that uses them: parts in a circle cannot be written down.
function(asx_add_part module part)
  cmake_parse_arguments(P "" "" "SOURCES;USES;LIBS" ${ARGN})
  set(target asx_${module}_${part})
  get_target_property(folder asx_${module} ASX_FOLDER)
  get_property(depends TARGET asx_${module} PROPERTY ASX_DEPENDS)
  if(ASX_LAYERS)
    add_library(${target} SHARED ${P_SOURCES})
    target_link_options(${target} PRIVATE -Wl,--no-undefined)
    target_link_libraries(asx_${module} INTERFACE ${target})
  else()
    add_library(${target} OBJECT ${P_SOURCES})
    target_sources(asx_${module} PRIVATE $<TARGET_OBJECTS:${target}>)
    target_link_libraries(asx_${module} PRIVATE ${P_LIBS})
  endif()
  target_include_directories(${target} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR} ${folder}/include)
  target_link_libraries(${target} PRIVATE ${depends} ${P_LIBS} asx_flags)
  set(needs ${target})
  foreach(used IN LISTS P_USES)
    asx_see_part(${target} ${module} ${used})
    get_property(more TARGET asx_${module}_${used} PROPERTY ASX_NEEDS)
    list(APPEND needs ${more})
  endforeach()
  list(REMOVE_DUPLICATES needs)
  set_property(GLOBAL APPEND PROPERTY ASX_PARTS ${target})
  set_target_properties(${target} PROPERTIES ASX_FOLDER ${CMAKE_CURRENT_SOURCE_DIR} ASX_NEEDS "${needs}" ASX_LIBS "${P_LIBS}")
endfunction()

function(asx_see_part target module part)
  if(NOT TARGET asx_${module}_${part})
    message(FATAL_ERROR "${target}: part '${part}' of '${module}' is not there (yet): "
      "a part uses only what was added before it, so that there are no circles")
  endif()
  get_target_property(folder asx_${module}_${part} ASX_FOLDER)
  target_include_directories(${target} PRIVATE ${folder})
  if(ASX_LAYERS)
    target_link_libraries(${target} PRIVATE asx_${module}_${part})
  endif()
endfunction()

# asx_use_part(<target> <module> <part>): the target, a test or a program, sees the part's private headers and may call
# what they declare. A shared library hides it: there the target gets the part's objects, and of those it uses, beside it.
function(asx_use_part target module part)
  asx_see_part(${target} ${module} ${part})
  if(ASX_LAYERS OR NOT BUILD_SHARED_LIBS)
    return()
  endif()
  get_target_property(type ${target} TYPE)
  set(scope PRIVATE)
  if(type STREQUAL OBJECT_LIBRARY)
    set(scope INTERFACE) # for who links it
  endif()
  get_property(needs TARGET asx_${module}_${part} PROPERTY ASX_NEEDS)
  foreach(need IN LISTS needs)
    get_property(have TARGET ${target} PROPERTY ASX_OBJECTS)
    if(NOT need IN_LIST have)
      set_property(TARGET ${target} APPEND PROPERTY ASX_OBJECTS ${need})
      get_property(libs TARGET ${need} PROPERTY ASX_LIBS)
      target_sources(${target} ${scope} $<TARGET_OBJECTS:${need}>)
      target_link_libraries(${target} ${scope} ${libs})
    endif()
  endforeach()
endfunction()
