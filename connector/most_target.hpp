#pragma once

#include "connector/catalogues.hpp"
#include "connector/most_settings.hpp"
#include "connector/target.hpp"

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <nlohmann/json.hpp>

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

    std::unique_ptr<Reconciliation> reconcile(ReconcileRange range) override;
    ReconcileReach reach() const override;
    Catalogues* catalogues() override { return settings_.catalogues.empty() ? nullptr : &catalogues_; }
    std::unique_ptr<CatalogueFetch> fetch_catalogues() override;
    Catalogues const& known_catalogues() const { return catalogues_; }

    MostSettings const& settings() const { return settings_; }

    /// The request for a new bearer token, when the one at hand has run out.
    std::optional<Request> sign_in(Instant now) const;
    /// Keeps the token that the answer brings, or says why it brings none.
    std::optional<Reading> take_token(Answer const& answer, Instant now);
    void drop_token() { token_ = {}; }

    /// With the token. `path` stands behind the base path; without a body the media type is empty.
    Request request(http::Method method, std::string path, std::string body = {}, std::string media_type = {}) const;
    /// The list of the answer's body, or what it says instead under HTTP 200.
    using Data = std::variant<nlohmann::json, Reading>;
    Data read_data(Answer const& answer);

private:
    /// The bearer token, shared by all conversations.
    struct Token {
        std::string value = {};
        Instant expires_at = {};
    };

    MostSettings settings_;
    Catalogues catalogues_;
    Token token_;
};

} // namespace nguon::connector
