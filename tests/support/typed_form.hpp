#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

/// Reads forms out of pages, as far as tests ask what a person sees in them.
namespace nguon::testing {

/// Text of HTML without character references.
inline std::string unescaped(std::string text)
{
    for (auto const& [from, to] : {std::pair<std::string_view, std::string_view>{"&lt;", "<"},
                                   {"&gt;", ">"},
                                   {"&quot;", "\""},
                                   {"&apos;", "'"},
                                   {"&amp;", "&"}})
        for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
            text.replace(at, from.size(), to);
    return text;
}

/// What stands between `before` and `after`, from `start` on; nothing when one of them is missing.
inline std::optional<std::string> between(std::string_view page, std::string_view before, std::string_view after,
                                          std::size_t start = 0)
{
    auto const at = page.find(before, start);
    if (at == std::string_view::npos) return std::nullopt;
    auto const begin = at + before.size();
    auto const end = page.find(after, begin);
    if (end == std::string_view::npos) return std::nullopt;
    return unescaped(std::string{page.substr(begin, end - begin)});
}

/// What the field of that name holds on the page; nothing when there is no such field.
inline std::optional<std::string> shown_value(std::string_view page, std::string_view name)
{
    auto const at = page.find("name=\"" + std::string{name} + "\"");
    if (at == std::string_view::npos) return std::nullopt;
    auto const tag = page.rfind('<', at);
    auto const end = page.find('>', at);
    auto const head = page.substr(tag, end - tag);
    if (head.starts_with("<textarea")) return between(page, ">", "</textarea>", at);
    if (head.starts_with("<select")) {
        auto const options = page.substr(end, page.find("</select>", end) - end);
        auto const selected = options.find("\" selected");
        if (selected == std::string_view::npos) return std::string{};
        auto const quote = options.rfind('"', selected - 1);
        return unescaped(std::string{options.substr(quote + 1, selected - quote - 1)});
    }
    if (head.find("type=\"radio\"") != std::string_view::npos) {
        if (head.find(" checked") != std::string_view::npos) return between(head, "value=\"", "\"");
        return shown_value(page.substr(end), name).value_or("");
    }
    if (head.find("type=\"checkbox\"") != std::string_view::npos)
        return head.find(" checked") == std::string_view::npos ? "" : "1";
    return between(head, "value=\"", "\"").value_or("");
}

/// The sentence at the field, without its sign; nothing when the field has no fault.
inline std::optional<std::string> fault_at(std::string_view page, std::string_view name)
{
    auto const at = page.find("id=\"f-" + std::string{name} + "-error\"");
    if (at == std::string_view::npos) return std::nullopt;
    return between(page, "</span> ", "</p>", at);
}

} // namespace nguon::testing
