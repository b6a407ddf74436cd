#include "db/certificates.hpp"
#include "db/people.hpp"
#include "db/places.hpp"
#include "db/reference.hpp"
#include "server/app/batches.hpp"
#include "server/app/events.hpp"
#include "server/pages/console/desk.hpp"
#include "server/pages/console/step_form.hpp"

#include <algorithm>
#include <set>

namespace nguon::server::pages::console {
namespace {

constexpr std::int64_t batches_offered = 200;

/// What the pages of a new event need: the batch, the steps of its product group and what the form offers.
struct Entry {
    app::BatchView batch = {};
    epcis::TemplateGroup const* group = nullptr;
    StepChoices choices = {};
    std::vector<db::places::Head> places = {};
    std::vector<db::people::Plot> plots = {};
    std::set<std::string, std::less<>> recorded = {}; // keys of steps that the batch has
};

epcis::TemplateGroup const* group_of(db::Connection& c, std::string const& product_group)
{
    auto const group = db::reference::find_product_group(c, product_group);
    auto const groups = epcis::template_groups();
    auto const found = std::ranges::find(groups, group ? std::string_view{group->template_group} : "general",
                                         &epcis::TemplateGroup::key);
    return found == groups.end() ? &groups.back() : &*found;
}

Result<Entry> read_entry(db::Connection& c, OrganizationId const& org, BatchId const& id)
{
    auto batch = app::show_batch(c, org, id);
    if (!batch) return batch.error();
    Entry entry;
    entry.batch = *std::move(batch);
    entry.group = group_of(c, entry.batch.group_code);
    entry.places = db::places::list(c, org);
    for (auto const& place : entry.places) entry.choices.places.emplace_back(place.id.text(), place.name);
    for (auto const& other : db::batches::list(c, org, 0, batches_offered))
        if (other.id != id) entry.choices.batches.emplace_back(other.id.text(), other.lot + " · " + other.product_name);
    for (auto const& certificate : db::certificates::list(c, org))
        if (certificate.head.status == "active")
            entry.choices.certificates.emplace_back(certificate.head.id.text(), certificate.certificate.name + " " +
                                                                                    certificate.certificate.number);
    entry.plots = db::people::plots(c, org);
    for (auto const& plot : entry.plots)
        if (std::ranges::find(entry.choices.people, plot.person_name) == entry.choices.people.end())
            entry.choices.people.push_back(plot.person_name);
    for (auto const& stored : db::events::of_batch(c, org, id, 200)) entry.recorded.insert(stored.template_key);
    return entry;
}

net::awaitable<Result<Entry>> load(Services& services, Request const& request)
{
    auto work = [org = request.who.org, id = BatchId{std::string{request.param("id")}}](db::Connection& c) {
        return read_entry(c, org, id);
    };
    co_return co_await services.database.read(std::move(work));
}

json base_view(Services const& services, Request const& request, Entry const& entry)
{
    auto const url = "/console/batches/" + entry.batch.head.id.text();
    return {{"section", "batches"},
            {"lot", entry.batch.head.lot},
            {"product_name", entry.batch.head.product_name},
            {"batch_url", url},
            {"labels_url", request.who.may("label:print") ? url + "/labels" : std::string{}},
            {"printed", entry.batch.head.printed_at.has_value()},
            {"title", text(services, request, "console.event.new")}};
}

http::Response steps_page(Services& services, Request const& request, Entry const& entry)
{
    auto view = base_view(services, request, entry);
    view["steps"] = json::array();
    for (auto const& step : entry.group->steps) {
        auto const url = "/console/batches/" + entry.batch.head.id.text() + "/events/new";
        view["steps"].push_back({{"title", in_language(request, step.title)},
                                 {"url", make_url(url, {{"step", step.key}})},
                                 {"done", entry.recorded.contains(step.key)},
                                 {"ledger", step.key.ends_with(".receiving")}});
    }
    view["ledger_url"] = make_url("/console/ledger", {{"batch", entry.batch.head.id.text()}});
    return console_page(services, request, "console/event_steps", std::move(view));
}

json people_of(Services const& services, Request const& request, Entry const& entry, std::string_view chosen)
{
    json out = json::array();
    out.push_back(
        {{"value", ""}, {"text", text(services, request, "console.event.for_ourselves")}, {"selected", false}});
    std::set<std::string, std::less<>> seen;
    for (auto const& plot : entry.plots)
        if (seen.insert(plot.person.text()).second)
            out.push_back({{"value", plot.person.text()},
                           {"text", plot.person_name},
                           {"selected", plot.person.text() == chosen}});
    return out;
}

/// The place that the form offers first: one where such a step usually happens.
std::string likely_place(Entry const& entry, epcis::PortalStage stage)
{
    for (auto const kind : usual_place(stage).kinds) {
        auto const found = std::ranges::find(entry.places, kind, &db::places::Head::kind);
        if (found != entry.places.end()) return found->id.text();
    }
    return entry.places.empty() ? std::string{} : entry.places.front().id.text();
}

http::Response form_page_of(Services& services, Request const& request, Entry const& entry, epcis::Template const& step,
                            Error const* error)
{
    Form typed = request.form;
    if (request.method == Method::get) {
        typed.add("time", typed_moment(services.clock.now()));
        typed.add("place", likely_place(entry, step.stage));
    }
    auto view = base_view(services, request, entry);
    view["title"] = in_language(request, step.title);
    view["action"] = make_url(view["batch_url"].get<std::string>() + "/events/new", {{"step", step.key}});
    view["steps_url"] = view["batch_url"].get<std::string>() + "/events/new";
    json errors;
    if (error != nullptr) errors = form_errors(services, request, *error);
    view["fields"] = step_fields(services, request, step, entry.choices, typed, errors);
    if (error != nullptr) {
        for (auto& item : errors["list"]) {
            auto const name = item["field"].get<std::string>();
            item["id"] = "f-" + name.substr(0, name.find("_quantity"));
            auto const field =
                std::ranges::find_if(view["fields"], [&](json const& one) { return item["id"] == one["id"]; });
            item["label"] = field == view["fields"].end() ? json{""} : (*field)["label"];
        }
        view["errors"] = errors;
        view["photos_again"] = !request.form.files().empty();
    }
    view["people"] = entry.choices.people;
    view["behalf"] = people_of(services, request, entry, typed.get("on_behalf_of"));
    view["has_behalf"] = !entry.plots.empty();
    return console_page(services, request, "console/event_form", std::move(view), error);
}

/// The step of this batch's group that ?step= names.
epcis::Template const* step_of(Entry const& entry, std::string_view key)
{
    auto const found = std::ranges::find(entry.group->steps, key, &epcis::Template::key);
    return found == entry.group->steps.end() ? nullptr : &*found;
}

} // namespace

net::awaitable<http::Response> new_event(Services& services, Request const& request)
{
    auto const entry = co_await load(services, request);
    if (!entry) co_return page_problem(services, request, entry.error());
    auto const key = request.query_value("step");
    if (key.empty()) co_return steps_page(services, request, *entry);
    auto const* step = step_of(*entry, key);
    if (step == nullptr) co_return page_problem(services, request, not_found("http.not_found"));
    co_return form_page_of(services, request, *entry, *step, nullptr);
}

net::awaitable<http::Response> save_event(Services& services, Request const& request)
{
    auto const entry = co_await load(services, request);
    if (!entry) co_return page_problem(services, request, entry.error());
    auto const* step = step_of(*entry, request.query_value("step"));
    if (step == nullptr) co_return page_problem(services, request, not_found("http.not_found"));
    if (request.form.has("more")) co_return form_page_of(services, request, *entry, *step, nullptr);

    app::NewEvent wanted;
    wanted.batch = entry->batch.head.id;
    wanted.template_key = step->key;
    wanted.values = step_values(*step, request.form);
    wanted.on_behalf_of = PersonId{std::string{request.form.get("on_behalf_of")}};
    bool const known =
        wanted.on_behalf_of.empty() ||
        std::ranges::find(entry->plots, wanted.on_behalf_of, &db::people::Plot::person) != entry->plots.end();
    if (!known) {
        auto const error = invalid_fields({{"on_behalf_of", "event.person", {}}});
        co_return form_page_of(services, request, *entry, *step, &error);
    }
    auto photos = co_await read_photos(services, request, "photos");
    if (!photos) co_return form_page_of(services, request, *entry, *step, &photos.error());
    wanted.photos = *std::move(photos);
    auto work = [actor = actor_of(services, request), wanted](db::Connection& c) -> Result<std::string> {
        if (auto recorded = app::record_event(c, actor, wanted); !recorded) return std::move(recorded).error();
        return "/console/batches/" + wanted.batch.text() + "?done=event_saved";
    };
    auto const saved = co_await save_once(services, request, std::move(work));
    if (saved) co_return redirect(*saved);
    co_return form_page_of(services, request, *entry, *step, &saved.error());
}

} // namespace nguon::server::pages::console
