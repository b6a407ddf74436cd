#include "server/app/target_titles.hpp"

#include "server/web/locale.hpp"

#include <fmt/format.h>

namespace nguon::server::app {

std::string title_of(Locale const& locale, std::string_view language, std::string_view name,
                     db::targets::Label const& label)
{
    if (!label.title.empty()) return label.title;
    auto const title = locale.text(language, "target.title." + label.adapter, {});
    return label.alone ? title : fmt::format("{} ({})", title, name);
}

} // namespace nguon::server::app
