#include "db/installation.hpp"

namespace nguon::db::installation {

std::optional<Installation> find(Connection& c)
{
    auto const rows = c.query("SELECT id, province_code, public_url, illustrative, created_at FROM installation");
    if (rows.empty()) return std::nullopt;
    auto const& row = rows.front();
    return Installation{row.text(0), row.text(1), row.text(2), row.flag(3), row.instant(4)};
}

void insert(Connection& c, Installation const& installation)
{
    c.execute("INSERT INTO installation (id, province_code, public_url, illustrative, created_at)"
              " VALUES ($1, $2, $3, $4, $5)",
              {installation.id, installation.province_code, installation.public_url, installation.illustrative,
               installation.created_at});
}

void set_public_url(Connection& c, std::string_view public_url, std::string_view host, Instant at)
{
    c.execute("UPDATE installation SET public_url = $1", {public_url});
    c.execute("INSERT INTO public_host (host, since) VALUES ($1, $2) ON CONFLICT (host) DO NOTHING", {host, at});
}

void set_province(Connection& c, std::string_view province_code)
{
    c.execute("UPDATE installation SET province_code = $1", {province_code});
}

void set_illustrative(Connection& c) { c.execute("UPDATE installation SET illustrative = 1"); }

std::vector<std::string> public_hosts(Connection& c)
{
    std::vector<std::string> out;
    for (auto const& row : c.query("SELECT host FROM public_host ORDER BY since, host")) out.push_back(row.text(0));
    return out;
}

} // namespace nguon::db::installation
