# `cpack --config build/release/CPackConfig.cmake` makes a .deb: the programs, a systemd unit, a configuration.
include(GNUInstallDirs)
install(TARGETS vitrine clubify-sandbox peer-sandbox RUNTIME)
install(FILES ${PROJECT_SOURCE_DIR}/cmake/package/vitrine.service DESTINATION /usr/lib/systemd/system)
install(FILES ${PROJECT_SOURCE_DIR}/cmake/package/vitrine.toml DESTINATION /etc/vitrine)

# The README and all that can be reached from it by links, which are relative (tests/e2e/test_documents.py).
set(documents ${CMAKE_INSTALL_DATADIR}/doc/vitrine)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/docs DESTINATION ${documents} COMPONENT documents)
foreach(file README.md bench/README.md examples/online-retail/README.md projections/activity/projector.cpp)
  get_filename_component(folder ${file} DIRECTORY)
  install(FILES ${PROJECT_SOURCE_DIR}/${file} DESTINATION ${documents}/${folder} COMPONENT documents)
endforeach()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME vitrine)
set(CPACK_PACKAGE_CONTACT "Vitrine maintainers <maintainers@vitrine.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "CQRS, event-sourced offer backend for sellers on Clubify")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "passwd, procps, tzdata, ca-certificates")
set(CPACK_DEBIAN_PACKAGE_SECTION web)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
file(WRITE ${PROJECT_BINARY_DIR}/conffiles "/etc/vitrine/vitrine.toml\n")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
  ${PROJECT_SOURCE_DIR}/cmake/package/postinst
  ${PROJECT_SOURCE_DIR}/cmake/package/prerm
  ${PROJECT_SOURCE_DIR}/cmake/package/postrm
  ${PROJECT_BINARY_DIR}/conffiles)
include(CPack)
