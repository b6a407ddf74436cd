#include "server/app/trace_forms.hpp"

#include "core/epcis/step_summary.hpp"
#include "core/json.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace nguon::server::app {
namespace {

using db::genealogy::Direction;
using db::genealogy::Link;
using db::genealogy::LinkKind;
using nlohmann::json;

std::string_view name_of(LinkKind kind)
{
    switch (kind) {
    case LinkKind::used:
        return "used";
    case LinkKind::made:
        return "made";
    case LinkKind::packed:
        return "packed";
    case LinkKind::of_lot:
        break;
    }
    return "of_lot";
}

std::string moment(Instant at) { return to_iso(OffsetTime{at, vietnam_offset}); }

json to_json(TracedThing const& thing)
{
    json out{{"id", thing.number}, {"kind", thing.kind}, {"identifier", thing.uri}, {"depth", thing.depth}};
    if (thing.carrier) out["carrier"] = true;
    auto const put = [&](char const* name, std::string const& value) {
        if (!value.empty()) out[name] = value;
    };
    put("product_name", thing.name);
    put("lot", thing.lot);
    put("code", thing.code);
    put("status", thing.status);
    put("batch_id", thing.batch.text());
    put("organization_id", thing.org.text());
    put("organization_name", thing.org_name);
    put("missing", std::string{to_text(thing.gap)});
    return out;
}

json to_json(Link const& link)
{
    json out{{"kind", name_of(link.kind)}, {"thing", link.thing}};
    bool const of_step = link.kind == LinkKind::used || link.kind == LinkKind::made;
    out[of_step ? "step" : link.kind == LinkKind::packed ? "inside" : "lot"] = link.other;
    if (link.quantity) out["quantity"] = *link.quantity;
    if (!link.uom.empty()) out["uom"] = link.uom;
    if (link.from) out["from"] = moment(*link.from);
    if (link.until) out["until"] = moment(*link.until);
    return out;
}

std::string escaped(std::string_view text)
{
    std::string out;
    for (char const c : text) {
        if (c == '&')
            out += "&amp;";
        else if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else if (c == '"')
            out += "&quot;";
        else
            out += c;
    }
    return out;
}

/// The first characters of a text, whole ones.
std::string shortened(std::string const& text, std::size_t chars_max)
{
    std::size_t chars = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        bool const begins = (static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U;
        if (begins && chars++ == chars_max) return text.substr(0, i) + "…";
    }
    return text;
}

// One unit is a pixel at the picture's own size.
constexpr double box_width = 190;
constexpr double box_height = 46;
constexpr double column_step = 250;
constexpr double row_step = 60;
constexpr double margin = 16;
constexpr double caption = 28;
constexpr std::size_t box_chars = 26;

struct Spot {
    TracedThing const* thing = nullptr;
    double x = 0;
    double y = 0;
};

/// Columns by depth, rows in the order of the things.
class Picture {
public:
    Picture(Locale const& locale, std::string_view language, Trace const& trace)
        : locale_{locale}, language_{language}, trace_{trace}
    {
        std::int64_t first = 0;
        auto const shown = std::min(trace.things.size(), limits::trace_things_drawn);
        for (std::size_t i = 0; i < shown; ++i) first = std::min(first, trace.things[i].depth);
        std::map<std::int64_t, int> rows;
        for (std::size_t i = 0; i < shown; ++i) {
            auto const& thing = trace.things[i];
            auto const column = static_cast<double>(thing.depth - first);
            auto const row = rows[thing.depth]++;
            Spot const spot{&thing, margin + column * column_step, caption + margin + row * row_step};
            width_ = std::max(width_, spot.x + box_width + margin);
            height_ = std::max(height_, spot.y + box_height + margin);
            spots_.emplace(thing.number, spot);
        }
    }

