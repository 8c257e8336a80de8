# Installs the build BUILD below itself, builds program.c against it with CMake and with pkg-config,
# runs both and looks at what they print; compiles every public header alone.
cmake_minimum_required(VERSION 3.22)
set(work ${BUILD}/install_test)
set(prefix ${work}/prefix)
file(REMOVE_RECURSE ${work})

function(run out)
  execute_process(COMMAND ${ARGN} OUTPUT_VARIABLE output ERROR_VARIABLE messages RESULT_VARIABLE result)
  if(NOT result EQUAL 0)
    list(JOIN ARGN " " command)
    message(FATAL_ERROR "'${command}' failed (${result}):\n${output}${messages}")
  endif()
  set(${out} "${output}" PARENT_SCOPE)
endfunction()

# 7 bits of magnitude: a digit of 4 bits and one of 3, 8 and 6 supported values: 3 + 3 bits, and sign
function(check_output how output)
  if(NOT output MATCHES "^w8{1,3}a8 is stored in 7 bits\n")
    message(FATAL_ERROR "${how}: the foreign program prints '${output}'")
  endif()
  foreach(searcher enumerate random)
    if(NOT output MATCHES "\n${searcher}: ")
      message(FATAL_ERROR "${how}: no searcher '${searcher}' in '${output}'")
    endif()
  endforeach()
endfunction()

set(flags)
if(SANITIZE) # such libraries are no good without their runtime
  set(flags -fsanitize=${SANITIZE})
endif()
run(unused ${CMAKE_COMMAND} --install ${BUILD} --prefix ${prefix} --config "${CONFIG}")

run(unused ${CMAKE_COMMAND} -S ${CMAKE_CURRENT_LIST_DIR} -B ${work}/cmake -G ${GENERATOR}
    -DCMAKE_C_COMPILER=${CC} -DCMAKE_C_FLAGS=${flags} -DCMAKE_PREFIX_PATH=${prefix})
run(unused ${CMAKE_COMMAND} --build ${work}/cmake)
run(output ${work}/cmake/foreign)
check_output("CMake" "${output}")

set(ENV{PKG_CONFIG_PATH} ${prefix}/${LIBDIR}/pkgconfig)
find_program(pkg_config NAMES pkg-config pkgconf REQUIRED)
run(version ${pkg_config} --modversion asx)
if(NOT version STREQUAL "${VERSION}\n")
  message(FATAL_ERROR "pkg-config: version '${version}' instead of '${VERSION}'")
endif()
run(options ${pkg_config} --cflags --libs asx)
separate_arguments(options UNIX_COMMAND "${options}")
run(unused ${CC} ${flags} ${CMAKE_CURRENT_LIST_DIR}/program.c -o ${work}/foreign ${options})
set(ENV{LD_LIBRARY_PATH} ${prefix}/${LIBDIR})
run(output ${work}/foreign)
check_output("pkg-config" "${output}")

file(GLOB_RECURSE headers ${prefix}/${INCLUDEDIR}/asx/*.h)
if(NOT headers)
  message(FATAL_ERROR "no headers in ${prefix}/${INCLUDEDIR}/asx")
endif()
foreach(header IN LISTS headers)
  file(RELATIVE_PATH name ${prefix}/${INCLUDEDIR}/asx ${header})
  file(WRITE ${work}/header.c "#include <${name}>\n")
  run(unused ${CC} -std=c11 -fsyntax-only -Wall -Wextra -Wpedantic -Werror
      -I${prefix}/${INCLUDEDIR}/asx ${work}/header.c)
endforeach()

run(unused ${prefix}/bin/asx --version)
