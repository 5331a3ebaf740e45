# `cmake --install` and the Debian package: the program reads no file of the source tree, so that what else is installed is
# for people, their shells and their validators. Manual page and completions are what the built program prints.
include(GNUInstallDirs)
set(made ${CMAKE_BINARY_DIR}/install)
set(doc ${CMAKE_INSTALL_DATADIR}/doc/referee)

install(CODE "
  file(MAKE_DIRECTORY \"${made}\")
  function(print file)
    execute_process(COMMAND \"$<TARGET_FILE:referee>\" \${ARGN} OUTPUT_FILE \"${made}/\${file}\" COMMAND_ERROR_IS_FATAL ANY)
  endfunction()
  print(referee.1 man)
  print(referee completion bash)
  print(_referee completion zsh)
  print(referee.fish completion fish)
  file(COPY_FILE \"${CMAKE_SOURCE_DIR}/CHANGELOG.md\" \"${made}/changelog\")
  execute_process(COMMAND gzip -9nf \"${made}/referee.1\" \"${made}/changelog\" COMMAND_ERROR_IS_FATAL ANY)")
install(TARGETS referee RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES ${made}/referee.1.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${made}/referee DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${made}/_referee DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
install(FILES ${made}/referee.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
install(DIRECTORY reports/schemas/ DESTINATION ${CMAKE_INSTALL_DATADIR}/referee/schemas PATTERN "*.md" EXCLUDE)
install(DIRECTORY reports/reference ci/examples DESTINATION ${doc})
install(FILES ${made}/changelog.gz cmake/package/copyright DESTINATION ${doc})
install(FILES fixtures/runtimes/README.md DESTINATION ${doc}/runtimes)

# What is installed is the program alone, which has to be built before; not the self-tests.
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY TRUE)
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME referee)
set(CPACK_PACKAGE_VENDOR Referee)
set(CPACK_PACKAGE_CONTACT "The Referee authors <referee@example.invalid>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGE_DIRECTORY ${CMAKE_BINARY_DIR}/package)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ
  WORLD_EXECUTE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS ca-certificates)
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "conformance and benchmark suite for OCI registries")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
  "Referee pushes crafted blobs, manifests, indexes and referrers to a registry,
compares every answer with what the OCI distribution specification requires,
and reports check by check what is wrong: for people as one HTML page, for CI
servers as JUnit, for programs as JSON. It judges container runtimes and
clients, too, and measures what references between artifacts cost.")
include(CPack)
