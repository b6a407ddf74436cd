#pragma once

#include "core/result.hpp"
#include "core/runtime/endpoint.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace nguon {

/// [serve]: the public side of the service.
struct ServeSettings {
    std::vector<Endpoint> http = {};               // none in file, environment and options: 127.0.0.1:8080
    std::vector<Endpoint> https = {};              // need tls.certificate and tls.key
    std::string public_url = {};                   // what stands in printed codes; no slash at the end
    std::vector<std::string> former_hosts = {};    // hosts of codes printed earlier; still ours
    std::vector<std::string> trusted_proxies = {}; // IP addresses whose Forwarded headers count
};

/// [tls]: the certificate of the https addresses.
struct TlsSettings {
    std::filesystem::path certificate = {}; // PEM, the chain after it
    std::filesystem::path key = {};         // PEM, not encrypted, 0600
};

/// [database]
struct DatabaseConfig {
    std::string url = {};                     // postgres://…; empty: SQLite in the data directory
    std::filesystem::path password_file = {}; // its first line is the PostgreSQL password
    unsigned readers = 4;
    unsigned writers = 4; // PostgreSQL only
};

/// [connector]
struct ConnectorSettings {
    bool enabled = true;
    std::string witness_url = {};                 // who countersigns the delivery log; empty: nobody
    std::string witness_key = {};                 // its public key: NAME+ID+KEY
    std::filesystem::path witness_authority = {}; // who signs its certificate, PEM; empty: the system's
};

/// One [[target]]: a portal that records are delivered to. Only the file can name targets.
struct TargetSettings {
    std::string name = {};                  // unique; stands in tables and logs
    std::string title = {};                 // what people call it; empty: after the adapter
    std::string adapter = "most";           // most, epcis, file
    std::string url = {};                   // https://host[:port][/path]; for "file" a directory
    std::filesystem::path certificate = {}; // ours, PEM
    std::filesystem::path key = {};         // of the certificate; for "file" the Ed25519 key that signs bundles
    std::filesystem::path authority = {};   // who signs the portal's certificate, PEM; empty: the system's authorities
    std::vector<std::string> pins = {};     // SHA-256 of public keys (SPKI), base64 or hexadecimal
    std::filesystem::path receipt_key = {}; // public key that verifies receipts, PEM
    std::filesystem::path mapping = {};     // JSON of paths and field names; the official guide may differ from ours
    std::filesystem::path client_secret_file = {};
    std::string secret_header = "Authorization"; // epcis: where the secret goes; Authorization carries it as Bearer
    std::string bundle_format = "ndjson";        // file: ndjson (every record type) or epcis (events as a document)
    std::int64_t keep_days = 90;                 // file: bundles and receipt files, after the receipts were stored
};

/// [alarms]: who is told of trouble besides the pages.
struct AlarmSettings {
    std::string email_server = {};                  // smtp://host:587 (STARTTLS) or smtps://host:465; empty: no mail
    std::string email_user = {};                    // empty: without signing in
    std::filesystem::path email_password_file = {}; // its first line is the password
    std::filesystem::path email_authority = {};     // who signs the mail server's certificate, PEM; empty: the system's
    std::string email_from = {};
    std::vector<std::string> email_to = {};
    std::string webhook_url = {};                   // https://…; http:// to loopback only; empty: none
    std::filesystem::path webhook_secret_file = {}; // its first line signs what is sent
    std::filesystem::path webhook_authority = {};
};

/// [workers]: how many threads and processes. 0 means: by the number of processors.
struct WorkerSettings {
    unsigned io_threads = 0;
    unsigned cpu_threads = 0;
    unsigned cpu_queue = 256;
    unsigned decode_processes = 2;
    unsigned decode_queue = 64;
};

/// [limits]: those of core/limits.hpp that an installation may set.
struct LimitSettings {
    std::uint64_t connections = 10'000;
    std::chrono::seconds handler_time{30};
    std::chrono::seconds drain_time{10};
};

/// [disk]
struct DiskSettings {
    bool watch = true; // false: no ballast, no refusals before the disk is full, no alarm
};

/// [log]
struct LogSettings {
    std::string level = "info"; // debug, info, warning, error
};

/// [metrics]: a listener of its own, without sign-in; keep it inside.
struct MetricsSettings {
    std::optional<Endpoint> listen = {};
};

/// [province]
struct ProvinceSettings {
    std::string code = "12"; // of the administrative catalogue: Lai Châu
};

/// [practice]: an installation for learning; pages and labels carry the mark of illustrative data.
struct PracticeSettings {
    bool enabled = false;
};

struct Settings {
    ServeSettings serve = {};
    TlsSettings tls = {};
    DatabaseConfig database = {};
    ConnectorSettings connector = {};
    std::vector<TargetSettings> targets = {};
    AlarmSettings alarms = {};
    WorkerSettings workers = {};
    LimitSettings limits = {};
    DiskSettings disk = {};
    LogSettings log = {};
    MetricsSettings metrics = {};
    ProvinceSettings province = {};
    PracticeSettings practice = {};
};

/// Names and values as in `environ`.
using Environment = std::map<std::string, std::string>;

/// The variables of this process that begin with "NGUON_".
Environment nguon_environment();

/// Defaults, then the TOML file, then NGUON_SECTION_NAME (lists separated by commas). Variables of one word after
/// NGUON_ADMIN_ belong to commands and are left alone. Errors: one "invalid" with every fault; pointers are
/// "serve.http", "target.0.url", "NGUON_SERVE_HTTP" or "file", keys begin with "config.".
Result<Settings> load_settings(std::optional<std::filesystem::path> const& file, Environment const& environment);

/// The rules between settings (https needs a certificate, targets need an address …); also part of `load_settings`,
/// and asked again after command-line options have changed something.
std::vector<FieldError> check_settings(Settings const& settings);

/// The faults in English, one a line, for the command line.
std::string describe_faults(Error const& error);

/// Every setting with its default and a sentence on it, as a TOML file that can be loaded.
std::string example_settings();

} // namespace nguon
