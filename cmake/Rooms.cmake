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

# Headers that most sources of a target include: parsing them costs more than everything else in a source. The presets
# switch it on; clang-tidy runs without, since it cannot read g++'s precompiled headers.
function(referee_precompile target)
  if(REFEREE_PRECOMPILE)
    target_precompile_headers(${target} PRIVATE ${ARGN})
  endif()
endfunction()

# A self-test executable for one room; every GoogleTest case in it becomes one ctest test.
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
  referee_precompile(selftest_${name} <gmock/gmock.h> <gtest/gtest.h> <nlohmann/json.hpp>)
  gtest_discover_tests(selftest_${name} TEST_PREFIX "${name}/" DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 120)
endfunction()
