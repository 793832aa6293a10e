# Debian 12 packages behind the targets that the layers name.
find_package(Threads REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS url)
find_package(ICU REQUIRED COMPONENTS i18n uc data)
find_package(date REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(CLI11 REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(prometheus-cpp REQUIRED COMPONENTS core)
find_package(simdjson REQUIRED)
# Else it goes by whether a file is optimized, and its classes would have another size in tests than in what they test.
set_property(TARGET simdjson::simdjson APPEND PROPERTY INTERFACE_COMPILE_DEFINITIONS SIMDJSON_DEVELOPMENT_CHECKS=0)
find_package(ZLIB REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(SQLiteCpp REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(sodium REQUIRED IMPORTED_TARGET libsodium)

# Asio and Beast are compiled once: core/asio.cpp, net/beast.cpp.
add_library(boost INTERFACE)
target_link_libraries(boost INTERFACE Boost::headers Boost::url Threads::Threads)
target_compile_definitions(boost INTERFACE
  BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED)
add_library(beast INTERFACE)
target_link_libraries(beast INTERFACE boost OpenSSL::SSL OpenSSL::Crypto)

add_library(icu INTERFACE)
target_link_libraries(icu INTERFACE ICU::i18n ICU::uc ICU::data)
add_library(json INTERFACE)
target_link_libraries(json INTERFACE nlohmann_json::nlohmann_json)
add_library(valijson INTERFACE)  # header-only, without a CMake package
add_library(sqlite INTERFACE)
target_link_libraries(sqlite INTERFACE SQLiteCpp SQLite::SQLite3)
add_library(sodium INTERFACE)
target_link_libraries(sodium INTERFACE PkgConfig::sodium)
