#pragma once

#include <cstdlib>

namespace nguon::testing {

/// Whether long tests are to be long: at night (TESTS_NIGHTLY), unless a sanitizer makes everything ten times slower.
inline bool is_nightly()
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return false;
#else
    return std::getenv("TESTS_NIGHTLY") != nullptr;
#endif
}

} // namespace nguon::testing
