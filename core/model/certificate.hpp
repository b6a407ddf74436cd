#pragma once

#include "core/ids.hpp"
#include "core/json.hpp"
#include "core/time.hpp"

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace nguon {

inline constexpr std::array<std::string_view, 13> certificate_kinds{"vietgap",
                                                                    "globalgap",
                                                                    "organic",
                                                                    "haccp",
                                                                    "iso22000",
                                                                    "gacp",
                                                                    "geographical_indication",
                                                                    "certification_mark",
                                                                    "food_safety",
                                                                    "self_declaration",
                                                                    "ocop",
                                                                    "test_report",
                                                                    "other"};

struct Certificate {
    std::string kind = {};
    std::string name = {};
    std::string number = {};
    std::string issuer = {};
    std::string scope = {};
    std::string valid_from = {}; // ISO dates
    std::string valid_to = {};
    std::vector<std::string> files = {}; // SHA-256

    bool operator==(Certificate const&) const = default;
};

/// Whether the paper holds on a day. Computed, never stored.
enum class CertificateState { valid, expiring, expired, not_yet, revoked };

/// `expiring`: valid, but for 30 days at most.
CertificateState state_on(Certificate const& certificate, Date day);
std::string_view to_text(CertificateState state);

/// Faults go to the reader: "certificate.ends_before_start".
Certificate read_certificate(JsonReader& in);
nlohmann::json to_json(Certificate const& certificate);
Certificate certificate_from_json(nlohmann::json const& json);

} // namespace nguon
