# The payloads of all event types as one JSON object, for /docs: what the tests hold the encoders against.
file(GLOB golden_files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/events/golden/*.json)
list(SORT golden_files COMPARE NATURAL)  # of a type the last schema counts
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${golden_files})
set(samples "{}")
foreach(file ${golden_files})
  get_filename_component(type ${file} NAME_WE)
  file(READ ${file} payload)
  string(JSON samples SET "${samples}" ${type} "${payload}")
endforeach()
file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/generated/event_samples.json CONTENT "${samples}" @ONLY)
set_property(SOURCE ${PROJECT_SOURCE_DIR}/api/http/samples.cpp APPEND PROPERTY
  COMPILE_OPTIONS --embed-dir=${PROJECT_BINARY_DIR}/generated)
set_property(SOURCE ${PROJECT_SOURCE_DIR}/api/http/samples.cpp APPEND PROPERTY
  OBJECT_DEPENDS ${PROJECT_BINARY_DIR}/generated/event_samples.json)
