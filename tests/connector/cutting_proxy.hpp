#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include <openssl/ssl.h>

namespace nguon::connector::testing {

/// Where and how a connection ends.
struct Cut {
    enum class Direction { to_portal, to_client };
    enum class Ending {
        reset,  // RST to both sides
        closed, // FIN to both sides; a proxy that ends TLS says goodbye before
    };

    Direction direction = Direction::to_portal;
    std::size_t after = 0; // bytes of that direction are passed on, and no more of either
    Ending ending = Ending::reset;
};

/// Stands on loopback between a client and the practice portal, one connection at a time, and cuts one of them at the
/// very byte it is told. Either it passes on what it gets, or it ends TLS on both sides and counts plain text.
class CuttingProxy {
public:
    enum class Layer { tcp, plain_text };

    /// `certs`: as certs/make_dev_certs.sh makes them, for Layer::plain_text.
    CuttingProxy(std::uint16_t portal_port, Layer layer, std::filesystem::path const& certs);
    ~CuttingProxy();
    CuttingProxy(CuttingProxy const&) = delete;
    CuttingProxy& operator=(CuttingProxy const&) = delete;

    std::uint16_t port() const { return port_; }

    /// Counting begins anew; the next connection is cut, those after it are not.
    void arm(std::optional<Cut> cut);

    struct Seen {
        std::size_t to_portal = 0; // bytes passed on
        std::size_t to_client = 0;
        std::size_t connections = 0;
        bool cut = false;
    };
    Seen seen() const;

private:
    class Side;
    using Context = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;

    void serve();
    void carry(Side& client, Side& portal, std::optional<Cut> cut);
    /// False when the connection is over.
    bool pass(Side& from, Side& to, Cut::Direction direction, std::optional<Cut> const& cut);

    std::uint16_t portal_port_;
    Context to_client_{nullptr, &SSL_CTX_free}; // null: TLS passes through
    Context to_portal_{nullptr, &SSL_CTX_free};
    int listener_ = -1;
    std::uint16_t port_ = 0;
    mutable std::mutex mutex_; // guards the next two
    std::optional<Cut> next_cut_;
    Seen seen_;
    std::atomic<bool> stopping_ = false;
    std::thread thread_;
};

} // namespace nguon::connector::testing
