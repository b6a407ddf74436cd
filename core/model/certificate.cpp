#include "core/model/certificate.hpp"

#include <nlohmann/json.hpp>

namespace nguon {
namespace {

constexpr int expiring_days = 30;

} // namespace

CertificateState state_on(Certificate const& certificate, Date day)
{
    if (auto const from = parse_date(certificate.valid_from); from && day < *from) return CertificateState::not_yet;
    auto const to = parse_date(certificate.valid_to);
    if (!to) return CertificateState::valid;
    if (*to < day) return CertificateState::expired;
    return days_between(day, *to) <= expiring_days ? CertificateState::expiring : CertificateState::valid;
}

std::string_view to_text(CertificateState state)
{
    switch (state) {
    case CertificateState::valid:
        return "valid";
    case CertificateState::expiring:
        return "expiring";
    case CertificateState::expired:
        return "expired";
    case CertificateState::not_yet:
        return "not_yet";
    case CertificateState::revoked:
        break;
    }
    return "revoked";
}

Certificate read_certificate(JsonReader& in)
{
    std::vector<Choice<std::string_view>> kinds;
    for (auto const kind : certificate_kinds) kinds.push_back({kind, kind});

    Certificate out;
    out.kind = in.choice<std::string_view>("kind", kinds);
    out.name = in.optional_text("name", 120).value_or("");
    out.number = in.text("number", 60);
    out.issuer = in.text("issuer", 200);
    out.scope = in.optional_text("scope", 300).value_or("");
    auto const from = in.optional_date("valid_from");
    auto const to = in.optional_date("valid_to");
    if (from) out.valid_from = to_iso(*from);
    if (to) out.valid_to = to_iso(*to);
    if (from && to && *to < *from) in.fault("valid_to", "certificate.ends_before_start");
    return out;
}

nlohmann::json to_json(Certificate const& certificate)
{
    return {{"kind", certificate.kind},         {"name", certificate.name},   {"number", certificate.number},
            {"issuer", certificate.issuer},     {"scope", certificate.scope}, {"valid_from", certificate.valid_from},
            {"valid_to", certificate.valid_to}, {"files", certificate.files}};
}

Certificate certificate_from_json(nlohmann::json const& json)
{
    Certificate out;
    out.kind = json.value("kind", "");
    out.name = json.value("name", "");
    out.number = json.value("number", "");
    out.issuer = json.value("issuer", "");
    out.scope = json.value("scope", "");
    out.valid_from = json.value("valid_from", "");
    out.valid_to = json.value("valid_to", "");
    out.files = json.value("files", std::vector<std::string>{});
    return out;
}

} // namespace nguon
