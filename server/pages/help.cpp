#include "server/pages/help.hpp"

#include "core/embedded.hpp"
#include "server/http/problem.hpp"
#include "server/http/respond.hpp"
#include "server/services.hpp"
#include "server/web/embedded.hpp"
#include "server/web/page.hpp"

#include <algorithm>
#include <array>
#include <span>

#include <nlohmann/json.hpp>

namespace nguon::server::pages {
namespace {

using nlohmann::json;

/// "help.GUIDE.NAME" is its heading, "….text" its sentences, "….picture" what its picture shows.
struct Step {
    std::string_view name;
    std::string_view url = {};     // where it is done
    std::string_view picture = {}; // of deploy/screens, without ending
};

struct Guide {
    std::string_view name;
    std::span<Step const> steps;
    std::span<std::string_view const> questions;
    std::span<std::string_view const> words;
};

constexpr std::array<Step, 7> enterprise_steps{{
    {"sign_up", "/console/sign-up"},
    {"product"},
    {"batch"},
    {"diary"},
    {"labels", {}, "enterprise-labels"},
    {"ledger", "/console/ledger"},
    {"approval", "/console"},
}};
constexpr std::array<std::string_view, 6> enterprise_questions{"password",  "red",     "correct",
                                                               "wrong_lot", "no_scan", "specimen"};
constexpr std::array<std::string_view, 4> enterprise_words{"batch", "label", "step", "barcode"};

constexpr std::array<Step, 6> officer_steps{{
    {"sign_in", "/console/sign-in"},
    {"approve", "/province/approvals", "province-approve"},
    {"sync", "/province/sync", "portal-sync"},
    {"slips", "/province/slips"},
    {"complaints", "/province/complaints"},
    {"audit", "/province/audit"},
}};
constexpr std::array<std::string_view, 4> officer_questions{"waiting", "refused", "area", "mistake"};
constexpr std::array<std::string_view, 4> officer_words{"portal", "receipt", "held", "mark"};

constexpr std::array<Step, 4> consumer_steps{{
    {"scan"},
    {"read", {}, "consumer-origin"},
    {"compare"},
    {"report", "/check"},
}};
constexpr std::array<std::string_view, 5> consumer_questions{"no_scan", "bars", "unknown", "again", "real_page"};

constexpr std::array<Guide, 3> guides{{
    {"enterprise", enterprise_steps, enterprise_questions, enterprise_words},
    {"officer", officer_steps, officer_questions, officer_words},
    {"consumer", consumer_steps, consumer_questions, {}},
}};

EmbeddedFile const* find_picture(std::string_view file_name)
{
    auto const pictures = embedded::screens();
    auto const found = std::ranges::find(pictures, file_name, &EmbeddedFile::path);
    return found == pictures.end() ? nullptr : &*found;
}

json steps_of(Services const& services, Request const& request, Guide const& guide)
{
    json out = json::array();
    for (auto const& step : guide.steps) {
        auto const key = "help." + std::string{guide.name} + "." + std::string{step.name};
        json view{{"title", text(services, request, key)},
                  {"text", text(services, request, key + ".text")},
                  {"url", step.url}};
        auto const file_name = std::string{step.picture} + ".webp";
        // The guide is whole without its pictures: they are made from a running service.
        if (!step.picture.empty() && find_picture(file_name) != nullptr)
            view["picture"] = {{"src", "/help/pictures/" + file_name},
                               {"alt", text(services, request, key + ".picture")}};
        out.push_back(std::move(view));
    }
    return out;
}

json answers_of(Services const& services, Request const& request, std::string const& group,
                std::span<std::string_view const> names)
{
    json out = json::array();
    for (auto const name : names) {
        auto const key = "help." + group + "." + std::string{name};
        out.push_back({{"question", text(services, request, key)}, {"answer", text(services, request, key + ".text")}});
    }
    return out;
}

} // namespace

net::awaitable<http::Response> show_guides(Services& services, Request const& request)
{
    json view{{"title", text(services, request, "help.title")}, {"guides", json::array()}};
    auto const language = request.query_value("lang").empty() ? std::string{} : "?lang=" + request.language;
    for (auto const& guide : guides) {
        std::string const name{guide.name};
        view["guides"].push_back({{"url", "/help/" + name + language},
                                  {"title", text(services, request, "help." + name)},
                                  {"lead", text(services, request, "help." + name + ".lead")}});
    }
    co_return page(services, request, "help/index", std::move(view));
}

net::awaitable<http::Response> show_guide(Services& services, Request const& request)
{
    auto const guide = std::ranges::find(guides, request.param("guide"), &Guide::name);
    if (guide == guides.end()) co_return any_problem(services, request, not_found("http.not_found"));
    std::string const name{guide->name};
    json view{{"title", text(services, request, "help." + name)},
              {"lead", text(services, request, "help." + name + ".lead")},
              {"path", "/help/" + name},
              {"steps", steps_of(services, request, *guide)},
              {"questions", answers_of(services, request, name + ".question", guide->questions)},
              {"words", answers_of(services, request, name + ".word", guide->words)},
              {"has_words", !guide->words.empty()}};
    co_return page(services, request, "help/guide", std::move(view));
}

net::awaitable<http::Response> show_guide_picture(Services& services, Request const& request)
{
    auto const* picture = find_picture(request.param("name"));
    if (picture == nullptr) co_return any_problem(services, request, not_found("http.not_found"));
    auto const etag = make_etag(picture->bytes);
    if (matches_etag(request.header("If-None-Match"), etag)) co_return not_modified(etag);
    auto response = file_response(std::string{picture->bytes}, "image/webp", picture->path, true);
    response.header("ETag", etag);
    response.header("Cache-Control", "public, max-age=86400");
    co_return response;
}

} // namespace nguon::server::pages
