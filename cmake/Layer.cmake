# add_layer(<name> [DEPENDS <layer>...] [LIBRARIES <target>...])
#
# Makes the static library <name> of every .cpp in the folder <name>, except programs (main.cpp). It sees its
# own headers and those of the layers it depends on, no others: each layer's include root holds one link, to its
# own folder, so that an include in the wrong direction is "file not found".
function(add_layer name)
  cmake_parse_arguments(PARSE_ARGV 1 layer "" "" "DEPENDS;LIBRARIES")
  set(include_root ${PROJECT_BINARY_DIR}/layers/${name})
  file(MAKE_DIRECTORY ${include_root})
  file(CREATE_LINK ${PROJECT_SOURCE_DIR}/${name} ${include_root}/${name} SYMBOLIC)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${name}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  if(NOT sources)
    add_library(${name} INTERFACE)
    target_include_directories(${name} INTERFACE ${include_root})
    target_link_libraries(${name} INTERFACE ${layer_DEPENDS} ${layer_LIBRARIES})
    return()
  endif()
  add_library(${name} STATIC ${sources})
  target_include_directories(${name} PUBLIC ${include_root})
  target_link_libraries(${name} PUBLIC ${layer_DEPENDS} ${layer_LIBRARIES} PRIVATE warnings)
endfunction()
