# A room is one library: public headers in include/referee/<room>, sources in src/<room>.
#
# Each room sees its own headers and those of the rooms it names in USES, and no others: the include
# root of a room is a folder of its own in the build tree that holds a single link. A wrong include does not compile.
function(referee_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;USES;PUBLIC;PRIVATE" ${ARGN})
  set(root ${CMAKE_BINARY_DIR}/rooms/${name})
  file(MAKE_DIRECTORY ${root}/referee)
  file(CREATE_LINK ${CMAKE_SOURCE_DIR}/include/referee/${name} ${root}/referee/${name} SYMBOLIC)
  if(ROOM_SOURCES)
    add_library(referee_${name} STATIC ${ROOM_SOURCES})
    set(scope PUBLIC)
    target_include_directories(referee_${name} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
    target_link_libraries(referee_${name} PRIVATE ${ROOM_PRIVATE})
  else()
    add_library(referee_${name} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(referee_${name} ${scope} ${root})
  foreach(used IN LISTS ROOM_USES)
    target_link_libraries(referee_${name} ${scope} referee_${used})
  endforeach()
  target_link_libraries(referee_${name} ${scope} ${ROOM_PUBLIC})
  add_library(referee::${name} ALIAS referee_${name})
endfunction()

# Sources that stay out of unity builds, with the options that they alone need. clang-tidy takes them with the others: to
# look at the headers of a source costs more than to look at the source.
function(referee_compile_alone)
  cmake_parse_arguments(ALONE "" "" "SOURCES;OPTIONS" ${ARGN})
  if(NOT REFEREE_WHOLE_UNITS)
    set_source_files_properties(${ALONE_SOURCES} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON COMPILE_OPTIONS "${ALONE_OPTIONS}")
  endif()
endfunction()

# Headers that most sources include: parsing them costs more than everything else in a source. KIND is `json`, or
# `gmock` for gmock and json, or `tests` for the same as tests compile it; each is precompiled once for all targets. The
# presets switch it on.
function(referee_precompile target kind)
  if(NOT REFEREE_PRECOMPILE)
    return()
  endif()
  if(NOT TARGET referee_precompiled_${kind})
    file(WRITE ${CMAKE_BINARY_DIR}/precompiled_${kind}.cpp "")
    add_library(referee_precompiled_${kind} OBJECT ${CMAKE_BINARY_DIR}/precompiled_${kind}.cpp)
    target_link_libraries(referee_precompiled_${kind} PRIVATE nlohmann_json::nlohmann_json)
    if(NOT kind STREQUAL json)
      target_link_libraries(referee_precompiled_${kind} PRIVATE GTest::gmock)
      target_precompile_headers(referee_precompiled_${kind} PRIVATE <gmock/gmock.h> <gtest/gtest.h>)
    endif()
    if(kind STREQUAL tests)
      target_compile_options(referee_precompiled_${kind} PRIVATE ${REFEREE_TEST_OPTIONS})
    endif()
    target_precompile_headers(referee_precompiled_${kind} PRIVATE <nlohmann/json.hpp>)
  endif()
  target_precompile_headers(${target} REUSE_FROM referee_precompiled_${kind})
endfunction()

# Optimising tests would take a third of the time that a release build takes; what they ask is in libraries that have it.
set(REFEREE_TEST_OPTIONS $<$<CONFIG:Release>:-O0>)

# A self-test executable for one room; every GoogleTest case in it becomes one ctest test. Under sanitizers and for
# coverage a quarter of the cases does, since start and end of a process cost more there than most cases; ci/ctest-sums
# counts the cases in cases/ROOM-PART.xml.
function(referee_selftest name)
  cmake_parse_arguments(TEST "" "" "SOURCES;USES" ${ARGN})
  add_executable(selftest_${name} ${TEST_SOURCES})
  foreach(used IN LISTS TEST_USES)
    target_link_libraries(selftest_${name} PRIVATE referee_${used})
  endforeach()
  target_link_libraries(selftest_${name} PRIVATE GTest::gmock GTest::gtest_main)
  target_include_directories(selftest_${name} PRIVATE ${CMAKE_SOURCE_DIR}/suites/selftest)
  target_compile_definitions(selftest_${name} PRIVATE
    REFEREE_SOURCE_DIR="${CMAKE_SOURCE_DIR}" REFEREE_BINARY="${CMAKE_BINARY_DIR}/bin/referee")
  # Whole tables of cases that take minutes there are cut; compilers do not agree on a macro that says so.
  if(REFEREE_SANITIZE)
    target_compile_definitions(selftest_${name} PRIVATE REFEREE_SANITIZED)
  endif()
  target_compile_options(selftest_${name} PRIVATE ${REFEREE_TEST_OPTIONS})
  referee_precompile(selftest_${name} tests)
  if(NOT REFEREE_SANITIZE AND NOT REFEREE_COVERAGE)
    gtest_discover_tests(selftest_${name} TEST_PREFIX "${name}/" DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 120)
    return()
  endif()
  foreach(part RANGE 3)
    add_test(NAME ${name}/part-${part} COMMAND selftest_${name} --gtest_brief=1
      --gtest_output=xml:${CMAKE_BINARY_DIR}/cases/${name}-${part}.xml)
    set_tests_properties(${name}/part-${part} PROPERTIES TIMEOUT 600
      ENVIRONMENT "GTEST_TOTAL_SHARDS=4;GTEST_SHARD_INDEX=${part}")
  endforeach()
endfunction()
