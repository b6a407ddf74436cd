#include "core/runtime/settings_table.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <limits>
#include <map>
#include <optional>

namespace nguon::settings_table {
namespace {

// Readers: the value, or nothing and the key of the fault.
template <typename T>
struct Read {
    std::optional<T> value = {};
    std::string fault = {};
};

Read<std::string> read_text(Input const& input)
{
    if (auto const* const text = std::get_if<std::string>(&input)) return {*text, {}};
    if (auto const* const text = std::get_if<FromEnvironment>(&input)) return {text->text, {}};
    return {{}, "config.expected_text"};
}

Read<std::int64_t> read_number(Input const& input)
{
    if (auto const* const number = std::get_if<std::int64_t>(&input)) return {*number, {}};
    if (auto const* const variable = std::get_if<FromEnvironment>(&input)) {
        std::int64_t number = 0;
        auto const* const last = variable->text.data() + variable->text.size();
        auto const [end, fault] = std::from_chars(variable->text.data(), last, number);
        if (fault == std::errc{} && end == last && !variable->text.empty()) return {number, {}};
    }
    return {{}, "config.expected_number"};
}

Read<bool> read_flag(Input const& input)
{
    if (auto const* const flag = std::get_if<bool>(&input)) return {*flag, {}};
    if (auto const* const variable = std::get_if<FromEnvironment>(&input)) {
        if (variable->text == "true") return {true, {}};
        if (variable->text == "false") return {false, {}};
    }
    return {{}, "config.expected_flag"};
}

std::vector<std::string> split(std::string_view text)
{
    std::vector<std::string> parts;
    while (!text.empty()) {
        auto const comma = std::min(text.find(','), text.size());
        auto part = text.substr(0, comma);
        text.remove_prefix(std::min(comma + 1, text.size()));
        while (part.starts_with(' ')) part.remove_prefix(1);
        while (part.ends_with(' ')) part.remove_suffix(1);
        if (!part.empty()) parts.emplace_back(part);
    }
    return parts;
}

Read<std::vector<std::string>> read_texts(Input const& input)
{
    if (auto const* const texts = std::get_if<std::vector<std::string>>(&input)) return {*texts, {}};
    if (auto const* const text = std::get_if<std::string>(&input)) return {std::vector{*text}, {}};
    if (auto const* const variable = std::get_if<FromEnvironment>(&input)) return {split(variable->text), {}};
    return {{}, "config.expected_list"};
}

// Setters for the members of any of our structs; each returns the key of a fault, or an empty text.
template <typename Owner>
using Assign = std::function<std::string(Owner&, Input const&)>;

template <typename T>
std::string put(T& place, Read<T> read)
{
    if (read.value) place = std::move(*read.value);
    return read.fault;
}

std::string set(std::string& place, Input const& input) { return put(place, read_text(input)); }
std::string set(bool& place, Input const& input) { return put(place, read_flag(input)); }
std::string set(std::vector<std::string>& place, Input const& input) { return put(place, read_texts(input)); }

std::string set(std::filesystem::path& place, Input const& input)
{
    auto const text = read_text(input);
    if (text.value) place = *text.value;
    return text.fault;
}

std::string set(std::vector<Endpoint>& place, Input const& input)
{
    auto const texts = read_texts(input);
    if (!texts.value) return texts.fault;
    std::vector<Endpoint> endpoints;
    for (auto const& text : *texts.value) {
        auto endpoint = parse_endpoint(text);
        if (!endpoint) return endpoint.error().key;
        endpoints.push_back(*std::move(endpoint));
    }
    place = std::move(endpoints);
    return {};
}

std::string set(std::optional<Endpoint>& place, Input const& input)
{
    auto const text = read_text(input);
    if (!text.value) return text.fault;
    if (text.value->empty()) {
        place.reset();
        return {};
    }
    auto endpoint = parse_endpoint(*text.value);
    if (!endpoint) return endpoint.error().key;
    place = *std::move(endpoint);
    return {};
}

/// A number between `low` and `high`, for counts and for seconds.
template <typename Number>
std::string set_number(Number& place, Input const& input, std::int64_t low, std::int64_t high)
{
    auto const number = read_number(input);
    if (!number.value) return number.fault;
    if (*number.value < low || *number.value > high) return "config.out_of_range";
    place = Number(*number.value);
    return {};
}

std::string set_word(std::string& place, Input const& input, std::span<std::string_view const> words)
{
    auto const text = read_text(input);
    if (!text.value) return text.fault;
    if (std::ranges::find(words, *text.value) == words.end()) return "config.not_a_choice";
    place = *text.value;
    return {};
}

std::string set_public_url(std::string& place, Input const& input)
{
    auto const text = read_text(input);
    if (!text.value) return text.fault;
    if (text.value->empty()) {
        place.clear();
        return {};
    }
    auto url = read_public_url(*text.value);
    if (!url) return url.error().key;
    place = *std::move(url);
    return {};
}

constexpr std::string_view levels[] = {"debug", "info", "warning", "error"};
constexpr std::string_view adapters[] = {"most", "epcis", "file"};
constexpr std::string_view bundle_formats[] = {"ndjson", "epcis"};

/// A setting whose member's type says how it is read.
template <auto Section, auto Member>
Setting plain(char const* section, char const* name, char const* example, char const* help)
{
    return {section, name, help, example,
            [](Settings& settings, Input const& input) { return set(settings.*Section.*Member, input); }};
}

template <auto Section, auto Member>
Setting number(char const* section, char const* name, std::int64_t low, std::int64_t high, char const* example,
               char const* help)
{
    return {section, name, help, example, [low, high](Settings& settings, Input const& input) {
                return set_number(settings.*Section.*Member, input, low, high);
            }};
}

template <auto Member>
TargetSetting target(char const* name, char const* example, char const* help)
{
    return {name, help, example,
            [](TargetSettings& settings, Input const& input) { return set(settings.*Member, input); }};
}

using S = Settings;

std::vector<Setting> make_settings()
{
    return {
        plain<&S::serve, &ServeSettings::http>("serve", "http", R"(["127.0.0.1:8080"])",
                                               "Addresses for plain HTTP; numeric IP address and port."),
        plain<&S::serve, &ServeSettings::https>("serve", "https", "[]",
                                                "Addresses for HTTPS; they need [tls] certificate and key."),
        {"serve", "public_url",
         "What stands in printed codes, as https://truyxuat.example.vn; empty: the first address.", R"("")",
         [](S& s, Input const& input) { return set_public_url(s.serve.public_url, input); }},
        plain<&S::serve, &ServeSettings::former_hosts>("serve", "former_hosts", "[]",
                                                       "Host names in codes printed earlier; they still lead here."),
        plain<&S::serve, &ServeSettings::trusted_proxies>("serve", "trusted_proxies", "[]",
                                                          "IP addresses of proxies whose Forwarded fields count."),
        plain<&S::tls, &TlsSettings::certificate>("tls", "certificate", R"("")",
                                                  "PEM file of the server's certificate, its chain after it."),
        plain<&S::tls, &TlsSettings::key>("tls", "key", R"("")", "PEM file of its private key."),
        plain<&S::database, &DatabaseConfig::url>("database", "url", R"("")",
                                                  "postgres://user@host/name; empty: SQLite in the data directory."),
        plain<&S::database, &DatabaseConfig::password_file>("database", "password_file", R"("")",
                                                            "File whose first line is the PostgreSQL password."),
        number<&S::database, &DatabaseConfig::readers>("database", "readers", 1, 64, "4", "Connections that read."),
        number<&S::database, &DatabaseConfig::writers>("database", "writers", 1, 64, "4",
                                                       "Connections that write (PostgreSQL; SQLite has one)."),
        plain<&S::connector, &ConnectorSettings::enabled>("connector", "enabled", "true",
                                                          "Whether this process delivers to the targets."),
        plain<&S::connector, &ConnectorSettings::witness_url>(
            "connector", "witness_url", R"("")",
            "Address of the witness that countersigns the delivery log; empty: nobody does."),
        plain<&S::connector, &ConnectorSettings::witness_key>("connector", "witness_key", R"("")",
                                                              "Its public key, as it prints it when it starts."),
        plain<&S::connector, &ConnectorSettings::witness_authority>(
            "connector", "witness_authority", R"("")", "PEM file of who signs its certificate; empty: the system's."),
        plain<&S::alarms, &AlarmSettings::email_server>(
            "alarms", "email_server", R"("")", "Mail server: smtp://host:587 or smtps://host:465; empty: no mail."),
        plain<&S::alarms, &AlarmSettings::email_user>("alarms", "email_user", R"("")",
                                                      "Name to sign in with there; empty: without."),
        plain<&S::alarms, &AlarmSettings::email_password_file>("alarms", "email_password_file", R"("")",
                                                               "File whose first line is the password."),
        plain<&S::alarms, &AlarmSettings::email_authority>(
            "alarms", "email_authority", R"("")",
            "PEM file of who signs the mail server's certificate; empty: the system's."),
        plain<&S::alarms, &AlarmSettings::email_from>("alarms", "email_from", R"("")", "Address that mails come from."),
        plain<&S::alarms, &AlarmSettings::email_to>("alarms", "email_to", "[]", "Addresses that mails go to."),
        plain<&S::alarms, &AlarmSettings::webhook_url>(
            "alarms", "webhook_url", R"("")", "Address that gets JSON by POST, https:// or on this machine http://."),
        plain<&S::alarms, &AlarmSettings::webhook_secret_file>(
            "alarms", "webhook_secret_file", R"("")", "File whose first line is the key that signs what is posted."),
        plain<&S::alarms, &AlarmSettings::webhook_authority>(
            "alarms", "webhook_authority", R"("")",
            "PEM file of who signs that server's certificate; empty: the system's."),
        number<&S::workers, &WorkerSettings::io_threads>("workers", "io_threads", 0, 256, "0",
                                                         "Threads for connections; 0: one for each processor."),
        number<&S::workers, &WorkerSettings::cpu_threads>(
            "workers", "cpu_threads", 0, 256, "0", "Threads for drawing and hashing; 0: one for each processor."),
        number<&S::workers, &WorkerSettings::cpu_queue>("workers", "cpu_queue", 1, 100'000, "256",
                                                        "Pieces of work that may wait for these threads."),
        number<&S::workers, &WorkerSettings::decode_processes>("workers", "decode_processes", 1, 64, "2",
                                                               "Sandboxed processes that read pictures."),
        number<&S::workers, &WorkerSettings::decode_queue>("workers", "decode_queue", 1, 10'000, "64",
                                                           "Pictures that may wait for these processes."),
        number<&S::limits, &LimitSettings::connections>("limits", "connections", 1, 1'000'000, "10000",
                                                        "Connections at once; further ones get 503."),
        number<&S::limits, &LimitSettings::handler_time>("limits", "handler_time", 1, 3600, "30",
                                                         "Seconds that one request may take to be answered."),
        number<&S::limits, &LimitSettings::drain_time>("limits", "drain_time", 0, 3600, "10",
                                                       "Seconds that open requests get when the service stops."),
        plain<&S::disk, &DiskSettings::watch>(
            "disk", "watch", "true",
            "Whether the data directory's disk is watched, and taken care of before it is full."),
        {"log", "level", "debug, info, warning or error.", R"("info")",
         [](S& s, Input const& input) { return set_word(s.log.level, input, levels); }},
        plain<&S::metrics, &MetricsSettings::listen>("metrics", "listen", R"("")",
                                                     "Address of /metrics without sign-in; empty: none."),
        plain<&S::province, &ProvinceSettings::code>("province", "code", R"("12")",
                                                     "Code of the province in the administrative catalogue."),
        plain<&S::practice, &PracticeSettings::enabled>("practice", "enabled", "false",
                                                        "Whether records are illustrative and say so on every page."),
    };
}

std::vector<TargetSetting> make_target_settings()
{
    return {
        target<&TargetSettings::name>("name", R"("national")", "Letters, digits, - and _; unique."),
        target<&TargetSettings::title>("title", R"("")",
                                       "What people call it on pages; empty: by its adapter, as “Cổng quốc gia”."),
        {"adapter", "most, epcis or file.", R"("most")",
         [](TargetSettings& t, Input const& input) { return set_word(t.adapter, input, adapters); }},
        target<&TargetSettings::url>("url", R"("https://portal.example.vn")",
                                     "Where it is, for epcis with its path; for file a directory."),
        target<&TargetSettings::certificate>("certificate", R"("")", "PEM file of our certificate there."),
        target<&TargetSettings::key>("key", R"("")",
                                     "PEM file of its private key; for file the Ed25519 key that signs bundles."),
        target<&TargetSettings::authority>("authority", R"("")",
                                           "PEM file of who signs the portal's certificate; empty: the system's."),
        target<&TargetSettings::pins>("pins", "[]", "SHA-256 of public keys, one of which its chain must hold."),
        target<&TargetSettings::receipt_key>("receipt_key", R"("")", "PEM file of the key that verifies receipts."),
        target<&TargetSettings::mapping>("mapping", R"("")",
                                         "JSON file of paths and field names where the portal's differ from ours."),
        target<&TargetSettings::client_secret_file>("client_secret_file", R"("")",
                                                    "File whose first line is the secret for the portal's sign-in."),
        target<&TargetSettings::secret_header>(
            "secret_header", R"("Authorization")",
            "For epcis: header of that secret; Authorization sends it as Bearer, any other as it stands."),
        {"bundle_format", "For file: ndjson (every record type) or epcis (events as one document).", R"("ndjson")",
         [](TargetSettings& t, Input const& input) { return set_word(t.bundle_format, input, bundle_formats); }},
        {"keep_days", "For file: days that bundles and receipt files stay after their receipts were stored.", "90",
         [](TargetSettings& t, Input const& input) { return set_number(t.keep_days, input, 1, 36'500); }},
    };
}

} // namespace

std::span<Setting const> all()
{
    static auto const settings = make_settings();
    return settings;
}

std::span<TargetSetting const> all_target()
{
    static auto const settings = make_target_settings();
    return settings;
}

Setting const* find(std::string_view section, std::string_view name)
{
    auto const found = std::ranges::find_if(
        all(), [&](Setting const& setting) { return setting.section == section && setting.name == name; });
    return found == all().end() ? nullptr : &*found;
}

Setting const* find_variable(std::string_view variable)
{
    auto const found =
        std::ranges::find_if(all(), [&](Setting const& setting) { return variable_name(setting) == variable; });
    return found == all().end() ? nullptr : &*found;
}

TargetSetting const* find_target(std::string_view name)
{
    auto const found =
        std::ranges::find_if(all_target(), [&](TargetSetting const& setting) { return setting.name == name; });
    return found == all_target().end() ? nullptr : &*found;
}

bool is_section(std::string_view section)
{
    return std::ranges::any_of(all(), [&](Setting const& setting) { return setting.section == section; });
}

std::string variable_name(Setting const& setting)
{
    auto name = "NGUON_" + setting.section + "_" + setting.name;
    std::ranges::transform(name, name.begin(),
                           [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    return name;
}

std::string sentence(std::string_view key)
{
    static std::map<std::string_view, char const*> const sentences = {
        {"config.unknown", "there is no such setting"},
        {"config.expected_text", "must be a text"},
        {"config.expected_number", "must be a whole number"},
        {"config.expected_flag", "must be true or false"},
        {"config.expected_list", "must be a list of texts"},
        {"config.expected_section", "must be a section"},
        {"config.expected_tables", "must be written as [[target]]"},
        {"config.out_of_range", "is out of range"},
        {"config.not_a_choice", "is none of the possible words"},
        {"config.endpoint", "must be an IP address and a port, as 127.0.0.1:8080 or [::1]:8080"},
        {"config.public_url", "must be http:// or https:// and a host, with :port when needed"},
        {"config.https_url", "must begin with https://"},
        {"config.smtp_url", "must be smtp:// or smtps:// and a host, with :port when needed"},
        {"config.webhook_url", "must begin with https://, or with http:// on this machine"},
        {"config.mail_address", "must be an address as ten@example.vn"},
        {"config.too_many", "holds too many"},
        {"config.missing", "must be set"},
        {"config.target_name", "must be letters, digits, - and _, at most 64"},
        {"config.target_repeated", "is the name of an earlier target"},
        {"config.certificate_and_key", "certificate and key must be set together"},
        {"config.https_needs_certificate", "must be set, because serve.https names an address"},
        {"config.file_unreadable", "cannot be read"},
        {"config.syntax", "is not valid TOML"},
    };
    auto const found = sentences.find(key);
    return found == sentences.end() ? std::string{key} : found->second;
}

} // namespace nguon::settings_table

namespace nguon {

std::string example_settings()
{
    std::string out = "# Every setting with its default. A variable NGUON_SECTION_NAME overrides the file.\n";
    std::string section;
    for (auto const& setting : settings_table::all()) {
        if (setting.section != section) out += "\n[" + setting.section + "]\n";
        section = setting.section;
        out += "# " + setting.help + "\n" + setting.name + " = " + setting.example + "\n";
    }
    out += "\n# A portal that records are delivered to; repeat the section for each.\n# [[target]]\n";
    for (auto const& setting : settings_table::all_target()) {
        out += "# " + setting.name + " = " + setting.example + " # " + setting.help + "\n";
    }
    return out;
}

} // namespace nguon
