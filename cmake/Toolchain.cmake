# Compiler, warnings, sanitizers: what every target is built with.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 14)
  message(FATAL_ERROR
    "g++ older than 14 destroys temporaries twice in statements with co_await. "
    "Use clang 19: cmake --preset release")
endif()

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR})
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")  # -O3 costs build time and gains nothing that could be measured
add_link_options(-fuse-ld=lld)

set(VITRINE_SANITIZER "" CACHE STRING "address (with undefined), fuzz, thread, or empty")
if(VITRINE_SANITIZER)
  set(CMAKE_CXX_FLAGS_DEBUG "-gline-tables-only")  # what reports name; the rest costs a fifth of the build
endif()
if(VITRINE_SANITIZER STREQUAL "address")
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  # To optimize is more than half of the compiler's work: only where tests compute for long.
  add_compile_options("$<$<IN_LIST:$<TARGET_PROPERTY:NAME>,core;events;store;store_tests>:-O1>")
  add_link_options(-fsanitize=address,undefined)
  # Recycled coroutine frames would hide use after free.
  add_compile_definitions(BOOST_ASIO_DISABLE_AWAITABLE_FRAME_RECYCLING)
elseif(VITRINE_SANITIZER STREQUAL "fuzz")
  add_compile_options(-fsanitize=address,undefined,fuzzer-no-link -fno-sanitize-recover=undefined -O1)
  add_link_options(-fsanitize=address,undefined)
elseif(VITRINE_SANITIZER STREQUAL "thread")
  add_compile_options(-fsanitize=thread -O1)
  add_link_options(-fsanitize=thread)
endif()

add_library(warnings INTERFACE)
target_compile_options(warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Werror
  -Wno-c23-extensions)  # #embed
