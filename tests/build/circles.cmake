# A circle of three files is found and named, a chain of them is none.
#   cmake -DPYTHON=... -DCIRCLES=circles.py -DNM=... -DCC=compiler -DWORK=folder -P circles.cmake
cmake_minimum_required(VERSION 3.22)
file(REMOVE_RECURSE ${WORK})

# try(<expected exit code> <regex> <what c.c says>): a.c calls b.c, which calls c.c
function(try expected regex last)
  set(a "int b(void);\nint a(void);\nint a(void)\n{\n    return b();\n}\n")
  set(b "int c(void);\nint b(void);\nint b(void)\n{\n    return c();\n}\n")
  set(c "${last}")
  set(objects)
  foreach(file a b c)
    file(WRITE ${WORK}/${file}.c "${${file}}")
    execute_process(COMMAND ${CC} -c ${WORK}/${file}.c -o ${WORK}/${file}.o COMMAND_ERROR_IS_FATAL ANY)
    string(APPEND objects "${WORK}/${file}.o\n")
  endforeach()
  file(WRITE ${WORK}/objects.txt "${objects}")
  execute_process(COMMAND ${PYTHON} ${CIRCLES} ${NM} ${WORK}/objects.txt OUTPUT_VARIABLE text RESULT_VARIABLE result)
  if(NOT result EQUAL expected OR NOT text MATCHES "${regex}")
    message(SEND_ERROR "expected ${expected} and '${regex}', got ${result}:\n${text}")
  endif()
endfunction()

try(0 "^$" "int c(void);\nint c(void)\n{\n    return 0;\n}\n")
try(1 "circle of 3 files:\n  a.c -> b.c: b\n  b.c -> c.c: c\n  c.c -> a.c: a\n"
  "int a(void);\nint c(void);\nint c(void)\n{\n    return a();\n}\n")
