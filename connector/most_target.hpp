#pragma once

#include "connector/most_settings.hpp"
#include "connector/target.hpp"

#include <memory>
#include <string>
#include <vector>

namespace nguon::connector {

/// The MOST-style portal: a bearer token from the sign-in endpoint beside mutual TLS, look-up and link before creating,
/// create (or update) and then confirm, errors under HTTP 200.
class MostTarget final : public Target {
public:
    explicit MostTarget(MostSettings settings);

    std::string const& name() const override { return settings_.name; }
    std::string probe_url() const override { return settings_.api_url; }
    std::size_t records_max() const override { return settings_.records_max; }
    std::unique_ptr<Conversation> begin(std::vector<Record> records) override;

    MostSettings const& settings() const { return settings_; }

private:
    friend class MostConversation;

    /// The bearer token, shared by all conversations.
    struct Token {
        std::string value = {};
        Instant expires_at = {};
    };

    MostSettings settings_;
    Token token_;
};

} // namespace nguon::connector
