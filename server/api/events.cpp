#include "server/app/events.hpp"
#include "core/epcis/templates.hpp"
#include "server/api/records.hpp"

#include <algorithm>

namespace nguon::server::api {
namespace {

constexpr std::size_t id_chars = 60;
constexpr std::string_view name_endings[] = {"", "_unit", "_quantity"};

/// A number has no spelling that could be misread; the form's readers take the Vietnamese one.
std::string as_typed(json const& value)
{
    if (value.is_string()) return value.get<std::string>();
    auto text = canonical_json(value);
    std::ranges::replace(text, '.', ',');
    return text;
}

bool is_field(epcis::Template const& form, std::string_view name)
{
    return std::ranges::any_of(epcis::fields_of(form), [&](epcis::TemplateField const* field) {
        return std::ranges::any_of(name_endings, [&](std::string_view ending) {
            return name == std::string{field->name} + std::string{ending};
        });
    });
}

/// "values": {"quantity": 12.5, "input": ["…", "…"]}, as the fields of the template's form.
epcis::FormValues read_values(JsonReader& in, epcis::Template const* form)
{
    epcis::FormValues out;
    auto const* values = in.raw("values");
    if (values == nullptr || !values->is_object()) {
        in.fault("values", values == nullptr ? "field.required" : "field.object");
        return out;
    }
    for (auto const& [name, value] : values->items()) {
        if (form != nullptr && !is_field(*form, name)) in.fault("values", "json.unknown_member", {name});
        auto const list = value.is_array() ? value : json::array({value});
        auto& words = out[name];
        for (auto const& item : list) {
            if (item.is_string() || item.is_number())
                words.push_back(as_typed(item));
            else
                in.fault("values", "field.text");
        }
    }
    return out;
}

app::NewEvent read_new_event(JsonReader& in)
{
    app::NewEvent out;
    out.template_key = in.text("template", id_chars);
    auto const* form = epcis::find_template(out.template_key);
    if (form == nullptr && !out.template_key.empty())
        in.fault("template", "event.template_unknown", {out.template_key});
    out.values = read_values(in, form);
    return out;
}

/// The forms' readers name the field; the request has it below "values".
Error at_values(Error error)
{
    for (auto& fault : error.fields)
        if (!fault.pointer.starts_with('/')) fault.pointer = "/values" + pointer_step(fault.pointer);
    return error;
}

struct Declaration {
    std::string reason = {};
    std::string corrective = {};
};

json to_json(epcis::TemplateField const& field)
{
    static constexpr std::string_view kinds[] = {"date_time", "date",  "decimal", "text",        "choice",
                                                 "batch",     "place", "person",  "certificate", "photo"};
    json out{{"name", field.name},
             {"kind", kinds[static_cast<std::size_t>(field.kind)]},
             {"label", {{"vi", field.label.vi}, {"en", field.label.en}}},
             {"required", field.required},
             {"repeated", field.repeated}};
    for (auto const& choice : field.choices) out["choices"].push_back(choice.word);
    for (auto const& unit : field.units) out["units"].push_back(unit.word);
    return out;
}

} // namespace

/// GET /api/v1/event-templates: the forms whose values POST …/events takes.
net::awaitable<http::Response> list_event_templates(Services&, Request const&)
{
    auto groups = json::array();
    for (auto const& group : epcis::template_groups()) {
        auto steps = json::array();
        for (auto const& step : group.steps) {
            auto fields = json::array();
            for (auto const* field : epcis::fields_of(step))
                if (field->kind != epcis::FieldKind::photo) fields.push_back(to_json(*field));
            steps.push_back({{"template", step.key},
                             {"title", {{"vi", step.title.vi}, {"en", step.title.en}}},
                             {"fields", std::move(fields)}});
        }
        groups.push_back({{"group", group.key},
                          {"title", {{"vi", group.title.vi}, {"en", group.title.en}}},
                          {"steps", std::move(steps)}});
    }
    co_return json_response(200, {{"items", std::move(groups)}});
}

/// GET /api/v1/batches/{batch}/events: those that mention the batch, the newest first.
net::awaitable<http::Response> list_batch_events(Services& services, Request const& request)
{
    auto rows = [batch = BatchId{std::string{request.param("batch")}},
                 own = request.who.org](db::Connection& c, OrganizationId const& org, Paging const& paging) -> Rows {
        if (auto const known = db::batches::find(c, org, batch); !known) return known.error();
        auto const wanted = static_cast<std::size_t>(paging.offset + paging.limit + 1);
        return rows_of(slice(db::events::of_batch(c, org, batch, wanted), paging),
                       [&](auto const& event) { return to_record(event, org == own); });
    };
    co_return co_await list_of_organization(services, request, "event:read", std::move(rows));
}

/// POST /api/v1/batches/{batch}/events
net::awaitable<http::Response> create_event(Services& services, Request const& request)
{
    auto wanted = read_body(request, &read_new_event);
    if (!wanted) co_return problem(services, request, wanted.error());
    wanted->batch = BatchId{std::string{request.param("batch")}};
    auto work = [wanted = *wanted, actor = actor_of(services, request)](db::Connection& c) -> Result<Created> {
        auto const id = app::record_event(c, actor, wanted);
        if (!id) return at_values(id.error());
        auto const stored = db::events::find(c, actor.org, *id);
        if (!stored) return stored.error();
        return Created{"/api/v1/events/" + *id, to_record(*stored, true)};
    };
    co_return co_await create(services, request, std::move(work));
}

/// GET /api/v1/events: newest first.
net::awaitable<http::Response> list_events(Services& services, Request const& request)
{
    auto rows = [own = request.who.org](db::Connection& c, OrganizationId const& org, Paging const& paging) -> Rows {
        auto const wanted = static_cast<std::size_t>(paging.limit + 1);
        return rows_of(db::events::of_organization(c, org, paging.before, wanted),
                       [&](auto const& event) { return to_record(event, org == own); });
    };
    co_return co_await list_of_organization(services, request, "event:read", std::move(rows), &page_before);
}

/// GET /api/v1/events/{event}
net::awaitable<http::Response> show_event(Services& services, Request const& request)
{
    auto record = [id = std::string{request.param("event")},
                   own = request.who.org](db::Connection& c, OrganizationId const& org) -> Result<json> {
        auto const event = db::events::find(c, org, id);
        if (!event) return event.error();
        auto out = to_record(*event, org == own);
        out["declared_wrong"] =
            !event->error_declared_at && db::events::is_declared_wrong(c, event->org, event->event_id);
        return out;
    };
    co_return co_await show_of_organization(services, request, "event:read", std::move(record));
}

/// POST /api/v1/events/{event}/error-declarations
net::awaitable<http::Response> declare_event_error(Services& services, Request const& request)
{
    auto const declaration = read_body(request, [](JsonReader& in) {
        return Declaration{read_reason(in), in.optional_text("corrective_event_id", id_chars).value_or("")};
    });
    if (!declaration) co_return problem(services, request, declaration.error());
    auto work = [id = std::string{request.param("event")}, declaration = *declaration,
                 actor = actor_of(services, request)](db::Connection& c) -> Result<Created> {
        auto const declared = app::declare_error(c, actor, id, declaration.reason, declaration.corrective);
        if (!declared) return declared.error();
        return Created{{}, {}, 204};
    };
    co_return co_await create(services, request, std::move(work));
}

} // namespace nguon::server::api
