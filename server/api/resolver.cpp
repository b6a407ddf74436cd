#include "server/api/desk.hpp"
#include "server/app/link_types.hpp"
#include "server/app/linkset.hpp"
#include "server/app/resolver_levels.hpp"

namespace nguon::server::api {

/// GET /.well-known/gs1resolver: GS1-Conformant Resolver Standard 1.2, resolver description file.
net::awaitable<http::Response> describe_resolver(Services& services, Request const&)
{
    auto const& settings = services.settings;
    json const contact{{"fn", "Nguồn · " + settings.province_name},
                       {"hasTelephone", settings.help_phone.empty() ? json() : json("tel:" + settings.help_phone)}};
    auto types = json::array();
    for (auto const& type : app::link_types()) types.push_back("gs1:" + std::string{type.name});
    auto response =
        json_response(200, {{"name", "Nguồn · " + settings.province_name},
                            {"resolverRoot", settings.public_url},
                            {"supportedPrimaryKeys", app::primary_keys},
                            {"supportedLinkType", json::array({{{"namespace", app::vocabulary},
                                                                {"prefix", "gs1:"},
                                                                {"profile", "https://www.gs1.org/voc/?show=linktypes"},
                                                                {"linkTypes", std::move(types)}}})},
                            {"linkTypeDefaultCanBeLinkset", false},
                            {"jsonLdContextLocation", app::linkset_context},
                            {"contact", without_blanks(contact)}});
    response.header("Access-Control-Allow-Origin", "*");
    response.header("Cache-Control", "public, max-age=3600");
    co_return response;
}

} // namespace nguon::server::api
