#include "server/web/template.hpp"

#include "server/web/locale.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>
#include <unordered_map>

#include <fmt/format.h>
#include <kainjow/mustache.hpp>
#include <nlohmann/json.hpp>

namespace nguon::server {
namespace {

namespace mustache = kainjow::mustache;

constexpr std::string_view ending = ".mustache";
constexpr std::size_t depth_max = 16; // of partials in partials

using Sources = std::map<std::string, std::string, std::less<>>;
using Sentences = std::unordered_map<std::string, mustache::data>;

mustache::data to_data(nlohmann::json const& json)
{
    using Kind = mustache::data::type;
    switch (json.type()) {
    case nlohmann::json::value_t::object: {
        mustache::data object{Kind::object};
        for (auto const& [name, member] : json.items()) object[name] = to_data(member);
        return object;
    }
    case nlohmann::json::value_t::array: {
        mustache::data list{Kind::list};
        for (auto const& item : json) list.push_back(to_data(item));
        return list;
    }
    case nlohmann::json::value_t::string: {
        auto const& text = json.get_ref<std::string const&>();
        if (text.empty()) return mustache::data{false};
        return mustache::data{text};
    }
    case nlohmann::json::value_t::boolean:
        return mustache::data{json.get<bool>()};
    case nlohmann::json::value_t::null:
        return mustache::data{false};
    default:
        return mustache::data{json.dump()};
    }
}

/// The view, with the catalogue behind names that begin with "t.".
class PageContext final : public mustache::context<std::string> {
public:
    PageContext(mustache::data const& view, Sentences const& sentences)
        : mustache::context<std::string>{&view}, sentences_{sentences}
    {
    }

    mustache::data const* get(std::string const& name) const override
    {
        if (!name.starts_with("t.")) return mustache::context<std::string>::get(name);
        auto const found = sentences_.find(name);
        return found == sentences_.end() ? nullptr : &found->second;
    }

private:
    Sentences const& sentences_;
};

/// What kainjow writes to.
struct Sink {
    std::string out;
    Sink& operator<<(std::string const& text)
    {
        out += text;
        return *this;
    }
};

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\n')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\n')) text.remove_suffix(1);
    return text;
}

/// Replaces {{> name}} by the template of that name, and by `content` where the name is "content".
Result<std::string> expand(std::string_view source, Sources const& sources, std::string_view content, std::size_t depth)
{
    if (depth > depth_max) return internal("partials are nested without end");
    std::string out;
    while (true) {
        auto const begin = source.find("{{>");
        if (begin == std::string_view::npos) break;
        auto const end = source.find("}}", begin);
        if (end == std::string_view::npos) return internal("a partial's tag is not closed");
        out += source.substr(0, begin);
        auto const name = trimmed(source.substr(begin + 3, end - begin - 3));
        source.remove_prefix(end + 2);
        if (name == "content") {
            out += content;
            continue;
        }
        auto const found = sources.find(name);
        if (found == sources.end()) return internal(fmt::format("unknown partial {}", name));
        auto inner = expand(found->second, sources, {}, depth + 1);
        if (!inner) return inner;
        out += trimmed(*inner);
    }
    out += source;
    return out;
}

/// The layout that "{{! layout: name }}" at the start asks for; "" without one.
std::string_view layout_of(std::string_view source)
{
    constexpr std::string_view mark = "{{! layout:";
    if (!source.starts_with(mark)) return {};
    auto const end = source.find("}}");
    if (end == std::string_view::npos) return {};
    return trimmed(source.substr(mark.size(), end - mark.size()));
}

/// Indentation and empty lines cost time at every rendering and mean nothing in HTML.
std::string without_indentation(std::string_view source)
{
    std::string out;
    std::istringstream lines{std::string{source}};
    for (std::string line; std::getline(lines, line);) {
        auto const text = trimmed(line);
        if (!text.empty()) out.append(text).append("\n");
    }
    return out;
}

/// Finds what could let data out of its place. Returns the names that the template mentions.
Result<std::set<std::string>> check_tags(std::string_view source)
{
    std::set<std::string> names;
    for (auto at = source.find("{{"); at != std::string_view::npos; at = source.find("{{", at)) {
        bool const raw = source.substr(at).starts_with("{{{");
        auto const begin = at + (raw ? 3 : 2);
        auto const end = source.find("}}", begin);
        if (end == std::string_view::npos) return internal("a tag is not closed");
        auto name = trimmed(source.substr(begin, end - begin));
        if (at > 0 && source[at - 1] == '=') return internal(fmt::format("the attribute with {} is not quoted", name));
        at = end + 2;
        if (name.starts_with('!')) continue;
        if (name.starts_with('&') || name.starts_with('=')) return internal(fmt::format("{} is not allowed", name));
        if (raw && !name.ends_with("_html")) return internal(fmt::format("{} would stand unescaped", name));
        if (name.starts_with('#') || name.starts_with('^') || name.starts_with('/')) name = trimmed(name.substr(1));
        names.emplace(name);
    }
    return names;
}

} // namespace

struct Templates::Set {
    struct Page {
        mutable mustache::mustache compiled; // its render writes to itself when a template is broken, and only then
        std::set<std::string> names;
    };
    std::map<std::string, Page, std::less<>> pages;
    Sentences vi;
    Sentences en;
    std::set<std::string> sentence_keys;

