#include "server/pages/scan_count.hpp"

#include "core/bytes.hpp"
#include "server/app/scan_counter.hpp"

#include <algorithm>
#include <array>

#include <sodium/crypto_generichash.h>

namespace nguon::server::pages {
namespace {

constexpr std::size_t device_bytes = 9; // 12 characters

/// Link previews of chats and crawlers are no consumers.
bool is_robot(std::string_view agent)
{
    static constexpr std::array words{
        "bot",      "Bot",   "crawl",  "spider",   "facebookexternalhit", "WhatsApp", "preview",
        "Zalo-Web", "curl/", "python", "Telegram", "Headless-Preview"};
    return std::ranges::any_of(words, [&](char const* word) { return agent.find(word) != std::string_view::npos; });
}

/// Tells devices apart for one day; the key dies with the process, so nobody can link them later.
std::string device_of(http::Request const& request, http::Peer const& client, Instant now)
{
    static auto const key = random_bytes(crypto_generichash_KEYBYTES);
    auto const text = to_iso(vietnam_date(now)) + client.address + std::string{request.header("User-Agent")};
    std::array<unsigned char, crypto_generichash_BYTES_MIN> digest{};
    crypto_generichash(digest.data(), digest.size(), reinterpret_cast<unsigned char const*>(text.data()), text.size(),
                       reinterpret_cast<unsigned char const*>(key.data()), key.size());
    return to_base64url({reinterpret_cast<char const*>(digest.data()), device_bytes});
}

} // namespace

void count_scan(Services& services, http::Request const& request, http::Peer const& client, std::string const& subject)
{
    if (subject.empty() || request.method != http::Method::get) return;
    if (!request.header("Sec-Purpose").empty() || !request.header("Purpose").empty()) return;
    if (is_robot(request.header("User-Agent"))) return;
    auto const now = services.clock.now();
    services.scans.add(subject, device_of(request, client, now), now);
}

} // namespace nguon::server::pages
