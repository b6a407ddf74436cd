#pragma once

#include "core/runtime/config.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// The one list of settings: how each is named, read and explained. `config.cpp` walks through it.
namespace nguon::settings_table {

/// A variable's text, which stands for any type; lists are separated by commas.
struct FromEnvironment {
    std::string text = {};
};

/// What the file or the environment says; monostate is a value of a type that no setting takes.
using Input = std::variant<std::monostate, std::string, std::int64_t, bool, std::vector<std::string>, FromEnvironment>;

struct Setting {
    std::string section = {};
    std::string name = {};
    std::string help = {};    // English, one sentence, for the example file
    std::string example = {}; // the default as TOML
    /// Empty when it worked, else the key of the fault.
    std::function<std::string(Settings&, Input const&)> assign = {};
};

struct TargetSetting {
    std::string name = {};
    std::string help = {};
    std::string example = {};
    std::function<std::string(TargetSettings&, Input const&)> assign = {};
};

std::span<Setting const> all();
std::span<TargetSetting const> all_target();

/// Null when there is none.
Setting const* find(std::string_view section, std::string_view name);
Setting const* find_variable(std::string_view variable);
TargetSetting const* find_target(std::string_view name);
bool is_section(std::string_view section);

/// "NGUON_SERVE_PUBLIC_URL"
std::string variable_name(Setting const& setting);

/// The English sentence of a fault's key.
std::string sentence(std::string_view key);

} // namespace nguon::settings_table
