#include "server/pages/province/case_view.hpp"

#include "db/people.hpp"

namespace nguon::server::pages::province {

json due_chip(Services const& services, Request const& request, Instant due, Instant now)
{
    bool const late = due <= now;
    bool const soon = due - now < std::chrono::hours{24};
    auto const time = show_duration(services, request, late ? now - due : due - now);
    return {{"tone", late   ? "bad"
                     : soon ? "warn"
                            : "info"},
            {"icon", late ? "!" : "…"},
            {"text", text(services, request, late ? "cases.late" : "cases.left", {time})}};
}

std::string actor_name(db::Connection& c, Services const& services, Request const& request, std::string const& subject)
{
    if (auto const* known = services.locale.find(request.language, "province.audit.actor." + subject)) return *known;
    auto const person = db::people::find(c, PersonId{subject});
    return person ? person->name : text(services, request, "province.somebody");
}

json picture_views(std::vector<std::string> const& digests)
{
    json out = json::array();
    for (auto const& digest : digests) out.push_back({{"url", "/f/" + digest}});
    return out;
}

net::awaitable<Result<std::vector<std::string>>> read_jpegs(Services& services, Request const& request,
                                                            std::string field)
{
    auto photos = co_await console::read_photos(services, request, std::move(field));
    if (!photos) co_return std::move(photos).error();
    std::vector<std::string> out;
    for (auto& photo : *photos) out.push_back(std::move(photo.jpeg.bytes));
    co_return out;
}

Result<std::string> read_text(Request const& request, std::string_view field, std::size_t chars_max)
{
    auto cleaned = clean_text(request.form.get(field), chars_max, Lines::many);
    if (!cleaned) return invalid_fields({{"/" + std::string{field}, cleaned.error().key, cleaned.error().values}});
    return cleaned;
}

} // namespace nguon::server::pages::province
