#pragma once

#include "core/embedded.hpp"
#include "core/result.hpp"

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace nguon::server {

class Locale;

/// The pages' templates: Mustache, compiled once.
///
/// - `{{name}}`, `{{#list}}…{{/list}}`, `{{^none}}…{{/none}}`, `{{a.b}}` read the view (JSON). null, false, "" and []
///   count as absent; numbers print as they are.
/// - `{{t.batch.title}}` is the sentence "batch.title" in the page's language.
/// - `{{> partials/field}}` takes in another template, at load time.
/// - `{{! layout: layout_console }}` on the first line puts the page in the place of `{{> content}}` of that layout.
/// - Everything is escaped, so attributes are always quoted. `{{{name}}}` is refused at load except for names that end
///   in `_html`, which C++ code makes and vouches for.
class Templates {
public:
    /// Errors (internal): a template that does not parse, an unknown partial, an unquoted attribute, raw output.
    static Result<Templates> load(std::span<EmbeddedFile const> files, Locale const& locale);

    /// `--dev`: reads the folder again for every page.
    static Result<Templates> load_folder(std::filesystem::path folder, Locale const& locale);

    Templates(Templates&&) noexcept;
    Templates& operator=(Templates&&) noexcept;
    ~Templates();

    /// Renders "console/batches" (without ending). An unknown name is a bug (throws std::logic_error). Thread-safe.
    std::string render(std::string_view name, std::string_view language, nlohmann::json const& view) const;

    bool has(std::string_view name) const;
    /// True when the template, with its layout and partials, mentions this name of the view.
    bool mentions(std::string_view name, std::string_view view_name) const;
    /// Every sentence key that some template shows, sorted.
    std::vector<std::string> sentence_keys() const;
    /// Names of all templates, sorted.
    std::vector<std::string> names() const;

private:
    struct Set;
    Templates();

    std::unique_ptr<Set> set_;
    std::filesystem::path folder_;
    Locale const* locale_ = nullptr;
};

} // namespace nguon::server
