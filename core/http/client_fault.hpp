#pragma once

#include "core/http/client.hpp"
#include "core/http/stream.hpp"

#include <boost/system/error_code.hpp>

namespace nguon::http {

/// What a failed connect, handshake, read or write means. `connected` is false until the handshake is done.
ClientFailure classify(Stream& stream, boost::system::error_code error, bool connected);

} // namespace nguon::http
