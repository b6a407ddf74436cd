#include "core/http/message.hpp"

#include <algorithm>
#include <cassert>
#include <fstream>
#include <stdexcept>

namespace nguon::http {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_name(std::string_view a, std::string_view b)
{
    return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

// A line end in a value would let it write further fields, or a second answer.
[[maybe_unused]] bool is_one_line(std::string_view text)
{
    return text.find_first_of(std::string_view{"\r\n\0", 3}) == std::string_view::npos;
}

} // namespace

std::string_view to_text(Method method)
{
    switch (method) {
    case Method::get:
        return "GET";
    case Method::head:
        return "HEAD";
    case Method::post:
        return "POST";
    case Method::put:
        return "PUT";
    case Method::patch:
        return "PATCH";
    case Method::delete_:
        return "DELETE";
    case Method::options:
        return "OPTIONS";
    }
    return "GET";
}

void Headers::add(std::string name, std::string value)
{
    assert(is_one_line(name) && is_one_line(value));
    fields_.emplace_back(std::move(name), std::move(value));
}

void Headers::set(std::string name, std::string value)
{
    remove(name);
    add(std::move(name), std::move(value));
}

void Headers::remove(std::string_view name)
{
    std::erase_if(fields_, [name](auto const& field) { return same_name(field.first, name); });
}

std::string_view Headers::get(std::string_view name) const
{
    auto const found =
        std::ranges::find_if(fields_, [name](auto const& field) { return same_name(field.first, name); });
    return found == fields_.end() ? std::string_view{} : std::string_view{found->second};
}

bool Headers::has(std::string_view name) const
{
    return std::ranges::any_of(fields_, [name](auto const& field) { return same_name(field.first, name); });
}

Body Body::spooled(std::filesystem::path file, std::uint64_t size)
{
    auto const remove = [](std::filesystem::path const* path) {
        std::error_code gone;
        std::filesystem::remove(*path, gone);
        delete path;
    };
    Body body;
    body.file_ = std::shared_ptr<std::filesystem::path const>{new std::filesystem::path{std::move(file)}, remove};
    body.size_ = size;
    return body;
}

std::string Body::bytes() const
{
    if (!file_) return bytes_;
    std::ifstream in{*file_, std::ios::binary};
    std::string bytes(size_, '\0');
    in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (!in) throw std::runtime_error{"a spooled body cannot be read"};
    return bytes;
}

} // namespace nguon::http
