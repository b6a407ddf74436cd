#include "server/app/look_up.hpp"

#include "core/gs1/digital_link.hpp"
#include "core/gs1/read_code.hpp"

namespace nguon::server::app {

Result<std::string> path_of_code(std::string_view text)
{
    auto const code = gs1::read_code(text);
    if (!code.valid()) return gs1::to_error(code.faults);
    if (code.kind == gs1::CodeKind::printed_code) return "/t/" + code.printed_code;
    if (code.kind == gs1::CodeKind::other_link) return invalid("code.other_link", {code.host});
    auto const link = gs1::to_digital_link(code.elements, "");
    if (!link) return link.error();
    return *link;
}

} // namespace nguon::server::app