    std::string draw()
    {
        auto const left_out = trace_.things.size() - spots_.size();
        auto const title = say("trace.picture.title", {title_of(trace_.things.front())});
        auto const text = say("trace.picture.text", {std::to_string(spots_.size()), std::to_string(left_out)});
        std::string out = fmt::format(R"(<svg xmlns="http://www.w3.org/2000/svg" width="{0:.0f}" height="{1:.0f}" )"
                                      R"(viewBox="0 0 {0:.0f} {1:.0f}" role="img" font-family="sans-serif">)"
                                      "<title>{2}</title><desc>{3}</desc>"
                                      R"(<rect width="100%" height="100%" fill="#fff"/>)"
                                      R"(<text x="{4}" y="20" font-size="13" fill="#55615b">{3}</text>)",
                                      width_, height_, escaped(title), escaped(text), margin);
        for (auto const& link : trace_.links) out += line_of(link);
        for (auto const& [number, spot] : spots_) out += box_of(spot);
        return out + "</svg>\n";
    }

private:
    std::string say(std::string_view key, std::initializer_list<std::string> values = {}) const
    {
        return locale_.text(language_, key, values);
    }

    /// A making is drawn from each of its inputs to each of its outputs that are shown.
    std::string line_of(Link const& link) const
    {
        if (link.kind == LinkKind::packed) return line(link.thing, link.other, true);
        if (link.kind == LinkKind::of_lot) return line(link.other, link.thing, false);
        if (link.kind == LinkKind::made || !spots_.contains(link.thing)) return {};
        std::string out;
        for (auto const& made : trace_.links)
            if (made.kind == LinkKind::made && made.other == link.other) out += line(link.thing, made.thing, false);
        return out;
    }

    std::string line(std::int64_t from, std::int64_t to, bool dashed) const
    {
        auto const a = spots_.find(from);
        auto const b = spots_.find(to);
        if (a == spots_.end() || b == spots_.end() || from == to) return {};
        auto const y1 = a->second.y + box_height / 2;
        auto const y2 = b->second.y + box_height / 2;
        auto const x1 = a->second.x + box_width;
        auto const x2 = b->second.x;
        auto const bend = (x1 + x2) / 2;
        return fmt::format(R"(<path d="M{:.0f} {:.0f} C{:.0f} {:.0f} {:.0f} {:.0f} {:.0f} {:.0f}" fill="none" )"
                           R"(stroke="#7d8a83" stroke-width="1.5"{}/>)",
                           x1, y1, bend, y1, bend, y2, x2, y2, dashed ? R"( stroke-dasharray="5 4")" : "");
    }

    std::string box_of(Spot const& spot) const
    {
        auto const& thing = *spot.thing;
        bool const start = thing.number == trace_.start;
        bool const bad = thing.gap != Gap::none || thing.status == "recalled";
        auto const second =
            thing.gap == Gap::none ? thing.org_name : "⚠ " + say("trace.gap." + std::string{to_text(thing.gap)});
        return fmt::format(R"(<rect x="{:.0f}" y="{:.0f}" width="{:.0f}" height="{:.0f}" rx="8" fill="{}" stroke="{}" )"
                           R"(stroke-width="{}"/><text x="{:.0f}" y="{:.0f}" font-size="13" fill="#17211d">{}</text>)"
                           R"(<text x="{:.0f}" y="{:.0f}" font-size="11" fill="{}">{}</text>)",
                           spot.x, spot.y, box_width, box_height, start ? "#e6f0eb" : "#fff",
                           bad ? "#9c1c1c" : "#0a5141", start ? 3 : 1.5, spot.x + 8, spot.y + 19,
                           escaped(shortened(title_of(thing), box_chars)), spot.x + 8, spot.y + 36,
                           bad ? "#9c1c1c" : "#55615b", escaped(shortened(second, box_chars + 4)));
    }

    Locale const& locale_;
    std::string_view language_;
    Trace const& trace_;
    std::map<std::int64_t, Spot> spots_ = {};
    double width_ = 320;
    double height_ = 90;
};

} // namespace

json to_json(Trace const& trace)
{
    json out{
        {"id", trace.start},        {"things", json::array()}, {"steps", json::array()},       {"links", json::array()},
        {"missing", json::array()}, {"hidden", trace.hidden},  {"complete", trace.cut.empty()}};
    if (!trace.cut.empty()) out["cut_by"] = trace.cut;
    for (auto const& thing : trace.things) {
        out["things"].push_back(to_json(thing));
        if (thing.gap != Gap::none) out["missing"].push_back({{"thing", thing.number}, {"what", to_text(thing.gap)}});
    }
    for (auto const& [seq, step] : trace.steps)
        out["steps"].push_back({{"id", seq},
                                {"event_id", step.event},
                                {"title", {{"vi", step.title_vi}, {"en", step.title_en}}},
                                {"time", moment(step.at)},
                                {"organization_name", step.org_name}});
    for (auto const& link : trace.links) out["links"].push_back(to_json(link));
    if (!trace.units.empty()) {
        out["units"] = json::object();
        for (auto const& [state, count] : trace.units) out["units"][state] = count;
    }
    return out;
}

