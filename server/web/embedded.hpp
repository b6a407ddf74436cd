#pragma once

#include "core/embedded.hpp"

/// Files of server/web that are part of the program (see server/CMakeLists.txt).
namespace nguon::embedded {

std::span<EmbeddedFile const> templates();
std::span<EmbeddedFile const> locale();
std::span<EmbeddedFile const> static_files();
/// deploy/catalogues
std::span<EmbeddedFile const> catalogues();
/// deploy/provinces
std::span<EmbeddedFile const> provinces();
/// deploy/plans
std::span<EmbeddedFile const> plans();
/// deploy/plans/demo
std::span<EmbeddedFile const> plan_demos();
/// deploy/screens
std::span<EmbeddedFile const> screens();

} // namespace nguon::embedded
