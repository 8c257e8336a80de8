# Tests that enter the libraries from several threads have the label `threads`; the target of that name builds them. The
# preset tsan runs them under ThreadSanitizer. That sees what our code does, but not how OpenMP's runtime, which is not
# built for it, makes threads wait for each other: Archer, which comes with clang's, tells it. Other libraries that are
# not built for it (oneDNN, SQLite, zlib) are left out of its view by `ignore_noninstrumented_modules`.
add_custom_target(threads)
set(ASX_THREADS_ENVIRONMENT)
if(ASX_SANITIZE MATCHES thread)
  get_filename_component(beside "${OpenMP_omp_LIBRARY}" REALPATH)
  get_filename_component(beside "${beside}" DIRECTORY)
  find_library(ASX_ARCHER archer HINTS ${beside})
  if(NOT ASX_ARCHER)
    message(FATAL_ERROR "ThreadSanitizer needs clang and its OpenMP with libarcher.so (scripts/setup --tests): the preset tsan")
  endif()
  set(ASX_THREADS_ENVIRONMENT "OMP_TOOL_LIBRARIES=${ASX_ARCHER};TSAN_OPTIONS=ignore_noninstrumented_modules=1")
endif()

function(asx_threads_test test target)
  add_dependencies(threads ${target})
  set_property(TEST ${test} APPEND PROPERTY LABELS threads)
  set_property(TEST ${test} PROPERTY ENVIRONMENT "${ASX_THREADS_ENVIRONMENT}")
endfunction()

# A race that is planted is found, and what OpenMP puts in order is none.
if(ASX_SANITIZE MATCHES thread)
  add_executable(test_race support/race.c)
  target_link_libraries(test_race PRIVATE OpenMP::OpenMP_C asx_flags)
  add_test(NAME build.race_planted COMMAND test_race race)
  add_test(NAME build.race_none COMMAND test_race)
  foreach(test build.race_planted build.race_none)
    asx_threads_test(${test} test_race)
  endforeach()
  set_tests_properties(build.race_planted PROPERTIES PASS_REGULAR_EXPRESSION "ThreadSanitizer: data race")
endif()
