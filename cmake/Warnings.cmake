add_library(nguon_warnings INTERFACE)
target_compile_options(nguon_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wnon-virtual-dtor -Wold-style-cast
  -Woverloaded-virtual -Wnull-dereference -Wimplicit-fallthrough -Werror)
# GCC 12 reports false positives in its own <regex>, in std::variant and in coroutine frames.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(nguon_warnings INTERFACE -Wno-null-dereference -Wno-maybe-uninitialized -Wno-restrict -Wno-missing-field-initializers)
endif()
# libseccomp's macros are compound literals, which clang sees through a system header too.
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  target_compile_options(nguon_warnings INTERFACE -Wno-c99-extensions)
endif()
