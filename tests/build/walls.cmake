# The walls of AsxModule.cmake hold: builds the project walls/, sound and with each breach, as normal, shared and layered
# libraries.   cmake -DASX=source -DWORK=folder -DCC=compiler -DGENERATOR=Ninja -P walls.cmake
cmake_minimum_required(VERSION 3.22)
file(REMOVE_RECURSE ${WORK})
set(ENV{LC_ALL} C)

# attempt(<stage> <kind> <breach> [<regex>]): builds, and sees that it fails in that stage, "configure" or "build", with
# such a message, or that it does not fail: "pass"
function(attempt expected kind breach)
  set(folder ${WORK}/${kind}-${breach})
  set(options_normal)
  set(options_shared -DBUILD_SHARED_LIBS=ON)
  set(options_layers -DASX_LAYERS=ON)
  set(stage configure)
  execute_process(COMMAND ${CMAKE_COMMAND} -S ${CMAKE_CURRENT_LIST_DIR}/walls -B ${folder} -G ${GENERATOR} -DASX=${ASX}
      -DBREACH=${breach} -DCMAKE_C_COMPILER=${CC} ${options_${kind}}
    OUTPUT_VARIABLE text ERROR_VARIABLE text RESULT_VARIABLE result)
  if(result EQUAL 0)
    set(stage build)
    execute_process(COMMAND ${CMAKE_COMMAND} --build ${folder} OUTPUT_VARIABLE text ERROR_VARIABLE text RESULT_VARIABLE result)
  endif()
  if(result EQUAL 0)
    set(stage pass)
  endif()
  string(REGEX REPLACE "[ \n]+" " " line "${text}")
  if(NOT stage STREQUAL expected OR NOT line MATCHES "${ARGN}")
    message(SEND_ERROR "breach '${breach}' in a build of kind '${kind}': ${stage} instead of ${expected} '${ARGN}':\n${text}")
  endif()
endfunction()

foreach(kind normal shared layers)
  attempt(pass ${kind} none)
  attempt(build ${kind} include "roof.c:6:10: fatal error: '?kitchen.h'?:? (No such file|file not found)")
  attempt(configure ${kind} circle
    "asx_house_kitchen: part 'roof' of 'house' is not there [(]yet[)]: a part uses only what was added before it")
endforeach()
attempt(pass normal call) # nobody sees it there
attempt(build layers call "in function .house_height.:.*undefined reference to .kitchen_height")
attempt(pass normal private)
attempt(build shared private "in function .main.:.*undefined reference to .cellar_depth")
