# `cmake --install`: beside the program, libraries and headers that the modules install themselves, a
# CMake package (find_package(asx), targets asx::dse, asx::search ...), a pkg-config file, and what to start
# from: example campaigns and the technologies. All is relocatable: the prefix may be chosen at install time
# and moved afterwards.
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/asx)

configure_package_config_file(
  ${PROJECT_SOURCE_DIR}/scripts/cmake/asx-config.cmake.in ${PROJECT_BINARY_DIR}/asx-config.cmake
  INSTALL_DESTINATION ${package_dir} NO_SET_AND_CHECK_MACRO NO_CHECK_REQUIRED_COMPONENTS_MACRO)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/asx-config-version.cmake
  COMPATIBILITY SameMinorVersion) # before 1.0 every minor version may change interfaces
if(NOT ASX_LAYERS)
  install(EXPORT asx-targets NAMESPACE asx:: DESTINATION ${package_dir})
endif()
install(FILES
    ${PROJECT_BINARY_DIR}/asx-config.cmake ${PROJECT_BINARY_DIR}/asx-config-version.cmake
    ${PROJECT_SOURCE_DIR}/scripts/cmake/FindLibCSV.cmake
    ${PROJECT_SOURCE_DIR}/scripts/cmake/FindOneDNN.cmake
  DESTINATION ${package_dir})

get_property(modules GLOBAL PROPERTY ASX_MODULES)
set(ASX_PC_LIBS ${modules}) # who needs another before it
list(REVERSE ASX_PC_LIBS)
list(TRANSFORM ASX_PC_LIBS PREPEND -lasx_)
list(JOIN ASX_PC_LIBS " " ASX_PC_LIBS)

# Whoever links static libraries must link what they are made with as well; shared ones know it.
if(BUILD_SHARED_LIBS)
  set(ASX_PC_PRIVATE .private)
endif()
file(RELATIVE_PATH ASX_PC_PREFIX /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
string(REGEX REPLACE "/$" "" ASX_PC_PREFIX ${ASX_PC_PREFIX})
configure_file(${PROJECT_SOURCE_DIR}/scripts/cmake/asx.pc.in ${PROJECT_BINARY_DIR}/asx.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/asx.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

install(FILES LICENSE README.md CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
set(share_dir ${CMAKE_INSTALL_DATADIR}/asx)
install(DIRECTORY scripts/campaigns DESTINATION ${share_dir})
install(FILES dse/explore/campaign/default.yaml DESTINATION ${share_dir}/campaigns RENAME glyphs.yaml)
# the program carries these tables; here they are for those who write one of their own
install(DIRECTORY hwmodel/data/ DESTINATION ${share_dir}/technologies FILES_MATCHING PATTERN "*.csv")

# The installed program and shared libraries find each other wherever the prefix is.
file(RELATIVE_PATH bin_to_lib /${CMAKE_INSTALL_BINDIR} /${CMAKE_INSTALL_LIBDIR})
set_target_properties(asx PROPERTIES INSTALL_RPATH "$ORIGIN/${bin_to_lib}")
if(NOT ASX_LAYERS)
  list(TRANSFORM modules PREPEND asx_)
  set_target_properties(${modules} PROPERTIES
    INSTALL_RPATH "$ORIGIN"
    VERSION ${PROJECT_VERSION}
    SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
endif()

if(BUILD_TESTING AND NOT ASX_LAYERS)
  add_test(NAME install.examples
    COMMAND ${CMAKE_COMMAND} -DBUILD=${PROJECT_BINARY_DIR} -DSOURCE=${PROJECT_SOURCE_DIR} -DCONFIG=$<CONFIG>
      -DLIBDIR=${CMAKE_INSTALL_LIBDIR} -DINCLUDEDIR=${CMAKE_INSTALL_INCLUDEDIR} -DDATADIR=${CMAKE_INSTALL_DATADIR} -DGENERATOR=${CMAKE_GENERATOR}
      -DCC=${CMAKE_C_COMPILER} -DCXX=${CMAKE_CXX_COMPILER} -DSANITIZE=${ASX_SANITIZE} -DVERSION=${PROJECT_VERSION}
      -P ${PROJECT_SOURCE_DIR}/tests/examples/check.cmake)
  set_tests_properties(install.examples PROPERTIES LABELS install TIMEOUT 600)
endif()
