#include "core/runtime/config.hpp"

#include "core/limits.hpp"
#include "core/runtime/settings_table.hpp"

#include <algorithm>
#include <set>

#include <unistd.h>

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

namespace nguon {
namespace {

using settings_table::Input;

struct Loader {
    Settings settings = {};
    std::vector<FieldError> faults = {};

    void fault(std::string pointer, std::string key, std::vector<std::string> values = {})
    {
        faults.push_back(FieldError{std::move(pointer), std::move(key), std::move(values)});
    }
};

Input input_of(toml::node const& node)
{
    if (auto const* const text = node.as_string()) return Input{text->get()};
    if (auto const* const number = node.as_integer()) return Input{number->get()};
    if (auto const* const flag = node.as_boolean()) return Input{flag->get()};
    if (auto const* const array = node.as_array()) {
        std::vector<std::string> texts;
        for (auto const& element : *array) {
            auto const* const text = element.as_string();
            if (!text) return Input{};
            texts.push_back(text->get());
        }
        return Input{std::move(texts)};
    }
    return Input{};
}

void read_targets(Loader& loader, toml::node const& node)
{
    auto const* const list = node.as_array();
    if (!list) return loader.fault("target", "config.expected_tables");
    for (std::size_t i = 0; i < list->size(); ++i) {
        auto const pointer = "target." + std::to_string(i);
        auto const* const table = list->get(i)->as_table();
        if (!table) {
            loader.fault(pointer, "config.expected_tables");
            continue;
        }
        TargetSettings target;
        for (auto const& [key, value] : *table) {
            auto const name = std::string{key.str()};
            auto const* const setting = settings_table::find_target(name);
            if (!setting) {
                loader.fault(pointer + "." + name, "config.unknown");
            } else if (auto const wrong = setting->assign(target, input_of(value)); !wrong.empty()) {
                loader.fault(pointer + "." + name, wrong);
            }
        }
        loader.settings.targets.push_back(std::move(target));
    }
}

void read_section(Loader& loader, std::string const& section, toml::table const& table)
{
    for (auto const& [key, value] : table) {
        auto const name = std::string{key.str()};
        auto const* const setting = settings_table::find(section, name);
        if (!setting) {
            loader.fault(section + "." + name, "config.unknown");
        } else if (auto const wrong = setting->assign(loader.settings, input_of(value)); !wrong.empty()) {
            loader.fault(section + "." + name, wrong);
        }
    }
}

void read_file(Loader& loader, std::filesystem::path const& file)
{
    std::error_code missing;
    if (!std::filesystem::is_regular_file(file, missing)) {
        return loader.fault("file", "config.file_unreadable", {file.string()});
    }
    auto const parsed = toml::parse_file(file.string());
    if (!parsed) {
        auto const& error = parsed.error();
        return loader.fault(
            "file", "config.syntax",
            {file.string(), std::to_string(error.source().begin.line), std::string{error.description()}});
    }
    for (auto const& [key, value] : parsed.table()) {
        auto const section = std::string{key.str()};
        if (section == "target") {
            read_targets(loader, value);
        } else if (!settings_table::is_section(section)) {
            loader.fault(section, "config.unknown");
        } else if (auto const* const table = value.as_table()) {
            read_section(loader, section, *table);
        } else {
            loader.fault(section, "config.expected_section");
        }
    }
}

void read_environment(Loader& loader, Environment const& environment)
{
    for (auto const& [variable, text] : environment) {
        if (!variable.starts_with("NGUON_") || variable.starts_with("NGUON_ADMIN_")) continue;
        auto const* const setting = settings_table::find_variable(variable);
        if (!setting) {
            loader.fault(variable, "config.unknown");
        } else if (auto const wrong = setting->assign(loader.settings, Input{settings_table::FromEnvironment{text}});
                   !wrong.empty()) {
            loader.fault(variable, wrong);
        }
    }
}

bool is_file_name_safe(std::string const& name)
{
    return !name.empty() && name.size() <= 64 &&
           std::ranges::all_of(name, [](unsigned char c) { return std::isalnum(c) || c == '-' || c == '_'; });
}

void check_target(Loader& loader, std::size_t index, TargetSettings const& target)
{
    auto const pointer = "target." + std::to_string(index) + ".";
    if (!is_file_name_safe(target.name)) loader.fault(pointer + "name", "config.target_name");
    if (target.url.empty()) loader.fault(pointer + "url", "config.missing");
    if (target.adapter == "file") return;
    if (!target.url.empty() && !target.url.starts_with("https://")) loader.fault(pointer + "url", "config.https_url");
    if (target.certificate.empty() != target.key.empty()) {
        loader.fault(pointer + (target.key.empty() ? "key" : "certificate"), "config.certificate_and_key");
    }
}

bool is_mail_address(std::string_view text)
{
    auto const at = text.find('@');
    bool const shaped = at != 0 && at != std::string_view::npos && at + 1 < text.size() && text.size() <= 254;
    return shaped && std::ranges::all_of(text, [](unsigned char c) {
               return c > ' ' && c < 0x7F && c != '<' && c != '>' && c != ',' && c != '"';
           });
}

void check_mail(Loader& loader, AlarmSettings const& alarms)
{
    if (alarms.email_server.empty()) return;
    std::string const section = "alarms.";
    bool const known = alarms.email_server.starts_with("smtp://") || alarms.email_server.starts_with("smtps://");
    // A name in the address would hide which host it leads to; names have settings of their own.
    bool const plain = alarms.email_server.find('@') == std::string::npos && !alarms.email_server.ends_with("//");
    if (!known || !plain) loader.fault(section + "email_server", "config.smtp_url");
    if (!is_mail_address(alarms.email_from)) loader.fault(section + "email_from", "config.mail_address");
    if (alarms.email_to.empty()) loader.fault(section + "email_to", "config.missing");
    if (alarms.email_to.size() > limits::notice_receivers_max) loader.fault(section + "email_to", "config.too_many");
    if (!std::ranges::all_of(alarms.email_to, is_mail_address))
        loader.fault(section + "email_to", "config.mail_address");
    if (!alarms.email_user.empty() && alarms.email_password_file.empty())
        loader.fault(section + "email_password_file", "config.missing");
}

void check_webhook(Loader& loader, AlarmSettings const& alarms)
{
    auto const& url = alarms.webhook_url;
    if (url.empty()) return;
    std::string const section = "alarms.";
    auto const here = [&](std::string_view host) {
        if (!url.starts_with(host)) return false;
        auto const rest = std::string_view{url}.substr(host.size());
        return rest.empty() || rest.front() == ':' || rest.front() == '/';
    };
    bool const loopback = here("http://127.0.0.1") || here("http://[::1]") || here("http://localhost");
    if (!url.starts_with("https://") && !loopback) loader.fault(section + "webhook_url", "config.webhook_url");
    if (alarms.webhook_secret_file.empty()) loader.fault(section + "webhook_secret_file", "config.missing");
}

} // namespace

Environment nguon_environment()
{
    Environment found;
    for (char** entry = environ; entry && *entry; ++entry) {
        std::string_view const text{*entry};
        auto const equals = text.find('=');
        if (equals != std::string_view::npos && text.starts_with("NGUON_")) {
            found.emplace(text.substr(0, equals), text.substr(equals + 1));
        }
    }
    return found;
}

std::vector<FieldError> check_settings(Settings const& settings)
{
    Loader loader;
    auto const& tls = settings.tls;
    if (!settings.serve.https.empty() && (tls.certificate.empty() || tls.key.empty())) {
        loader.fault(tls.certificate.empty() ? "tls.certificate" : "tls.key", "config.https_needs_certificate");
    } else if (tls.certificate.empty() != tls.key.empty()) {
        loader.fault(tls.key.empty() ? "tls.key" : "tls.certificate", "config.certificate_and_key");
    }
    std::set<std::string> names;
    for (std::size_t i = 0; i < settings.targets.size(); ++i) {
        check_target(loader, i, settings.targets[i]);
        if (!names.insert(settings.targets[i].name).second) {
            loader.fault("target." + std::to_string(i) + ".name", "config.target_repeated");
        }
    }
    check_mail(loader, settings.alarms);
    check_webhook(loader, settings.alarms);
    return loader.faults;
}

Result<Settings> load_settings(std::optional<std::filesystem::path> const& file, Environment const& environment)
{
    Loader loader;
    if (file) read_file(loader, *file);
    read_environment(loader, environment);
    auto between = check_settings(loader.settings);
    loader.faults.insert(loader.faults.end(), between.begin(), between.end());
    if (!loader.faults.empty()) return invalid_fields(std::move(loader.faults));
    return std::move(loader.settings);
}

std::string describe_faults(Error const& error)
{
    if (error.fields.empty()) {
        auto text = settings_table::sentence(error.key);
        for (auto const& value : error.values) text += " " + value;
        return text + "\n";
    }
    std::string out;
    for (auto const& field : error.fields) {
        out += field.pointer + ": " + settings_table::sentence(field.key);
        for (std::size_t i = 0; i < field.values.size(); ++i) out += (i == 0 ? " (" : ", ") + field.values[i];
        out += field.values.empty() ? "\n" : ")\n";
    }
    return out;
}

} // namespace nguon
