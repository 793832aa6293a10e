# Headers that cost the most to read, read once per layer that uses them.
set(precompiled_std
  <algorithm> <chrono> <expected> <functional> <map> <memory> <optional> <string> <string_view> <unordered_map>
  <variant> <vector>)
set(precompiled_asio
  <boost/asio/awaitable.hpp> <boost/asio/co_spawn.hpp> <boost/asio/io_context.hpp> <boost/asio/steady_timer.hpp>
  <boost/asio/use_awaitable.hpp>)
set(precompiled_json <nlohmann/json.hpp>)
# Ours that nearly every file of a layer reads.
set(precompiled_log <events/codec.hpp> <store/event_store.hpp>)
set(precompiled_commands <commands/engine/handler.hpp> <commands/problem_of.hpp> <gateways/clubify/effects.hpp>)
set(precompiled_projections <projections/projector.hpp> <projections/sql.hpp>)
set(precompiled_queries <queries/answer.hpp> <queries/read_side.hpp>)
set(precompiled_routes <api/http/backend.hpp> <api/http/respond.hpp>)
set(precompiled_beast <boost/beast/core.hpp> <boost/beast/http.hpp>)

# add_layer(<name> [DEPENDS <layer>...] [LIBRARIES <target>...] [PRECOMPILE <header group>...])
#
# Makes the static library <name> of every .cpp in the folder <name>, except programs (main.cpp). It sees its
# own headers and those of the layers it depends on, no others: each layer's include root holds one link, to its
# own folder, so that an include in the wrong direction is "file not found".
function(add_layer name)
  cmake_parse_arguments(PARSE_ARGV 1 layer "" "" "DEPENDS;LIBRARIES;PRECOMPILE")
  set(include_root ${PROJECT_BINARY_DIR}/layers/${name})
  file(MAKE_DIRECTORY ${include_root})
  file(CREATE_LINK ${PROJECT_SOURCE_DIR}/${name} ${include_root}/${name} SYMBOLIC)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${name}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  add_library(${name} STATIC ${sources})
  target_include_directories(${name} PUBLIC ${include_root})
  target_link_libraries(${name} PUBLIC ${layer_DEPENDS} ${layer_LIBRARIES} PRIVATE warnings)
  precompile(${name} std ${layer_PRECOMPILE})
endfunction()

# precompile(<target> <header group>...)
function(precompile target)
  foreach(group ${ARGN})
    target_precompile_headers(${target} PRIVATE ${precompiled_${group}})
  endforeach()
endfunction()
