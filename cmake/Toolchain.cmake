# Compiler flags of the whole tree, the compiler cache and the sanitizers.
find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  if(REFEREE_PRECOMPILE)
    # What ccache asks for before it caches users of a precompiled header; its contents are hashed all the same.
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE_PROGRAM})
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
      add_compile_options(-fpch-preprocess)
    else()
      add_compile_options("SHELL:-Xclang -fno-pch-timestamp")
    endif()
  else()
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
  endif()
endif()

find_program(MOLD_PROGRAM mold)
if(MOLD_PROGRAM)
  add_link_options(-fuse-ld=mold)
endif()

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Wconversion -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 reports these inside libstdc++ at -O2 (GCC bugs 105562, 105329, 105651).
  add_compile_options(-Wno-restrict -Wno-maybe-uninitialized -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread)
else()
  # libstdc++'s own stable_sort uses what it calls deprecated.
  add_compile_options(-Wno-deprecated-declarations)
endif()

if(REFEREE_SANITIZE)
  add_compile_options(-fsanitize=${REFEREE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${REFEREE_SANITIZE})
  if(REFEREE_SANITIZE MATCHES "undefined")
    # Each check of it has a record with addresses: a hundred megabytes to relocate whenever a test starts the program.
    add_compile_options(-fno-pie)
    # A test at each use of a pointer is half of the time to compile. What lies at null or outside an object AddressSanitizer
    # finds as well, and nothing here reads bytes through a pointer to a wider type.
    add_compile_options(-fno-sanitize=null,alignment,object-size)
    add_link_options(-no-pie)
  endif()
  if(REFEREE_SANITIZE STREQUAL "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # Boost.Asio's fences: g++ warns that the sanitizer does not see them. They are beside locks that it sees.
    add_compile_options(-Wno-tsan)
  endif()
endif()

if(REFEREE_COVERAGE)
  add_compile_options(--coverage -fprofile-update=atomic)
  add_link_options(--coverage)
endif()
