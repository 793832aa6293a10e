#include "net/pool.hpp"

#include <algorithm>

namespace vitrine::net {

std::unique_ptr<Connection> Origin::take(std::chrono::milliseconds idle_timeout) {
    const auto oldest = std::chrono::steady_clock::now() - idle_timeout;
    while (!idle.empty()) {
        auto connection = std::move(idle.back());
        idle.pop_back();
        if (connection->idle_since >= oldest && connection->usable()) return connection;
    }
    return nullptr;
}

void Origin::drop_stale(std::chrono::milliseconds idle_timeout) {
    const auto oldest = std::chrono::steady_clock::now() - idle_timeout;
    std::erase_if(idle, [oldest](const auto& connection) {
        return connection->idle_since < oldest || !connection->usable();
    });
}

std::shared_ptr<Origin> Pool::origin(const BaseUrl& base, const std::string& partition) {
    auto& origin = origins_[Key(base.tls, base.host, base.port, partition)];
    if (!origin) origin = std::make_shared<Origin>(limit_);
    return origin;
}

bool Pool::sweep(std::chrono::milliseconds idle_timeout) {
    bool left = false;
    std::erase_if(origins_, [&](auto& entry) {
        Origin& origin = *entry.second;
        origin.drop_stale(idle_timeout);
        left = left || !origin.idle.empty();
        return origin.idle.empty() && entry.second.use_count() == 1;
    });
    return left;
}

void Pool::close() {
    for (auto& [key, origin] : origins_) {
        origin->idle.clear();
        origin->gate->send_away();
    }
}

}  // namespace vitrine::net
