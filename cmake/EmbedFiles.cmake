# nguon_embed(target name root pattern… [ALSO file…]): the matching files below root become part of the program, and so
# do the further ones, under their own names without folders.
# Declares `std::span<nguon::EmbeddedFile const> embedded::name()`; see core/embedded.hpp.
function(nguon_embed target name root)
  cmake_parse_arguments(ARG "" "" "ALSO" ${ARGN})
  set(patterns ${ARG_UNPARSED_ARGUMENTS})
  list(TRANSFORM patterns PREPEND "${root}/")
  file(GLOB_RECURSE files CONFIGURE_DEPENDS ${patterns})
  list(SORT files)
  list(APPEND files ${ARG_ALSO})
  set(assembly ".section .rodata\n")
  set(table "")
  set(externs "")
  set(index 0)
  foreach(file IN LISTS files)
    if(file IN_LIST ARG_ALSO)
      get_filename_component(relative "${file}" NAME)
    else()
      file(RELATIVE_PATH relative "${root}" "${file}")
    endif()
    set(symbol "nguon_embedded_${name}_${index}")
    string(APPEND assembly ".global ${symbol}\n${symbol}:\n.incbin \"${file}\"\n.global ${symbol}_end\n${symbol}_end:\n.byte 0\n")
    string(APPEND externs "extern \"C\" char const ${symbol}[]; extern \"C\" char const ${symbol}_end[];\n")
    string(APPEND table "    {\"${relative}\", {${symbol}, static_cast<std::size_t>(${symbol}_end - ${symbol})}},\n")
    math(EXPR index "${index} + 1")
  endforeach()
  string(APPEND assembly ".section .note.GNU-stack,\"\",@progbits\n")
  set(output "${CMAKE_CURRENT_BINARY_DIR}/embedded_${name}")
  file(CONFIGURE OUTPUT "${output}.S" CONTENT "${assembly}" @ONLY)
  file(CONFIGURE OUTPUT "${output}.cpp" @ONLY CONTENT "#include \"core/embedded.hpp\"

#include <vector>
${externs}
namespace nguon::embedded {
std::span<EmbeddedFile const> ${name}()
{
    static std::vector<EmbeddedFile> const files{
${table}    };
    return files;
}
} // namespace nguon::embedded
")
  set_source_files_properties("${output}.S" PROPERTIES OBJECT_DEPENDS "${files}")
  set_source_files_properties("${output}.cpp" PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
  target_sources(${target} PRIVATE "${output}.S" "${output}.cpp")
endfunction()