    static Result<std::unique_ptr<Set>> build(Sources const& sources, Locale const& locale);
    Status add(std::string const& name, std::string const& source, Sources const& sources);
};

Status Templates::Set::add(std::string const& name, std::string const& source, Sources const& sources)
{
    auto const layout = layout_of(source);
    auto body = source;
    if (!layout.empty()) {
        auto const found = sources.find(layout);
        if (found == sources.end()) return internal(fmt::format("{}: unknown layout {}", name, layout));
        auto const content = expand(std::string_view{source}.substr(source.find("}}") + 2), sources, {}, 0);
        if (!content) return internal(fmt::format("{}: {}", name, content.error().log_text));
        auto whole = expand(found->second, sources, *content, 0);
        if (!whole) return internal(fmt::format("{}: {}", name, whole.error().log_text));
        body = *std::move(whole);
    } else {
        auto whole = expand(source, sources, {}, 0);
        if (!whole) return internal(fmt::format("{}: {}", name, whole.error().log_text));
        body = *std::move(whole);
    }
    body = without_indentation(body);

    auto names = check_tags(body);
    if (!names) return internal(fmt::format("{}: {}", name, names.error().log_text));
    mustache::mustache compiled{body};
    if (!compiled.is_valid()) return internal(fmt::format("{}: {}", name, compiled.error_message()));
    for (auto const& mentioned : *names) {
        if (mentioned.starts_with("t.")) sentence_keys.insert(mentioned.substr(2));
    }
    pages.emplace(name, Page{std::move(compiled), *std::move(names)});
    return Done{};
}

Result<std::unique_ptr<Templates::Set>> Templates::Set::build(Sources const& sources, Locale const& locale)
{
    auto set = std::make_unique<Set>();
    for (auto const& [name, source] : sources) {
        if (auto added = set->add(name, source, sources); !added) return std::move(added).error();
    }
    for (auto const& key : set->sentence_keys) {
        set->vi.emplace("t." + key, mustache::data{locale.text("vi", key, {})});
        set->en.emplace("t." + key, mustache::data{locale.text("en", key, {})});
    }
    return set;
}

namespace {

Sources sources_of(std::span<EmbeddedFile const> files)
{
    Sources sources;
    for (auto const& file : files) {
        if (!file.path.ends_with(ending)) continue;
        sources.emplace(file.path.substr(0, file.path.size() - ending.size()), file.bytes);
    }
    return sources;
}

Sources sources_of(std::filesystem::path const& folder)
{
    Sources sources;
    for (auto const& entry : std::filesystem::recursive_directory_iterator{folder}) {
        if (!entry.is_regular_file() || entry.path().extension() != ending) continue;
        std::ifstream file{entry.path(), std::ios::binary};
        std::string bytes{std::istreambuf_iterator<char>{file}, {}};
        auto name = std::filesystem::relative(entry.path(), folder).generic_string();
        name.resize(name.size() - ending.size());
        sources.emplace(std::move(name), std::move(bytes));
    }
    return sources;
}

} // namespace

Templates::Templates() = default;
Templates::Templates(Templates&&) noexcept = default;
Templates& Templates::operator=(Templates&&) noexcept = default;
Templates::~Templates() = default;

Result<Templates> Templates::load(std::span<EmbeddedFile const> files, Locale const& locale)
{
    auto set = Set::build(sources_of(files), locale);
    if (!set) return std::move(set).error();
    Templates templates;
    templates.set_ = *std::move(set);
    templates.locale_ = &locale;
    return templates;
}

Result<Templates> Templates::load_folder(std::filesystem::path folder, Locale const& locale)
{
    auto set = Set::build(sources_of(folder), locale);
    if (!set) return std::move(set).error();
    Templates templates;
    templates.set_ = *std::move(set);
    templates.folder_ = std::move(folder);
    templates.locale_ = &locale;
    return templates;
}

std::string Templates::render(std::string_view name, std::string_view language, nlohmann::json const& view) const
{
    std::unique_ptr<Set> fresh;
    if (!folder_.empty()) {
        auto read = Set::build(sources_of(folder_), *locale_);
        if (!read) throw std::logic_error{read.error().log_text};
        fresh = *std::move(read);
    }
    auto const& set = fresh ? *fresh : *set_;
    auto const found = set.pages.find(name);
    if (found == set.pages.end()) throw std::logic_error{fmt::format("no template {}", name)};
    auto const data = to_data(view);
    PageContext context{data, language == "en" ? set.en : set.vi};
    Sink sink;
    found->second.compiled.render(context, sink);
    return std::move(sink.out);
}

bool Templates::has(std::string_view name) const { return set_->pages.contains(name); }

bool Templates::mentions(std::string_view name, std::string_view view_name) const
{
    auto const found = set_->pages.find(name);
    return found != set_->pages.end() && found->second.names.contains(std::string{view_name});
}

std::vector<std::string> Templates::names() const
{
    std::vector<std::string> out;
    for (auto const& [name, page] : set_->pages) out.push_back(name);
    return out;
}

std::vector<std::string> Templates::sentence_keys() const
{
    return {set_->sentence_keys.begin(), set_->sentence_keys.end()};
}

} // namespace nguon::server
