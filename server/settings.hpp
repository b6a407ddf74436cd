#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace nguon::server {

/// What the service needs to know about its installation; `cli` fills it from the configuration and the database.
struct ServiceSettings {
    std::string public_url = "http://127.0.0.1:8080"; // stands in printed codes; without a slash at the end
    std::vector<std::string> public_hosts = {};       // hosts that stand in codes already printed
    std::string https_url = {};                       // where sign-in is safe, "https://192.168.1.5:8443"; or empty
    std::string province_code = "12";
    std::string province_name = "Lai Châu";
    std::string official_domain = {}; // the only host people should trust; empty: public_url's
    std::string help_phone = {};
    std::vector<std::string> alarm_channels = {};  // besides the pages: email, webhook
    std::string log_key = {};                      // public key of the delivery log; empty: it is not signed
    bool illustrative = false;                     // demo data: every page says so
    std::vector<std::string> trusted_proxies = {}; // addresses whose X-Forwarded-* fields count
    bool hsts = false;                             // with a certificate that is not the development one
    bool dev = false;                              // --dev

    std::chrono::minutes session_idle{12 * 60};
    std::chrono::minutes session_life{7 * 24 * 60};
    std::chrono::hours slip_life{7 * 24};
};

} // namespace nguon::server