std::string amount_text(std::string_view language, double quantity, std::string const& uom)
{
    auto number = fmt::format("{:.3f}", quantity);
    while (number.ends_with('0')) number.pop_back();
    if (number.ends_with('.')) number.pop_back();
    auto const shown = format_decimal(language, number);
    if (uom == "KGM") return shown + " kg";
    if (uom == "GRM") return shown + " g";
    if (uom == "LTR") return shown + (language == "vi" ? " lít" : " litres");
    return uom.empty() ? shown : shown + " " + uom;
}

TraceWords words_of(Locale const& locale, std::string_view language, TraceLine const& line)
{
    auto const say = [&](std::string_view key, std::initializer_list<std::string> values = {}) {
        return locale.text(language, key, values);
    };
    auto const& thing = *line.thing;
    TraceWords out;
    out.thing = say("trace.kind." + thing.kind) + " " + title_of(thing);
    out.who = thing.org_name;
    auto const amount = line.quantity ? amount_text(language, *line.quantity, line.uom) : std::string{};
    if (line.step != nullptr) {
        auto const& title = language == "vi" ? line.step->title_vi : line.step->title_en;
        auto const key = line.kind == LinkKind::used ? "trace.link.used" : "trace.link.made";
        out.link = say(key, {title, format_date(language, vietnam_date(line.step->at))});
        if (!amount.empty()) out.link += ": " + amount;
    } else if (line.from) {
        out.link = line.until ? say("trace.link.inside",
                                    {format_time(language, *line.from), format_time(language, *line.until)})
                              : say("trace.link.inside_since", {format_time(language, *line.from)});
        if (!amount.empty()) out.link += ": " + amount;
    } else if (line.indent > 0) {
        out.link = say("trace.link.of_lot");
    }
    if (line.repeated) out.link += (out.link.empty() ? "" : "; ") + say("trace.link.repeated");
    if (thing.gap != Gap::none) out.gap = say("trace.gap." + std::string{to_text(thing.gap)});
    return out;
}

std::string to_list(Locale const& locale, std::string_view language, Trace const& trace, Direction direction)
{
    std::string out;
    auto const add = [&](std::string_view heading, std::vector<TraceLine> const& lines) {
        out += locale.text(language, heading, std::initializer_list<std::string>{}) + "\n";
        for (auto const& line : lines) {
            auto const words = words_of(locale, language, line);
            out += std::string(2 * (line.indent + 1), ' ') + "- " + words.thing;
            if (!words.who.empty()) out += " (" + words.who + ")";
            if (!words.link.empty()) out += " – " + words.link;
            if (!words.gap.empty()) out += " ⚠ " + words.gap;
            out += "\n";
        }
    };
    if (direction != Direction::forward) add("trace.back", lines_back(trace, limits::trace_things_max));
    if (direction != Direction::back) add("trace.forward", lines_forward(trace, limits::trace_things_max));
    return out;
}

SheetRows to_sheet(Locale const& locale, std::string_view language, Trace const& trace)
{
    auto const say = [&](std::string_view key) {
        return locale.text(language, key, std::initializer_list<std::string>{});
    };
    SheetRows rows{{say("trace.sheet.depth"), say("trace.sheet.kind"), say("trace.sheet.name"), say("trace.sheet.lot"),
                    say("trace.sheet.code"), say("trace.sheet.organization"), say("trace.sheet.status"),
                    say("trace.sheet.gap"), say("trace.sheet.identifier")}};
    for (auto const& thing : trace.things)
        rows.push_back({std::to_string(thing.depth), say("trace.kind." + thing.kind), thing.name, thing.lot, thing.code,
                        thing.org_name, thing.status.empty() ? "" : say("console.batch.status." + thing.status),
                        thing.gap == Gap::none ? "" : say("trace.gap." + std::string{to_text(thing.gap)}), thing.uri});
    return rows;
}

std::string to_picture(Locale const& locale, std::string_view language, Trace const& trace)
{
    return Picture{locale, language, trace}.draw();
}

} // namespace nguon::server::app
