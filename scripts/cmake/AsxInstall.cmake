# Completed by the install step: CMake package and pkg-config file.
install(EXPORT asx-targets NAMESPACE asx:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/asx)
