#pragma once

#include <map>
#include <memory>
#include <tuple>
#include <vector>

#include "net/connection.hpp"
#include "net/gate.hpp"

namespace vitrine::net {

/// The connections that belong together: same scheme, host, port and partition.
struct Origin {
    explicit Origin(std::size_t limit) : gate(std::make_shared<Gate>(limit)) {}

    /// A pooled connection that is still usable, the most recently used first; null if there is
    /// none.
    std::unique_ptr<Connection> take(std::chrono::milliseconds idle_timeout);
    void drop_stale(std::chrono::milliseconds idle_timeout);

    std::shared_ptr<Gate> gate;
    std::vector<std::unique_ptr<Connection>> idle;
};

/// All origins.
class Pool {
public:
    explicit Pool(std::size_t connections_per_origin) : limit_(connections_per_origin) {}

    std::shared_ptr<Origin> origin(const BaseUrl& base, const std::string& partition);
    /// Closes what is idle for too long or was closed by the peer. False: nothing is left to watch.
    bool sweep(std::chrono::milliseconds idle_timeout);
    /// Closes what is idle, and sends away who waits.
    void close();

private:
    using Key = std::tuple<bool, std::string, std::uint16_t, std::string>;

    std::size_t limit_;
    std::map<Key, std::shared_ptr<Origin>> origins_;
};

}  // namespace vitrine::net
