#pragma once

#include <cassert>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace nguon {

/// What kind of failure it is; decides the HTTP status and the exit code.
enum class ErrorCode {
    invalid,
    unauthenticated,
    forbidden,
    not_found,
    conflict,
    too_large,
    rate_limited,
    unavailable,
    internal,
};

/// One fault of the input: a JSON pointer or form field name, and the catalogue key of the sentence that explains it.
struct FieldError {
    std::string pointer = {};
    std::string key = {};
    std::vector<std::string> values = {}; // {0}, {1} … of the sentence

    bool operator==(FieldError const&) const = default;
};

/// An expected failure.
struct Error {
    ErrorCode code = ErrorCode::internal;
    std::string key = "internal";         // "batch.exists": problem type, and its text in vi.json and en.json
    std::vector<std::string> values = {}; // what the text mentions
    std::string log_text = {};            // for the log only, never sent
    std::vector<FieldError> fields = {};
};

inline Error invalid(std::string key, std::vector<std::string> values = {})
{
    return Error{ErrorCode::invalid, std::move(key), std::move(values), {}, {}};
}

/// A refusal that names every fault found; `fields` must not be empty.
inline Error invalid_fields(std::vector<FieldError> fields)
{
    assert(!fields.empty());
    return Error{ErrorCode::invalid, "invalid", {}, {}, std::move(fields)};
}

inline Error conflict(std::string key, std::vector<std::string> values = {})
{
    return Error{ErrorCode::conflict, std::move(key), std::move(values), {}, {}};
}

inline Error not_found(std::string key) { return Error{ErrorCode::not_found, std::move(key), {}, {}, {}}; }

inline Error forbidden(std::string key) { return Error{ErrorCode::forbidden, std::move(key), {}, {}, {}}; }

inline Error unavailable(std::string key, std::string log_text = {})
{
    return Error{ErrorCode::unavailable, std::move(key), {}, std::move(log_text), {}};
}

inline Error internal(std::string log_text)
{
    return Error{ErrorCode::internal, "internal", {}, std::move(log_text), {}};
}

/// The value of a `Status` that succeeded.
struct Done {
    bool operator==(Done const&) const = default;
};

/// Either a `T` or an `Error`. Looks like `std::expected`; the default state is an internal error, which Asio needs.
template <typename T>
class [[nodiscard]] Result {
public:
    using value_type = T;

    Result() : state_{std::in_place_index<1>} {}
    Result(T value) : state_{std::in_place_index<0>, std::move(value)} {}
    Result(Error error) : state_{std::in_place_index<1>, std::move(error)} {}

    bool ok() const { return state_.index() == 0; }
    explicit operator bool() const { return ok(); }

    T& operator*() &
    {
        assert(ok());
        return std::get<0>(state_);
    }
    T const& operator*() const&
    {
        assert(ok());
        return std::get<0>(state_);
    }
    T&& operator*() &&
    {
        assert(ok());
        return std::get<0>(std::move(state_));
    }
    T* operator->() { return &**this; }
    T const* operator->() const { return &**this; }

    Error const& error() const&
    {
        assert(!ok());
        return std::get<1>(state_);
    }
    Error&& error() &&
    {
        assert(!ok());
        return std::get<1>(std::move(state_));
    }

    T value_or(T fallback) const& { return ok() ? std::get<0>(state_) : std::move(fallback); }

private:
    std::variant<T, Error> state_;
};

using Status = Result<Done>;

} // namespace nguon
